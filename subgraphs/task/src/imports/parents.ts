// Which task the parent column of a row means: a row further up in the file, or a task that is there already.
import { isUuid } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { fold } from '../filter/fold.js';
import type { RowValues } from './row-values.js';

export interface ParentTask {
  id: string;
  /** How many tasks lie above it. */
  depth: number;
}

type Key = { key: string } & ParentTask;

const refForm = /^[A-Za-z0-9]{2,10}-\d{1,9}$/;

/** What other rows may call this one by. */
export function keysOf(row: RowValues): string[] {
  const { ref, id, title } = row;
  return [...(ref ? [`ref:${fold(ref)}`] : []), ...(id ? [`id:${fold(id)}`] : []), `title:${fold(title)}`];
}

export interface Parents {
  /** Null where nothing of that name is there, or nothing that may have subtasks. */
  find(name: string): ParentTask | null;
  /** A row has become a task, or would in a dry run. */
  add(row: RowValues, task: ParentTask): void;
  /** Keys of the rows added. */
  added(): Key[];
  /** Parents that were there before this batch. */
  existing: Set<string>;
}

/** Looks up the parents that a batch names; call with the import's lock held. Rows of the batch itself are added as they come. */
export async function openParents(tx: WriteTransaction, importId: string, scopeId: string, names: readonly string[], dryRun: boolean): Promise<Parents> {
  const wanted = [...new Set(names)];
  const known = new Map<string, ParentTask>();
  const fresh = new Map<string, ParentTask>();
  if (wanted.length > 0) {
    const keys = wanted.flatMap((name) => ['ref', 'id', 'title'].map((kind) => `${kind}:${fold(name)}`));
    const rows = await tx.query<Key>('select key, task_id as id, depth from import_keys where import_id = $1 and key = any ($2)', [importId, keys]);
    for (const { key, id, depth } of rows) known.set(key, { id, depth });
    const depths = await depthsIn(tx, scopeId, [...wanted.filter(isUuid), ...(dryRun ? [] : rows.map((row) => row.id))], wanted.filter((name) => refForm.test(name)));
    // What became of a row of this file since: it may be in the trash or elsewhere by now.
    if (!dryRun) for (const [key, { id }] of known) known.set(key, { id: depths.has(id) ? id : '', depth: depths.get(id)?.depth ?? 0 });
    for (const { id, ref, depth } of depths.values()) {
      for (const key of [`id:${id}`, ...(ref ? [`ref:${fold(ref)}`] : [])]) if (!known.has(key)) known.set(key, { id, depth });
    }
  }
  const lookUp = (key: string) => fresh.get(key) ?? known.get(key);
  return {
    find(name) {
      const found = lookUp(`ref:${fold(name)}`) ?? lookUp(`id:${fold(name)}`) ?? lookUp(`title:${fold(name)}`);
      return found?.id ? found : null;
    },
    add(row, task) {
      for (const key of keysOf(row)) fresh.set(key, task);
    },
    added: () => [...fresh].map(([key, task]) => ({ key, ...task })),
    existing: new Set([...known.values()].map((task) => task.id).filter((id) => id !== '')),
  };
}

/** Tasks of the scope that are not in the trash, by id; old refs find them too. */
async function depthsIn(tx: WriteTransaction, scopeId: string, ids: string[], refs: string[]): Promise<Map<string, ParentTask & { ref: string | null }>> {
  const rows = await tx.query<ParentTask & { ref: string | null }>(
    `with recursive up (start, ref, parent_id, depth) as (
       select t.id, coalesce(p.ref, t.ref), t.parent_id, 0
       from tasks t left join past_refs p on p.task_id = t.id and p.ref = any ($3)
       where (t.id = any ($1::uuid[]) or t.ref = any ($3) or p.ref is not null) and t.scope_id = $2 and t.deleted_at is null
       union all
       select up.start, up.ref, t.parent_id, up.depth + 1 from tasks t join up on t.id = up.parent_id where up.depth < 50
     ) select start as id, ref, max(depth) as depth from up group by start, ref`,
    [ids, scopeId, refs.map((ref) => ref.toUpperCase())],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
