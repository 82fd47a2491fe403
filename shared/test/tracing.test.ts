// What leaves the process as a trace, which traces are begun, and that a collector that is away harms nobody. Real spans, sent to a
// receiver of the test's own; the last test alone has none.
import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTracing } from '../src/config.js';
import { createHttpServer } from '../src/http-server.js';
import { newTraceId } from '../src/ids.js';
import { startCollector, type Collector } from '../src/testing/collector.js';
import { eventually } from '../src/testing/eventually.js';
import { freePort } from '../src/testing/ports.js';
import { shownSql } from '../src/tracing/export.js';
import { samplerOf, startSdk } from '../src/tracing/sdk.js';
import { followTraces, inRootSpan, inSpan, inThisTrace, traceFields, traceparent, underTrace } from '../src/tracing/spans.js';
import type { Tracing } from '../src/tracing/start.js';

const log = pino({ level: 'silent' });
const outside = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
let collector: Collector;
let tracing: Tracing;

beforeAll(async () => {
  collector = await startCollector();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50';
  // Before: nothing happens, and nothing is needed for that.
  expect(await inRootSpan('too early', newTraceId(), async () => [traceparent(), traceFields()])).toEqual([null, {}]);
  tracing = startSdk({ process: 'test', settings: readTracing(), log });
});
afterAll(async () => {
  await tracing.stop();
  await collector.close();
});

const sent = (id: string, count: number) => eventually(() => (collector.spansOf(id).length >= count ? collector.spansOf(id) : null));

test('of attributes only those on the list are sent, of failures only codes', async () => {
  const id = newTraceId();
  const failure = Object.assign(new Error('mail to eve@example.org bounced'), { code: 'EENVELOPE' });
  await inRootSpan('outer', id, async () => {
    trace.getActiveSpan()?.setAttributes({ 'http.route': '/graphql', 'bullmq.job.result': 'a secret result' });
    trace.getActiveSpan()?.recordException(failure);
    trace.getActiveSpan()?.addEvent('note', { text: 'a secret note' });
    await inSpan('inner', { attributes: { 'taskgraph.subgraph': 'task', 'graphql.document': '{ aSecretDocument }' } }, () => Promise.reject(failure)).catch(() => undefined);
  });
  const spans = await sent(id, 2);
  expect(Object.fromEntries(spans.map(({ name, attributes }) => [name, attributes]))).toEqual({
    'test: outer': { 'http.route': '/graphql' },
    'test: inner': { 'taskgraph.subgraph': 'task', 'error.type': 'EENVELOPE' },
  });
  expect(collector.text()).not.toMatch(/secret|eve@/i);
});

test.each([
  ['select *\n  from tasks where id = $1', 'select * from tasks where id = $1'],
  [`select set_config('app.viewer', '0198', true), 'it''s'`, `select set_config('?', '?', true), '?'`],
  [`select 'a${'b'.repeat(3_000)}c' from t`, `select '?'`],
])('a statement is shown without what stands in quotes', (sql, shown) => {
  expect(shownSql(sql)).toBe(shown);
});

test('only what begins a trace on purpose does: what libraries do in the background makes none', async () => {
  expect(trace.getTracer('a library').startSpan('poll').isRecording()).toBe(false);
  await underTrace(undefined, 'nobody asked', {}, async () => expect(traceparent()).toBeNull());
});

describe('OTEL_TRACES_SAMPLER', () => {
  const decide = (sampler: string, ratio: number, parentFlags?: number) => {
    const parent = parentFlags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: parentFlags, isRemote: true });
    return samplerOf({ sampler, ratio }).shouldSample(parent, newTraceId(), 'x', 1, {}, []).decision === SamplingDecision.RECORD_AND_SAMPLED;
  };
  test.each([
    ['parentbased_always_on', 1, undefined, true],
    ['parentbased_always_on', 1, TraceFlags.NONE, false],
    ['parentbased_always_off', 1, undefined, false],
    ['parentbased_always_off', 1, TraceFlags.SAMPLED, true],
    ['always_on', 1, TraceFlags.NONE, true],
    ['always_off', 1, TraceFlags.SAMPLED, false],
    ['parentbased_traceidratio', 0, undefined, false],
    ['traceidratio', 1, TraceFlags.NONE, true],
  ])('%s at %d with the flags %o of a parent keeps: %o', (sampler, ratio, flags, kept) => {
    expect(decide(sampler, ratio, flags)).toBe(kept);
  });
});

describe('an HTTP request', () => {
  const ask = async (tracesFrom: 'always' | 'never' | 'proxy', headers: Record<string, string>) => {
    const app = createHttpServer({ logger: log, missing: async () => [], tracesFrom });
    let inside: string | null = null;
    app.post('/here', async (request) => {
      inside = traceparent();
      return { id: request.id };
    });
    try {
      const { headers: answered } = await app.inject({ method: 'POST', url: '/here', headers, payload: { some: 'body' } });
      return { id: answered['x-request-id'] as string, trace: (inside as string | null)?.split('-')[1] };
    } finally {
      await app.close();
    }
  };

  test('begins a trace of the id that it is given itself', async () => {
    const { id, trace: own } = await ask('never', {});
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(own).toBe(id);
  });

  test('from outside chooses neither by traceparent nor by x-request-id the id of its trace', async () => {
    expect((await ask('never', { traceparent: outside })).trace).not.toBe('a'.repeat(32));
    const named = await ask('never', { 'x-request-id': 'e'.repeat(32) });
    expect(named.id).toBe('e'.repeat(32));
    expect(named.trace).toMatch(/^(?!e{32})[0-9a-f]{32}$/);
  });

  test('goes on with a trace that a trusted proxy vouches for, or begins one', async () => {
    expect(await ask('proxy', { traceparent: outside })).toEqual({ id: 'a'.repeat(32), trace: 'a'.repeat(32) });
    expect((await ask('proxy', { traceparent: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01` })).trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  });

  test('from another process belongs to the trace it brings, and to none without', async () => {
    expect(await ask('always', { traceparent: outside, 'x-request-id': 'request-4711' })).toEqual({ id: 'request-4711', trace: 'a'.repeat(32) });
    expect((await ask('always', {})).trace).toBeUndefined();
  });
});

test('events of one batch go on in their own traces, and what they cause after the commit too', async () => {
  const [first, second] = [newTraceId(), newTraceId()];
  const parents = await Promise.all([first, second].map((id) => inRootSpan('write', id, async () => traceparent() as string)));
  let later: (() => void) | undefined;
  let caused: string | null = null;
  await followTraces({ consumer: 'stats', source: 'task' }, [{ type: 'task.created', traceParent: parents[0] }, { type: 'task.created' }, { type: 'task.moved', traceParent: parents[1] }], async () => {
    later = inThisTrace(() => (caused = traceparent()));
  });
  context.with(ROOT_CONTEXT, () => later?.());
  expect(caused).toContain(first);
  expect((await sent(first, 2)).map(({ name }) => name).toSorted()).toEqual(['test: apply task.created', 'test: write']);
  expect((await sent(second, 2)).map(({ name }) => name).toSorted()).toEqual(['test: apply task.moved', 'test: write']);
});

test('a collector that is away neither delays the work nor holds up the end', async () => {
  await tracing.stop();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${await freePort()}`;
  const away = startSdk({ process: 'test', settings: readTracing(), log });
  for (let times = 0; times < 3_000; times += 1) await inRootSpan('work', newTraceId(), async () => undefined);
  const began = performance.now();
  await away.stop();
  expect(performance.now() - began).toBeLessThan(15_000);
});
