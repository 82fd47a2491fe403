// The process that plays all four subgraphs. Each answer is made once and then given again by the bytes that ask for it, so
// that they cost next to nothing: what is measured is the gateway. Also plays what our gateway asks its user subgraph for.
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql } from 'graphql';
import { subgraphs } from './graph.mjs';

const [, , portsJson, jwks] = process.argv;
const schemas = new Map(subgraphs.map(({ name, typeDefs, resolvers }) => [name, buildSubgraphSchema([{ typeDefs, resolvers }])]));
const answers = new Map();
const seen = { calls: 0, bytes: 0 };
const asJson = { 'content-type': 'application/json' };

const execute = (schema, { query, variables, operationName }) => graphql({ schema, source: query, variableValues: variables, operationName });

async function answerOf(name, body) {
  const key = `${name} ${body}`;
  let answer = answers.get(key);
  if (!answer) {
    const asked = JSON.parse(body);
    const schema = schemas.get(name);
    const result = Array.isArray(asked) ? await Promise.all(asked.map((one) => execute(schema, one))) : await execute(schema, asked);
    if ([result].flat().some(({ errors }) => errors)) process.stderr.write(`${name}: ${JSON.stringify(result)}\n${body}\n`);
    answer = Buffer.from(JSON.stringify(result));
    answers.set(key, answer);
  }
  return answer;
}

/** What our gateway asks of its own accord: keys, the log of what has ended (nothing has), streams that tell nothing. */
function answerInternal(path, response) {
  if (path.startsWith('/internal/jwks')) return void response.writeHead(200, asJson).end(jwks);
  if (path.startsWith('/internal/events')) {
    const tell = () => response.writeHead(200, asJson).end(JSON.stringify({ events: [], next: 'end', more: false, asOf: null }));
    return void (/[?&]after=end/.test(path) ? setTimeout(tell, 10_000) : tell());
  }
  if (path.startsWith('/internal/wakeups')) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const beat = setInterval(() => response.write('{}\n'), 5_000);
    response.write('{}\n');
    return void response.on('close', () => clearInterval(beat));
  }
  response.writeHead(404).end();
}

function serve(name, port) {
  const server = createServer((request, response) => {
    if (request.url === '/seen') return void response.writeHead(200, asJson).end(JSON.stringify(seen));
    if (!request.url.startsWith('/graphql')) return answerInternal(request.url, response);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.calls += 1;
      seen.bytes += body.length;
      answerOf(name, body).then(
        (answer) => response.writeHead(200, { ...asJson, 'content-length': answer.length }).end(answer),
        (error) => response.writeHead(500).end(String(error)),
      );
    });
  });
  // Longer than any gateway keeps a connection that is not used.
  server.keepAliveTimeout = 120_000;
  return new Promise((listening) => server.listen(port, '127.0.0.1', listening));
}

await Promise.all(Object.entries(JSON.parse(portsJson)).map(([name, port]) => serve(name, port)));
process.send('ready');
