// Which faults come when: made from the seed alone, before anything runs.
import { createDice, type Dice } from './random.js';
import type { Backend } from './system.js';

export type FaultKind = 'kill' | 'freeze' | 'redis-kill' | 'redis-wipe' | 'redis-freeze' | 'redis-full' | 'connections-ended' | 'link-delay' | 'link-blackhole' | 'link-reset' | 'link-half-close' | 'reload';

export interface Fault {
  /** Milliseconds after the load began. */
  atMs: number;
  kind: FaultKind;
  /** A process of run.json, or whoever a link leads to; 'gateway' as a link is the one live readers come by. */
  target: string;
  /** How long it lasts, in milliseconds; 0 for what is over at once. */
  forMs: number;
}

export const processNames = ['gateway', 'user', 'project', 'task', 'channel', 'stats', 'project-worker', 'user-worker', 'task-worker', 'channel-worker', 'stats-worker'] as const;
const linkNames = ['gateway', 'user', 'project', 'task', 'channel', 'stats', 'postgres'] as const;

type Card = Pick<Fault, 'kind' | 'target'>;

const redisInTurn = ['redis-wipe', 'redis-full', 'redis-freeze'] as const satisfies readonly FaultKind[];

/** One of every kill, and some of everything else; shuffled, so that every kind comes as often as the others. */
function deck(dice: Dice, backend: Backend, round: number): Card[] {
  const links: string[] = backend === 'redis' ? [...linkNames, 'redis'] : [...linkNames];
  return dice.shuffle<Card>([
    ...[...processNames, 'postgres'].map((target) => ({ kind: 'kill' as const, target })),
    ...[0, 1, 2].map(() => ({ kind: 'freeze' as const, target: dice.pick(processNames) })),
    { kind: round % 2 === 0 ? 'connections-ended' : 'freeze', target: 'postgres' },
    { kind: 'reload', target: 'gateway' },
    ...(['link-delay', 'link-blackhole', 'link-reset', 'link-half-close'] as const).map((kind) => ({ kind, target: dice.pick(links) })),
    ...(backend === 'redis' ? [{ kind: 'redis-kill' as const, target: 'redis' }, { kind: redisInTurn[round % redisInTurn.length] as FaultKind, target: 'redis' }] : []),
  ]);
}

const lasting: ReadonlySet<FaultKind> = new Set(['freeze', 'redis-kill', 'redis-freeze', 'redis-full', 'link-delay', 'link-blackhole']);

/** Faults between the beginning and the end of the load, some seconds apart. */
export function makeSchedule(seed: number, backend: Backend, loadMs: number): Fault[] {
  const dice = createDice(seed, 'faults');
  const faults: Fault[] = [];
  let cards: Card[] = [];
  for (let [atMs, round] = [1_500, 0]; atMs < loadMs; atMs += dice.between(2_000, 4_500)) {
    if (cards.length === 0) cards = deck(dice, backend, round++);
    const card = cards.pop() as Card;
    // A frozen process may outlast the lease of its jobs (10 s) now and then.
    const forMs = lasting.has(card.kind) ? (dice.chance(0.1) ? dice.between(10_000, 14_000) : dice.between(500, 5_000)) : 0;
    faults.push({ atMs, ...card, forMs });
  }
  return faults;
}

export const describeFault = ({ atMs, kind, target, forMs }: Fault): string =>
  `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind} ${target}${forMs ? ` for ${(forMs / 1_000).toFixed(1)} s` : ''}`;
