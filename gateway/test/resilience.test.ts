// Breaker, bound and load watch by themselves, on a clock of the test's own where they have one.
import { createHttpServer } from '@taskgraph/shared/http-server';
import type { DomainError } from '@taskgraph/shared/errors';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createBreaker, type BreakerState } from '../src/resilience/breaker.js';
import { createPlanningLine } from '../src/supergraph/planning.js';
import { createLoadJudge, watchLoad } from '../src/resilience/load.js';
import { createSubgraphClient, keepAliveMs } from '../src/subgraph-client.js';
import { baseConfig, logger } from './support/graph.js';

describe('the breaker', () => {
  const make = (failures = 3) => {
    let time = 0;
    const seen: BreakerState[] = [];
    const breaker = createBreaker({ failures, pauseMs: 100 }, { now: () => time, changed: (state) => seen.push(state) });
    const fail = (times: number) => Array.from({ length: times }, () => breaker.failed());
    return { breaker, fail, seen, later: (ms: number) => (time += ms) };
  };

  test('opens after so many failures in a row; one success in between begins the row anew', () => {
    const { breaker, fail } = make();
    fail(2);
    breaker.succeeded();
    fail(2);
    expect(breaker.pass()).toBe(true);
    fail(1);
    expect([breaker.state(), breaker.mayPass(), breaker.pass()]).toEqual(['open', false, false]);
  });

  test('lets one try after the pause and nobody else until it is known how that went', () => {
    const { breaker, fail, later, seen } = make();
    fail(3);
    later(99);
    expect(breaker.pass()).toBe(false);
    later(1);
    expect([breaker.mayPass(), breaker.mayPass(), breaker.pass(), breaker.mayPass(), breaker.pass()]).toEqual([true, true, true, false, false]);
    fail(1);
    expect([breaker.state(), breaker.pass()]).toEqual(['open', false]);
    later(100);
    expect(breaker.pass()).toBe(true);
    breaker.succeeded();
    expect([breaker.pass(), breaker.pass()]).toEqual([true, true]);
    expect(seen).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
  });

  test('is not held open by those that were under way, and closes at any sign of life', () => {
    const { breaker, fail, later } = make();
    fail(3);
    later(90);
    fail(10);
    later(10);
    expect(breaker.pass()).toBe(true);
    fail(1);
    breaker.succeeded();
    expect(breaker.pass()).toBe(true);
  });

  test('never opens where it is turned off', () => {
    const { breaker, fail } = make(0);
    fail(1_000);
    expect(breaker.pass()).toBe(true);
  });
});

test('new documents are planned one at a time, each followed by a rest as long as it took; 200 wait, more are OVERLOADED; what the gateway runs itself waits for nobody', async () => {
  const steps: string[] = [];
  const rests: (() => void)[] = [];
  const line = createPlanningLine({ rest: (ms) => (steps.push(ms >= 0 ? 'rest' : 'no time'), new Promise<void>((resolve) => rests.push(resolve))) });
  const document = parse('{ a { b ...F ...F @skip(if: true) } } fragment F on A { c { d } }');
  const charged: number[] = [];
  const request = (context: object) => ({ document, operation: document.definitions[0], context }) as never;
  let givenBack = 0;
  const client = { chargePlanning: async (fields: number) => (charged.push(fields), async () => void (givenBack += 1)) };
  const plan = (name: string, context: object = client) => line.run(request(context), async () => (steps.push(name), name));

  const first = await plan('one');
  const second = plan('two');
  await plan('own', {});
  await eventually(() => charged.length === 2);
  expect([first, steps, charged]).toEqual(['one', ['one', 'rest', 'own'], [11, 11]]);
  rests[0]?.();
  expect(await second).toBe('two');
  expect(steps).toEqual(['one', 'rest', 'own', 'two', 'rest']);

  const many = Array.from({ length: 201 }, (_, index) => plan(`more ${index}`));
  await expect(many[200]).rejects.toMatchObject({ extensions: { code: 'OVERLOADED', retryAfter: 2, http: { status: 503 } } });
  expect(givenBack).toBe(1);
  // Whoever is signed in does not wait among strangers.
  expect(await plan('signed in', { ...client, viewer: { id: 'somebody' } })).toBe('signed in');
  for (const each of many) each.catch(() => undefined);
  const refused = line.run(request({ chargePlanning: async () => Promise.reject(new Error('too many')) }), async () => steps.push('never'));
  await expect(refused).rejects.toThrow('too many');
  expect(steps).not.toContain('never');
});

describe('the load watch', () => {
  test('refuses after three samples in a row beyond a limit, and no longer after the first below', () => {
    const judge = createLoadJudge({ lagMs: 100, memoryPercent: 80 });
    const late = { lagMs: 101, memoryPercent: 10 };
    const full = { lagMs: 0, memoryPercent: 81 };
    const fine = { lagMs: 100, memoryPercent: 80 };
    expect([late, late, fine, late, late, late, late, fine, full, full, full, fine].map(judge)).toEqual([null, null, null, null, null, 'lag', 'lag', null, null, null, 'memory', null]);
    const off = createLoadJudge({ lagMs: 0, memoryPercent: 0 });
    expect(Array.from({ length: 5 }, () => off({ lagMs: 1e9, memoryPercent: 100 }))).toEqual([null, null, null, null, null]);
  });

  test('notices an event loop that stands still again and again, and that it runs again', async () => {
    const load = watchLoad({ settings: { lagMs: 100, memoryPercent: 0 }, logger });
    while (load.reason() !== 'lag') {
      const until = performance.now() + 400;
      while (performance.now() < until);
      await nextTurn();
    }
    let refusal: unknown;
    try {
      load.check();
    } catch (error) {
      refusal = error;
    }
    expect(refusal as DomainError).toMatchObject({ code: 'OVERLOADED', details: { retryAfter: expect.any(Number) } });
    expect(load.refusals()).toBe(1);
    while (load.reason() !== null) await new Promise((resolve) => setTimeout(resolve, 20));
    load.check();
    load.stop();
  });
});

describe('keep-alive', () => {
  test('a subgraph keeps an idle connection for longer than the gateway: it closes none that is about to be used', async () => {
    const app = createHttpServer({ logger, missing: async () => [] });
    expect(app.server.keepAliveTimeout).toBeGreaterThan(keepAliveMs + 10_000);
    await app.close();
  });

  const requests = 6;
  /** Answers over how many connections so many requests came, one after the other. */
  async function connectionsOf(change: (server: Server) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((_request, response) => void response.end('{}')).on('connection', (socket: Socket) => sockets.add(socket));
    change(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = createSubgraphClient({ name: 'task', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 30_000, connections: 4, guard: baseConfig.guard, logger });
    const call = { method: 'GET', path: '/livez', headers: {}, repeatable: false } as const;
    for (let index = 0; index < requests; index += 1) {
      expect((await client.send(call)).status).toBe(200);
      // The pool takes a connection back a turn after its answer was read.
      await nextTurn();
    }
    await client.close();
    await new Promise((resolve) => server.close(resolve));
    return sockets.size;
  }

  test('a connection is used again, but none that its server says it closes soon', async () => {
    expect(await connectionsOf((server) => (server.keepAliveTimeout = 65_000))).toBeLessThan(requests);
    expect(await connectionsOf((server) => (server.keepAliveTimeout = 1_000))).toBe(requests);
  });
});
