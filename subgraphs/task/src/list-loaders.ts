// Lists of tasks under many parents at once: one statement for all of those that one list field is asked of.
import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { readAs } from './database.js';
import { countTasks, listTasks, type ListedTask, type ListOwners, type TaskList } from './repositories/task-repository.js';

/** The list of one scope or one person. The caller has checked that the viewer may see a scope. */
export interface ListKey {
  kind: 'scopes' | 'people';
  /** Id of the scope or of the person. */
  owner: string;
  /** The field's arguments as text: equal ones ask for the same list. Two aliases with different ones are two statements. */
  args: string;
  list: TaskList;
}

export interface ListLoaders {
  taskLists: DataLoader<ListKey, ListedTask[], string>;
  taskCounts: DataLoader<ListKey, number, string>;
}

export function createListLoaders(database: DataSource, viewerId: string): ListLoaders {
  /** Runs `read` once for each set of keys that differ in their owner alone, and answers in the order of the keys. */
  async function perList<T, A>(keys: readonly ListKey[], read: (owners: ListOwners, list: TaskList) => Promise<(T & { owner: string | null })[]>, answer: (rows: T[]) => A): Promise<A[]> {
    const groups = new Map<string, ListKey[]>();
    for (const key of keys) groups.set(groupOf(key), [...(groups.get(groupOf(key)) ?? []), key]);
    const found = new Map<string, T[]>();
    for (const [group, [key, ...others]] of groups) {
      const { kind, list, owner } = key as ListKey;
      const ids = [owner, ...others.map((other) => other.owner)];
      for (const row of await read(kind === 'scopes' ? { kind, scopes: ids, viewerId } : { kind, users: ids, viewerId }, list)) {
        const name = `${group} ${row.owner}`;
        const rows = found.get(name);
        if (rows) rows.push(row);
        else found.set(name, [row]);
      }
    }
    return keys.map((key) => answer(found.get(nameOf(key)) ?? []));
  }

  return {
    taskLists: new DataLoader(
      (keys) => perList<ListedTask, ListedTask[]>(keys, (owners, list) => readAs(database, viewerId, (rows) => listTasks(rows, owners, list)), (rows) => rows),
      { cacheKeyFn: nameOf },
    ),
    taskCounts: new DataLoader(
      (keys) => perList<{ count: number }, number>(keys, (owners, list) => readAs(database, viewerId, (rows) => countTasks(rows, owners, list)), ([row]) => row?.count ?? 0),
      { cacheKeyFn: nameOf },
    ),
  };
}

const groupOf = ({ kind, args }: ListKey): string => `${kind} ${args}`;
const nameOf = (key: ListKey): string => `${groupOf(key)} ${key.owner}`;
