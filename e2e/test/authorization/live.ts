// Subscriptions over real web sockets: one of each row for every column.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Answer } from '../client.js';
import type { Column } from './cells.js';
import type { LiveRow } from './rows-live.js';
import type { Ask, Target } from './row.js';
import { missingId, type World } from './world.js';

interface Listener {
  received: Answer[];
  ended: boolean;
  close(): Promise<void>;
}

/** Listens with the token in connection_init, or as nobody. */
async function listen(url: string, accessToken: string | null, { document, variables }: Ask): Promise<Listener> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0,
    ...(accessToken ? { connectionParams: { Authorization: `Bearer ${accessToken}` } } : {}),
  });
  const listener: Listener = { received: [], ended: false, close: async () => void (await client.dispose()) };
  client.subscribe(
    { query: document, variables },
    {
      next: (answer) => void listener.received.push(answer as Answer),
      error: (error) => void listener.received.push({ data: null, errors: error as never }),
      complete: () => void (listener.ended = true),
    },
  );
  return listener;
}

export interface LiveWalked {
  cells: number;
  problems: string[];
}

/**
 * Everybody listens; then something happens until all who are let in have heard of it. By then the others have been
 * refused, and whoever hears of it without being let in is a leak.
 */
export async function walkLive(world: World, row: LiveRow): Promise<LiveWalked> {
  const target = (await row.target?.(world, null, null)) ?? {};
  const entries = Object.entries(row.cells) as [Column, string][];
  const tokenOf = (column: Column) => (column === 'anonymous' ? null : world.people[column].accessToken);
  const listeners = await Promise.all(entries.map(async ([column, expected]) => ({ column, expected, listener: await listen(world.url, tokenOf(column), row.ask(target, null)) })));
  // The stranger is told the same of what does not exist.
  const missing = await listen(world.url, tokenOf('stranger'), row.ask(strange(target), null));
  const name = `${row.operation} (${row.what})`;
  const problems: string[] = [];
  try {
    const hears = listeners.filter(({ column, expected }) => expected === 'data' && (!target['hears'] || target['hears'].split(',').includes(column)));
    await eventually(async () => {
      await row.happen(world, target);
      return hears.every(({ listener }) => listener.received.length > 0);
    }, { intervalMs: 300 }).catch(() => problems.push(`${name}: not everybody heard of it`));
    await eventually(() => listeners.every(({ expected, listener }) => expected === 'data' || listener.received.length > 0)).catch(() => problems.push(`${name}: not everybody was refused`));
    for (const { column, expected, listener } of listeners) {
      const text = JSON.stringify(listener.received);
      const found = listener.received[0]?.errors?.[0]?.extensions['code'] ?? 'data';
      if (found !== expected) problems.push(`${name} as ${column}: expected ${expected}, got ${text.slice(0, 300)}`);
      for (const { word, readers } of world.words) if (text.includes(word) && !readers.includes(column)) problems.push(`${name} as ${column}: shows ${word}`);
    }
    const refused = listeners.find(({ column, expected }) => column === 'stranger' && expected !== 'data');
    if (refused && 'id' in target) {
      await eventually(() => missing.received.length > 0);
      if (plain(refused.listener.received) !== plain(missing.received)) problems.push(`${name}: tells a foreign id from a missing one`);
    }
    return { cells: entries.length, problems };
  } finally {
    await Promise.all([...listeners.map(({ listener }) => listener.close()), missing.close()]);
  }
}

const strange = (target: Target): Target => ('id' in target ? { ...target, id: missingId() } : target);
const plain = (answers: Answer[]): string => JSON.stringify(answers, (key, value: unknown) => (key === 'requestId' ? undefined : value));
