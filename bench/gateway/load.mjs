// The load generator, a process of its own: asks for as long as told over so many connections, each as the person it is given.
// Each connection goes round the bodies, beginning at another one. `@N@` in a body becomes a number that was never sent before.
// `checked`: answers are looked at for errors; without it only their status is, which costs the generator nothing.
import { createRequire } from 'node:module';

const autocannon = createRequire(new URL('../rivals/package.json', import.meta.url))('autocannon');
let numbers = Date.now() * 1_000;

process.on('message', async ({ url, connections, seconds, bodies, authorizations, checked = false }) => {
  let clients = 0;
  const refused = [];
  let refusals = 0;
  const onResponse = (status, body) => {
    if (status === 200 && !body.includes('"errors":[')) return;
    refusals += 1;
    if (refused.length < 3) refused.push(`${status} ${body.slice(0, 500)}`);
  };
  const result = await autocannon({
    url, connections, duration: seconds, method: 'POST', timeout: 30,
    setupClient(client) {
      // Objects of its own: the library keeps what it sends in them.
      const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: authorizations[clients % authorizations.length] };
      const first = clients % bodies.length;
      clients += 1;
      client.setRequests([...bodies.slice(first), ...bodies.slice(0, first)].map((body) => ({
        method: 'POST', headers, body,
        ...(checked ? { onResponse } : {}),
        ...(body.includes('@N@') ? { setupRequest: (request) => ({ ...request, body: body.replaceAll('@N@', String((numbers += 1))) }) } : {}),
      })));
    },
  });
  process.send({
    requests: result['2xx'], seconds: result.duration, p50: result.latency.p50, p99: result.latency.p99, bytes: result.throughput.total,
    failed: result.errors + result.timeouts + result.non2xx + refusals, refused, answers: result.statusCodeStats,
  });
});
process.once('disconnect', () => process.exit(0));
process.send('ready');
