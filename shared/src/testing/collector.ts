// A collector of traces: takes OTLP as JSON over HTTP and keeps the spans.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** `<process>: <span>`. */
  name: string;
  attributes: Record<string, unknown>;
}

export interface Collector {
  url: string;
  spansOf(traceId: string): Span[];
  /** Everything that was sent. */
  text(): string;
  close(): Promise<void>;
}

interface Named {
  key: string;
  value: Record<string, unknown>;
}
interface Sent {
  resourceSpans: { resource: { attributes: Named[] }; scopeSpans: { spans: (Omit<Span, 'attributes'> & { attributes: Named[] })[] }[] }[];
}

const read = (attributes: Named[]) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

export async function startCollector(): Promise<Collector> {
  const texts: string[] = [];
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    for await (const part of request as AsyncIterable<string>) text += part;
    texts.push(text);
    for (const { resource, scopeSpans } of (JSON.parse(text) as Sent).resourceSpans) {
      const service = String(read(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, name: `${service}: ${span.name}`, attributes: read(span.attributes) });
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    text: () => texts.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
