// A small subgraph of a foreign schema, as a real HTTP server with the real federation library: what the gateway's
// fetches meet at the other end. Everything it was sent is kept.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { graphql, parse } from 'graphql';

export interface SubgraphCall {
  headers: IncomingHttpHeaders;
  query: string;
  variables: Record<string, unknown>;
}

/** Answers whether it has taken the request over; `body` is that of a POST. */
export type Route = (request: IncomingMessage, response: ServerResponse, body: any) => boolean;

export interface TestSubgraph {
  name: string;
  url: string;
  sdl: string;
  calls: SubgraphCall[];
  /** Set to answer in another way than by running the query. */
  route: Route | undefined;
  /** Sent along with each GraphQL answer. */
  setCookies: string[];
  /** Drops every connection and listens no more. */
  stop(): Promise<void>;
  /** Listens again, on the same port, unless it does. */
  restart(): Promise<void>;
}

export interface SubgraphFixture {
  name: string;
  sdl: string;
  resolvers: object;
  /** The gateway's public identity key. */
  gatewayKey: string;
}

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';

export async function startSubgraph({ name, sdl: body, resolvers, gatewayKey }: SubgraphFixture): Promise<TestSubgraph> {
  // The schema of a real subgraph brings its own link.
  const sdl = body.includes('@link(') ? body : link + body;
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  const verify = createIdentityVerifier({ service: name, publicKeys: { gateway: gatewayKey } });
  const calls: SubgraphCall[] = [];
  const subgraph: TestSubgraph = { name, url: '', sdl, calls, route: undefined, setCookies: [], stop, restart: async () => (server.listening ? undefined : listen(port)) };
  let port = 0;
  let server: Server;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const identity = await verify(request.headers.authorization);
    if (request.url === '/livez') return void response.end('{}');
    if (!identity) return void response.writeHead(401).end('{"error":"no identity"}');
    const body = request.method === 'POST' ? (JSON.parse(await textOf(request)) as SubgraphCall) : { query: '', variables: {} };
    const { query, variables } = body;
    if (query) calls.push({ headers: request.headers, query, variables });
    if (subgraph.route?.(request, response, body)) return;
    const result = await graphql({ schema, source: query, variableValues: variables, contextValue: { viewer: identity.viewer } });
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': subgraph.setCookies }).end(JSON.stringify(result));
  }
  async function listen(on: number): Promise<void> {
    server = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(on, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    subgraph.url = `http://127.0.0.1:${port}`;
  }
  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
  await listen(0);
  return subgraph;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
