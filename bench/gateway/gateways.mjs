// How each gateway is started over the same supergraph. All of them pass on who asks: ours as a signed token of its own, the others the header as it came.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startProcess } from './processes.mjs';

const root = resolve(import.meta.dirname, '..', '..');
const rivals = join(root, 'bench', 'rivals', 'node_modules');
const hive = join(rivals, '@graphql-hive', 'gateway', 'dist', 'bin.js');
const grafbase = join(rivals, '@grafbase', 'cli-x86_64-unknown-linux-musl', 'grafbase');
const production = { NODE_ENV: 'production' };

/** Everything on, with limits that are not reached: what is counted is counted, nothing is refused. */
const highLimits = {
  RATE_LIMIT_PER_MINUTE: '10000000', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10000000', COST_LIMIT_PER_MINUTE: '1000000000', COST_LIMIT: '1000000000',
  SANDBOX: 'false', INTROSPECTION: 'false', LOG_LEVEL: 'warn',
};

function startHive(name, flag) {
  return ({ dir, supergraph, port }) => {
    const config = join(dir, 'hive.config.mjs');
    writeFileSync(config, `export const gatewayConfig = {
      inboundInflightRequestDeduplication: true,
      propagateHeaders: { fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }) },
    };`);
    return startProcess(name, process.execPath, [hive, 'supergraph', supergraph, '--port', String(port), '--host', '127.0.0.1', '--fork', '1', '-c', config, flag], { env: production, cwd: dir });
  };
}

export const gateways = [
  {
    name: 'ours', what: 'Taskgraph gateway',
    start: ({ supergraph, port, ports, metricsPort, inspectPort, identities, ours }) => startProcess('ours', process.execPath, [`--inspect-port=${inspectPort}`, join(ours ?? root, 'gateway', 'dist', 'main.js')], {
      env: {
        ...production, ...highLimits, SHARE_QUERIES: 'true',
        PORT: String(port), METRICS_PORT: String(metricsPort), SUPERGRAPH_PATH: supergraph,
        IDENTITY_PRIVATE_KEY: identities.privateKeys.gateway, IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
        ...Object.fromEntries(Object.entries(ports).map(([name, at]) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${at}`])),
      },
    }),
  },
  {
    name: 'stock', what: '@apollo/gateway + @apollo/server',
    start: ({ supergraph, port }) => startProcess('stock', process.execPath, [join(import.meta.dirname, 'stock.mjs'), supergraph, String(port)], { env: { ...production, APOLLO_TELEMETRY_DISABLED: '1' } }),
  },
  { name: 'hive-jit', what: 'Hive Gateway --jit', needs: hive, start: startHive('hive-jit', '--jit') },
  { name: 'hive-rust', what: 'Hive Gateway --hive-router-runtime', needs: hive, start: startHive('hive-rust', '--hive-router-runtime') },
  {
    name: 'grafbase', what: 'Grafbase CLI (native, several threads)', needs: grafbase,
    start({ dir, port, urls }) {
      const graphs = Object.entries(urls).map(([name, url]) => `[subgraphs.${name}]\nurl = "${url}"\nintrospection_url = "${url}"\n`);
      const config = join(dir, 'grafbase.toml');
      writeFileSync(config, `[[headers]]\nrule = "forward"\nname = "authorization"\n\n[graph]\nintrospection = false\n\n${graphs.join('\n')}`);
      return startProcess('grafbase', grafbase, ['dev', '-c', config, '--listen-address', `127.0.0.1:${port}`], { cwd: dir });
    },
  },
];

export const isInstalled = ({ needs }) => needs === undefined || existsSync(needs);
