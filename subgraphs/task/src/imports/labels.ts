// Labels by name for the rows of a batch; those that the project does not have yet are made.
import { DomainError } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { checkLabelName, defaultColor, projectLabelLimit } from '../commands/check-label.js';
import { LabelEntity, type LabelRow } from '../entities/label.js';
import { fold } from '../filter/fold.js';

export interface Labels {
  /** Label ids in one order, or what is wrong with a name. */
  find(names: readonly string[]): string[] | { problem: string };
  /** Folded names by id, as events carry them. */
  names: Map<string, string>;
}

/** Most labels of one task. */
const taskLabelLimit = 50;

/** The caller holds the lock of the project's labels. In a dry run nothing is made, only judged. */
export async function openLabels(tx: WriteTransaction, project: { id: string; scopeId: string } | null, wanted: readonly string[], createdAs: string, dryRun: boolean): Promise<Labels> {
  const byKey = new Map<string, string>();
  const problems = new Map<string, string>();
  // Of two spellings the first counts.
  const keys = new Map(wanted.toReversed().map((name) => [fold(name), name]));
  if (project && keys.size > 0) {
    const present = await tx.query<{ id: string; key: string; going: boolean; total: number }>(
      `select l.id, l.name_key as key, exists (select 1 from follow_ups r where r.label_id = l.id) as going, n.total
       from (select count(*)::int as total from labels where scope_id = $1) n left join labels l on l.scope_id = $1 and l.name_key = any ($2)`,
      [project.scopeId, [...keys.keys()]],
    );
    let total = present[0]?.total ?? 0;
    const fresh: LabelRow[] = [];
    for (const { id, key, going } of present) if (id) (going ? problems : byKey).set(key, going ? `${keys.get(key) ?? ''} is being deleted` : id);
    for (const [key, name] of keys) {
      if (byKey.has(key) || problems.has(key)) continue;
      const problem = problemOf(name) ?? (total >= projectLabelLimit ? `${name} would be one label more than the ${projectLabelLimit} of a project` : null);
      if (problem) problems.set(key, problem);
      else {
        const label: LabelRow = { id: newId(), scopeId: project.scopeId, projectId: project.id, name, nameKey: key, color: defaultColor, createdAs };
        fresh.push(label);
        byKey.set(key, label.id);
        total += 1;
      }
    }
    if (!dryRun && fresh.length > 0) await tx.manager.insert(LabelEntity, fresh);
  }
  return {
    names: new Map([...byKey].map(([key, id]) => [id, key])),
    find(names) {
      if (names.length === 0) return [];
      if (!project) return { problem: 'only tasks of a project have labels' };
      if (names.length > taskLabelLimit) return { problem: `must name at most ${taskLabelLimit} labels` };
      const ids: string[] = [];
      for (const name of names) {
        const problem = problems.get(fold(name));
        if (problem) return { problem };
        ids.push(byKey.get(fold(name)) as string);
      }
      return [...new Set(ids)].toSorted();
    },
  };
}

function problemOf(name: string): string | null {
  try {
    checkLabelName(name);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [field] = error.details.fields ?? [];
    return `${name.slice(0, 80)} ${typeof field === 'object' ? field.message : 'is no name of a label'}`;
  }
}
