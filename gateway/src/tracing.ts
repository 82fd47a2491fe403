// Spans of the gateway beside those of every process (docs/tracing.md).
import type { ApolloServerPlugin } from '@apollo/server';
import { inSpan, isTracing, nameOperation, SpanKind, traceHeaders } from '@taskgraph/shared/tracing/spans';
import type { GatewayContext } from './context.js';
import type { SubgraphClient } from './subgraph-client.js';

/** The same client, its requests in spans that the subgraph's own are below. */
export function traced(client: SubgraphClient): SubgraphClient {
  if (!isTracing()) return client;
  const { name } = client;
  return {
    ...client,
    send: (request) =>
      inSpan(`fetch ${name}`, { kind: SpanKind.CLIENT, attributes: { 'taskgraph.subgraph': name } }, () =>
        client.send({ ...request, headers: { ...request.headers, ...traceHeaders() } }),
      ),
  };
}

/** Names the current span's operation. */
export const tracingPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation) nameOperation(operation.operation, operation.name?.value);
      },
    };
  },
};
