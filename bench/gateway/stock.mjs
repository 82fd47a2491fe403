// Stock @apollo/gateway behind stock @apollo/server, set up as their own manual begins: one data source that passes the caller's header on.
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const [, , supergraph, port] = process.argv;

class PassingOn extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    if (context.authorization) request.http.headers.set('authorization', context.authorization);
  }
}

const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraph, 'utf8'), buildService: ({ url }) => new PassingOn({ url }) });
await startStandaloneServer(new ApolloServer({ gateway, introspection: false }), {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
