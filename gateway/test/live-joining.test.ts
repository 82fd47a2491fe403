// Who comes to a group of live readers, and when: nobody is told twice of anything, and nobody misses anything, in whatever order
// they come and go (RULES §4). The log is a list here, so that the test says what happens between two looks at it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parse } from 'graphql';
import { setImmediate as turn } from 'node:timers/promises';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import type { GatewayContext } from '../src/context.js';
import { createGroup } from '../src/subscriptions/live-group.js';
import { createLogReader } from '../src/subscriptions/live-log.js';
import { toLiveQuery } from '../src/subscriptions/live-query.js';
import type { Step } from '../src/subscriptions/live-steps.js';
import { createOutlet } from '../src/subscriptions/outlet.js';
import { nextFrames } from '../src/subscriptions/socket-frames.js';
import { createTurns } from '../src/subscriptions/turns.js';
import { createWakeSignal } from '../src/subscriptions/wake-signal.js';

const query = toLiveQuery(parse('subscription { taskChanges(scope: { projectId: "p" }) { cursor } }'));
const context = (id: string): GatewayContext => ({ viewer: { id, role: 'MEMBER', sessionId: id }, requestId: id, idempotencyKey: null });

/** A log of numbers; `gate` is awaited before it is said who may see what was read. */
function openLog() {
  const log: number[] = [];
  const stopping = new AbortController();
  const signal = createWakeSignal();
  const failures: unknown[] = [];
  let gate = (): Promise<void> => Promise.resolve();
  const page = async (_viewer: GatewayContext, place: string): Promise<Step> => {
    const events = log.filter((n) => n > Number(place)).map((n) => ({ node: { cursor: String(n) }, errors: undefined, cursor: String(n), kind: 'UPDATED', taskId: 't', home: null }));
    return { kind: 'moved', events, place: String(log.at(-1) ?? 0), more: false, ended: false };
  };
  const shared = { whoMay: async (ids: string[]) => gate().then(() => new Set(ids)), isSame: () => true };
  const group = createGroup({ query, page, shared, signal, stop: stopping.signal, broke: (error) => failures.push(error) });
  return {
    failures,
    write(n: number) {
      log.push(n);
      signal.wake();
    },
    /** Holds back the next answer until it is let go. */
    hold(): () => void {
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      gate = () => {
        gate = () => Promise.resolve();
        return held;
      };
      return letGo;
    },
    stop: () => stopping.abort(),
    reader(id: string, after: string) {
      const told: string[] = [];
      const outlet = createOutlet({
        pipe: { write: (bytes, sent) => (told.push(...String(bytes).split(' ')), sent()), room: () => Infinity, onReady: () => undefined },
        limits: { queueEvents: 100, queueBytes: 100_000, stallMs: 60_000 }, frame: (items) => Buffer.from(items.map(({ cursor }) => cursor).join(' ')), stalled: () => undefined,
      });
      const reader = createLogReader({ query, context: context(id), outlet, group: () => group, page, head: (viewer) => page(viewer, '0'), after, stop: { get aborted() { return stopping.signal.aborted; }, signal: stopping.signal }, finish: () => undefined, broke: (error) => failures.push(error) });
      return { ...reader, told };
    },
  };
}
async function rest(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await turn();
}

test('two who come back in the same moment, one of them from behind the other, are told once of each change', async () => {
  const log = openLog();
  log.write(1);
  const [early, late] = [log.reader('a', '0'), log.reader('b', '0')];
  const first = await early.look();
  log.write(2);
  const second = await late.look();
  early.goOn(first);
  late.goOn(second);
  await rest();
  log.write(3);
  await rest();
  expect([early.told, late.told, log.failures]).toEqual([['1', '2', '3'], ['1', '2', '3'], []]);
  log.stop();
});

test('what was read for somebody who is gone by now puts nobody back who came after them', async () => {
  const log = openLog();
  const gone = log.reader('a', '0');
  gone.goOn(await gone.look());
  await rest();
  const letGo = log.hold();
  log.write(1);
  await rest();
  gone.leave();
  const next = log.reader('b', '0');
  next.goOn(await next.look());
  await rest();
  letGo();
  await rest();
  log.write(2);
  await rest();
  expect([gone.told, next.told, log.failures]).toEqual([[], ['1', '2'], []]);
  log.stop();
});

test('and carries nobody past what they have not heard yet', async () => {
  const log = openLog();
  log.write(1);
  const [gone, next] = [log.reader('a', '0'), log.reader('b', '0')];
  gone.goOn(await gone.look());
  const first = await next.look();
  await rest();
  log.write(2);
  log.write(3);
  await rest();
  const letGo = log.hold();
  log.write(4);
  await rest();
  gone.leave();
  next.goOn(first);
  await rest();
  letGo();
  await rest();
  expect([gone.told, next.told, log.failures]).toEqual([['1', '2', '3'], ['1', '2', '3', '4'], []]);
  log.stop();
});

test.each([[2], [126], [65_536]])('results of any length are frames that a client reads, as many in one write as there are: around %i bytes', async (length) => {
  const around = '{"id":"ü","type":"next","payload":}'.length + 1;
  const items = [-1, 0, 1].map((more) => ({ body: Buffer.from(JSON.stringify('x'.repeat(Math.max(0, length + more - around - 2)))), cursor: '' }));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (_socket, request) => request.socket.write(nextFrames('ü', items)));
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: unknown[] = [];
  socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString())));
  await eventually(() => heard.length === 3);
  socket.terminate();
  server.close();
  expect(heard).toEqual(items.map(({ body }) => ({ id: 'ü', type: 'next', payload: JSON.parse(String(body)) as unknown })));
});

test('runs of one person take turns, and nobody else waits for them', async () => {
  const inTurn = createTurns(2);
  const began: string[] = [];
  const gates: (() => void)[] = [];
  const held = (name: string) => inTurn('ada', async () => {
    began.push(name);
    await new Promise<void>((resolve) => void gates.push(resolve));
  });
  const all = ['a1', 'a2', 'a3', 'a4'].map(held);
  await inTurn('bob', async () => void began.push('b1'));
  await expect(inTurn('bob', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(began).toEqual(['a1', 'a2', 'b1']);
  gates[0]?.();
  await all[0];
  await eventually(() => began.length === 4);
  gates[1]?.();
  await eventually(() => gates.length === 4);
  for (const open of gates) open();
  await Promise.all(all);
  expect(began).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
});
