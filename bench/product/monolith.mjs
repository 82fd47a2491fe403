// The one process that somebody would otherwise write: all five schemas over the same databases, with the subgraphs' own
// resolvers, loaders and statements. It takes the settings that `npm start` on the same DATA_DIR gives to each of them.
//   DATA_DIR=… node --import ./bench/product/collect.mjs bench/product/monolith.mjs PORT GATEWAY_URL
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { errorFormatter } from '@taskgraph/shared/graphql-errors';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createLogger } from '@taskgraph/shared/logger';
import { createReleasers } from '@taskgraph/shared/shutdown';
import { createAuthenticate } from '@taskgraph/gateway/dist/authentication.js';
import { createKeySet } from '@taskgraph/gateway/dist/key-set.js';
import { makeMonolithSchema } from './monolith-schema.mjs';
import { servicesOf } from './installation.mjs';
import { collected } from './start-subgraph.mjs';

const [, , port, gatewayUrl] = process.argv;
const log = createLogger({ service: 'monolith', level: 'warn' });
const releasers = createReleasers(log);
const names = ['user', 'project', 'task', 'channel', 'stats'];

const environments = servicesOf(process.env);
for (const name of names) {
  const { loadConfig } = await import(`@taskgraph/${name}/dist/config.js`);
  const { startServer } = await import(`@taskgraph/${name}/dist/server.js`);
  // Its own routes listen anywhere: other services go on asking the one that was started by the supervisor.
  const { stop } = await startServer(loadConfig({ ...environments[name], PORT: '0', LOG_LEVEL: 'warn' }), log);
  releasers.add(name, stop);
}

const supergraph = readFileSync(join(import.meta.dirname, '..', '..', 'gateway', 'supergraph.graphql'), 'utf8');
const schema = makeMonolithSchema(supergraph, names.map((name) => ({ name, resolvers: collected.get(name).resolvers, schemaPath: collected.get(name).schemaPath })));

// The same tokens, checked in the same way. What has ended is not followed: nothing ends while it is measured.
const keys = createKeySet({ logger: log, fetchJwks: async () => (await fetch(`${gatewayUrl}/.well-known/jwks.json`)).json() });
releasers.add('keys', keys.stop);
const authenticate = createAuthenticate({ keys, findApiToken: async () => null, revocations: { judge: (viewer) => viewer, caughtUp: async () => undefined } });

const app = createHttpServer({ logger: log, missing: async () => [] });
const apollo = new ApolloServer({
  schema, formatError: errorFormatter(log), introspection: false, csrfPrevention: true, includeStacktraceInErrorResponses: false,
  stopOnTerminationSignals: false, plugins: [fastifyApolloDrainPlugin(app)], logger: log,
});
await apollo.start();
app.post('/graphql', fastifyApolloHandler(apollo, {
  async context(request, reply) {
    const viewer = await authenticate(request.headers.authorization);
    const key = request.headers['idempotency-key'];
    const base = { viewer, requestId: request.id, idempotencyKey: typeof key === 'string' ? key : null, log: request.log };
    const made = new Map();
    return {
      homes: new WeakMap(),
      entities: new WeakMap(),
      /** Made when the first field of that part is asked for. */
      of(name) {
        let context = made.get(name);
        if (!context) made.set(name, (context = collected.get(name).context(base, request, reply)));
        return context;
      },
    };
  },
}));
await app.listen({ host: '127.0.0.1', port: Number(port) });
releasers.add('http server', async () => {
  await apollo.stop();
  await app.close();
});
process.once('SIGTERM', () => void releasers.releaseAll().finally(() => process.exit(0)));
process.send?.('ready');
