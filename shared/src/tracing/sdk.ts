// Loaded only where traces are sent: what makes spans of the API's calls, keeps some of them and sends those to a collector.
import { context, createContextKey, ROOT_CONTEXT, trace, type Attributes, type Context, type Link, type SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, RandomIdGenerator, SamplingDecision, TraceIdRatioBasedSampler,
  type IdGenerator, type ReadableSpan, type Sampler, type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { BullMQOtel } from 'bullmq-otel';
import type { Logger } from 'pino';
import type { TracingSettings } from '../config.js';
import { cleaned } from './export.js';
import { begin } from './spans.js';
import type { Tracing } from './start.js';

/** How long the end of a process waits for what was not sent yet, in milliseconds. */
const flushMs = 1_000;

/** Marks the context of a span that begins a trace on purpose. */
const beginsTrace = createContextKey('begins a trace');

export function startSdk({ process, settings, log }: { process: string; settings: TracingSettings; log: Logger }): Tracing {
  const ids = chosenIds();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.serviceName ?? process, 'service.namespace': 'taskgraph' }),
    sampler: onlyWanted(samplerOf(settings)),
    idGenerator: ids,
    // Address, headers and time limits are read from the OTEL_ variables by the exporter itself.
    spanProcessors: [new BatchSpanProcessor(telling(new OTLPTraceExporter(), log))],
  });
  provider.register();
  const tracer = trace.getTracer('taskgraph');
  begin({
    queues: new BullMQOtel({ tracerName: 'taskgraph' }),
    startRoot(name, options, traceId) {
      ids.next(traceId);
      return tracer.startSpan(name, options, ROOT_CONTEXT.setValue(beginsTrace, true));
    },
  });
  log.info({ endpoint: new URL(settings.endpoint as string).origin }, 'traces are sent');
  return {
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, flushMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      trace.disable();
      context.disable();
    },
  };
}

/** Random, but for the next trace, which can be given the id of its request. Nothing happens between the choice and its use. */
function chosenIds(): IdGenerator & { next(traceId: string | undefined): void } {
  const random = new RandomIdGenerator();
  let chosen: string | undefined;
  return {
    next: (traceId) => void (chosen = traceId),
    generateSpanId: () => random.generateSpanId(),
    generateTraceId() {
      const id = chosen ?? random.generateTraceId();
      chosen = undefined;
      return id;
    },
  };
}

export function samplerOf({ sampler, ratio }: Pick<TracingSettings, 'sampler' | 'ratio'>): Sampler {
  const name = sampler.replace(/^parentbased_/, '');
  const root = name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
  return name === sampler ? root : new ParentBasedSampler({ root });
}

/** Libraries begin spans of their own, also for what they do in the background: those without a parent would be traces that nobody asked for. */
function onlyWanted(inner: Sampler): Sampler {
  return {
    shouldSample(at: Context, traceId: string, name: string, kind: SpanKind, attributes: Attributes, links: Link[]) {
      if (trace.getSpanContext(at) === undefined && at.getValue(beginsTrace) !== true) return { decision: SamplingDecision.NOT_RECORD };
      return inner.shouldSample(at, traceId, name, kind, attributes, links);
    },
    toString: () => `wanted ${inner.toString()}`,
  };
}

/** Those of @apollo/gateway show how it gets at a plan; what it runs for that asks nobody anything. */
const isOurs = ({ instrumentationScope }: ReadableSpan): boolean => instrumentationScope.name !== 'apollo/gateway-js';

/** Takes out of spans what must not leave, and says once per outage that the collector is away. Nobody waits for either. */
function telling(exporter: SpanExporter, log: Logger): SpanExporter {
  let away = false;
  return {
    export(spans, done) {
      exporter.export(spans.filter(isOurs).map(cleaned), (result) => {
        const failed = result.error !== undefined;
        if (failed && !away) log.warn({ err: result.error?.message }, 'the collector takes no traces; they are lost until it does');
        if (!failed && away) log.info('the collector takes traces again');
        away = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

