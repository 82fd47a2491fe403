// What a run needs: subgraphs, the gateways over them, people with tokens, a load generator.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createTestIdentities } from '@taskgraph/shared/testing/identity';
import { freePort } from '@taskgraph/shared/testing/ports';
import { exportJWK, SignJWT } from 'jose';
import { startGenerator } from './generator.mjs';
import { composeGraph, subgraphs } from './graph.mjs';
import { firstMessage, startProcess, untilReady } from './processes.mjs';

/** `chosen` are started one after another; one that does not start is told in `left`. */
export async function startWorld({ dir, chosen, connections, ours }) {
  const started = [];
  const stop = async () => void (await Promise.all(started.map((one) => one.stop())));
  try {
    const { jwks, authorizations } = await makePeople(connections);
    const ports = {};
    // Ours asks for a fifth subgraph's address; nothing is ever sent there.
    for (const name of [...subgraphs.map((one) => one.name), 'stats']) ports[name] = await freePort();
    const urls = Object.fromEntries(subgraphs.map(({ name }) => [name, `http://127.0.0.1:${ports[name]}/graphql`]));
    const supergraph = join(dir, 'supergraph.graphql');
    writeFileSync(supergraph, composeGraph(urls));

    const graphs = startProcess('subgraphs', process.execPath, [join(import.meta.dirname, 'subgraphs.mjs'), JSON.stringify(ports), JSON.stringify(jwks)], { ipc: true });
    started.push(graphs);
    await firstMessage(graphs);
    const generator = await startGenerator();
    started.push(generator);

    const identities = createTestIdentities();
    const gateways = [];
    const left = [];
    for (const { name, what, start } of chosen) {
      const [port, metricsPort, inspectPort] = [await freePort(), await freePort(), await freePort()];
      const running = start({ dir, supergraph, port, ports, urls, metricsPort, inspectPort, identities, ours });
      started.push(running);
      const gateway = { name, what, process: running, url: `http://127.0.0.1:${port}/graphql`, inspectPort };
      try {
        await untilReady(running, async () => (await ask(gateway, '{"query":"{ __typename }"}', authorizations[0])).data?.__typename === 'Query');
        gateways.push(gateway);
      } catch (error) {
        left.push({ name, why: error.message });
      }
    }

    const seen = async () => (await fetch(`http://127.0.0.1:${ports.user}/seen`)).json();
    return {
      gateways, left, stop,
      /** Throws where one answers something else than the first. */
      async compareAnswers(documents) {
        const result = [];
        for (const { name, body } of documents) {
          let expected;
          const calls = [];
          for (const gateway of gateways) {
            const { calls: callsBefore, bytes: bytesBefore } = await seen();
            const { data, errors } = await ask(gateway, body, authorizations[0]);
            const { calls: callsAfter, bytes: bytesAfter } = await seen();
            if (errors) throw new Error(`${gateway.name} answered ${name} with ${JSON.stringify(errors)}`);
            expected ??= data;
            if (!isDeepStrictEqual(data, expected)) throw new Error(`${gateway.name} answered ${name} otherwise than ${gateways[0].name}`);
            calls.push({ name: gateway.name, calls: callsAfter - callsBefore, bytes: bytesAfter - bytesBefore });
          }
          result.push({ document: name, bytes: JSON.stringify({ data: expected }).length, calls });
        }
        return result;
      },
      load: (gateway, { body }, people, seconds) =>
        generator.load({ url: gateway.url, connections, seconds, bodies: [body], authorizations: people === 'one' ? authorizations.slice(0, 1) : authorizations }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ask({ url }, body, authorization) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body });
  return response.json();
}

/** Access tokens as the user subgraph makes them, and the key that ours checks them with. */
async function makePeople(count) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const sign = () =>
    new SignJWT({ role: 'MEMBER', sid: randomUUID() }).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'bench' })
      .setIssuer('taskgraph').setAudience('taskgraph').setSubject(randomUUID()).setIssuedAt().setExpirationTime('60 minutes').sign(privateKey);
  const tokens = await Promise.all(Array.from({ length: count }, sign));
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA', use: 'sig' }] },
    authorizations: tokens.map((token) => `Bearer ${token}`),
  };
}
