// One system is started, used, and asked what it tells: its metrics against docs and deploy/, its log lines and spans against secrets.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startCollector, type Collector } from '@taskgraph/shared/testing/collector';
import { freePort } from '@taskgraph/shared/testing/ports';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query, register, subscribe, type Answer, type Person, type Subscription } from './client.js';
import { mailedToken } from './mails.js';
import { dashboardExpressions, documented, metricOf, namesIn, readRepository, rules, scrape, total, type Scrape } from './metrics-page.js';
import { makeDataDir, removeDataDir, startSystem, type RunningProcess, type System } from './system.js';

/** What people wrote, and what must be known to nobody else: in no log line and no label. */
const secrets = new Map<string, string>();
const keep = (what: string, text: string): string => (secrets.set(what, text), text);

let dataDir: string;
let system: System;
let processes: (RunningProcess & { metrics?: string })[];
let ada: Person;
let bob: Person;
let collector: Collector;
let projectId: string;
let live: Subscription;
let stopped = false;

async function scrapeAll(): Promise<Scrape[]> {
  return Promise.all(processes.flatMap(({ metrics }) => (metrics ? [scrape(metrics)] : [])));
}
const told = async (name: string, labels: Record<string, string> = {}) => total(await scrapeAll(), name, labels);

beforeAll(async () => {
  dataDir = await makeDataDir();
  collector = await startCollector();
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' };
  system = await startSystem(dataDir, { LOG_LEVEL: 'trace', WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000', ...traces });
  processes = await system.processes();
  ada = await register(system.url, 'ada', 'Ada');
  keep('password', 'password of ada');
  keep('access token', ada.accessToken);
});
afterAll(async () => {
  await live?.close();
  if (!stopped) await system?.stop();
  await collector?.close();
  await removeDataDir(dataDir);
});

test('accounts, tasks, mails, webhooks and subscriptions are used, rightly and wrongly', async () => {
  const { url } = system;
  await query(url, 'mutation Login($p: String!) { login(input: { login: "ada", password: $p }) { accessToken } }', { p: keep('wrong password', 'not the password, but secret too') });
  const { data } = await query(url, 'mutation Login($p: String!) { login(input: { login: "ada", password: $p }) { accessToken refreshToken } }', { p: 'password of ada' });
  keep('second access token', data.login.accessToken);
  keep('refresh token', data.login.refreshToken);
  await query(url, 'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken } }', { t: keep('wrong refresh token', 'this-was-never-a-refresh-token-of-anybody') });
  await query(url, '{ me { id } }', {}, keep('forged token', `${ada.accessToken.slice(0, -8)}forgeddd`));
  await query(url, 'mutation { requestPasswordReset(input: { email: "ada@example.org" }) { ok } }');
  keep('one-time token', await mailedToken(dataDir, 'ada@example.org', 'Reset your password'));

  const { createApiToken } = await ada.ok('mutation { createApiToken(input: { name: "robot", scopes: [READ] }) { secret } }');
  await query(url, '{ me { id } }', {}, keep('API token', createApiToken.secret));
  const { createProject } = await ada.ok('mutation { createProject(input: { key: "WEB", name: "Website" }) { project { id } } }');
  projectId = createProject.project.id;
  const { createWebhook } = await ada.ok('mutation ($i: CreateWebhookInput!) { createWebhook(input: $i) { secret } }', {
    i: { projectId, url: keep('address of a webhook', `http://127.0.0.1:${await freePort()}/hook/secret-part-of-the-path`), events: ['TASK_CREATED'] },
  });
  keep('secret of a webhook', createWebhook.secret);
  const { createChannel } = await ada.ok('mutation { createChannel(input: { name: "Open house" }) { channel { id code } } }');
  keep('code of a channel', createChannel.channel.code);

  live = await subscribe(url, ada.accessToken, 'subscription Follow($p: ID!) { taskChanges(scope: { projectId: $p }) { cursor kind task { title } } }', { p: projectId });
  bob = await register(url, 'bob', 'Bob');
  await ada.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u }) { project { version } } }', { p: projectId, u: bob.id });
  const document = 'mutation MakeTask($i: CreateTaskInput!) { createTask(input: $i) { task { id } } }';
  await eventually(async () => {
    const input = { projectId, title: keep('title', 'A title that is nobody else\'s business'), description: keep('description', 'A description that is nobody else\'s business'), assigneeIds: [bob.id] };
    const { createTask } = await ada.ok(document, { i: input });
    await ada.ok('mutation ($id: ID!, $b: String!) { addComment(input: { taskId: $id, body: $b }) { comment { id } } }', { id: createTask.task.id, b: keep('comment', 'A comment that is nobody else\'s business, @bob') });
    return live.received.length > 0;
  }, { intervalMs: 200 });
  for (let times = 0; times < 3; times += 1) await ada.ok('query Home { me { handle stats { total } } projects { nodes { key } } }');
  expect((await ada.query('query Wrong { tasks(first: -1) { nodes { id } } }')).errors).toBeDefined();
  await eventually(async () => (await readdir(join(dataDir, 'mail'))).length >= 3);
});

/** As a client that would like to choose the trace. */
async function traced(document: string, variables: object) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ada.accessToken}`, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  const response = await fetch(`${system.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: document, variables }) });
  return { id: response.headers.get('x-request-id') as string, answer: (await response.json()) as Answer };
}
const loggedBy = (id: string) => new Set([...system.output().matchAll(new RegExp(`^\\[([\\w-]+)\\].*"traceId":"${id}"`, 'gm'))].map((match) => match[1]));

test('a mutation is one trace from its request to the mail and the push, with the id that its answer and its log lines carry', async () => {
  const { id, answer } = await traced('mutation Traced($i: CreateTaskInput!) { createTask(input: $i) { task { id } } }', {
    i: { projectId, title: keep('traced title', 'A traced title that is nobody else\'s business'), assigneeIds: [bob.id] },
  });
  expect(answer.errors).toBeUndefined();
  expect(id).toMatch(/^(?!a{32})[0-9a-f]{32}$/);
  const path = [
    'gateway: POST /graphql', 'gateway: gateway.plan', 'gateway: fetch task', 'task: POST /graphql', 'task: INSERT', 'task: COMMIT', 'task: emit task.created',
    'channel-worker: apply task.created', 'channel-worker: INSERT', 'stats-worker: apply task.created', 'channel-worker: add channel-deliveries.deliveries',
    'channel-worker: process channel-deliveries', 'channel-worker: send mail', 'channel-worker: post webhook', 'gateway: live run', 'gateway: push',
  ];
  await eventually(() => expect(collector.spansOf(id).map(({ name }) => name)).toEqual(expect.arrayContaining(path)));
  const spans = collector.spansOf(id);
  const known = new Set(spans.map(({ spanId }) => spanId));
  await eventually(() => expect(collector.spansOf(id).filter(({ parentSpanId }) => !parentSpanId || !known.has(parentSpanId)).map(({ name }) => name)).toEqual(['gateway: POST /graphql']));
  expect(spans.find(({ name }) => name === 'gateway: POST /graphql')?.attributes).toMatchObject({ 'http.response.status_code': 200, 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'Traced' });
  expect([...loggedBy(id)]).toEqual(expect.arrayContaining(['gateway', 'task', 'channel-worker', 'stats-worker']));
});

test('an error has the id of its trace', async () => {
  const { id, answer } = await traced('mutation Refused($i: CreateTaskInput!) { createTask(input: $i) { task { id } } }', { i: { projectId: ada.id, title: 'x' } });
  expect(answer.errors?.map(({ extensions }) => extensions['requestId'])).toEqual([id]);
  await eventually(() => expect(collector.spansOf(id).map(({ name }) => name)).toEqual(expect.arrayContaining(['gateway: POST /graphql', 'task: POST /graphql'])));
  expect([...loggedBy(id)]).toEqual(expect.arrayContaining(['gateway', 'task']));
});

test('every process tells its metrics on a port of its own, under its own name', async () => {
  const own = processes.filter(({ role }) => ['gateway', 'api', 'worker'].includes(role));
  expect(own).toHaveLength(11);
  for (const { name, metrics } of own) {
    const { series } = await scrape(metrics as string);
    expect(new Set(series.map(({ labels }) => labels['process']))).toEqual(new Set([name]));
  }
});

test('nobody is told on the public port, nor on the port of a subgraph', async () => {
  expect((await fetch(`${system.url}/metrics`)).status).toBe(404);
  for (const { url, role } of processes) if (role === 'api' || role === 'worker') expect([401, 404]).toContain((await fetch(`${url}/metrics`)).status);
});

test('docs/metrics.md names every metric with its type and labels, and none that is not told', async () => {
  const scrapes = await scrapeAll();
  const types = new Map(scrapes.flatMap((each) => [...each.types].filter(([name]) => name.startsWith('taskgraph_'))));
  const page = documented();
  expect(page.map(({ name }) => name).toSorted()).toEqual([...types.keys()].toSorted());
  expect(page.filter(({ name, type }) => types.get(name) !== type)).toEqual([]);
  const labels = new Map<string, Set<string>>();
  for (const { name, labels: given } of scrapes.flatMap(({ series }) => series)) {
    const known = Object.keys(given).filter((label) => label !== 'process' && label !== 'le').toSorted().join();
    const metric = metricOf(name, types);
    labels.set(metric, (labels.get(metric) ?? new Set()).add(known));
  }
  const wrong = page.filter(({ name, labels: written }) => labels.has(name) && [...(labels.get(name) as Set<string>)].some((known) => known !== written.join()));
  expect(wrong).toEqual([]);
});

test('every metric and label that the dashboard and the alert rules name is told', async () => {
  const scrapes = await scrapeAll();
  const types = new Map(scrapes.flatMap((each) => [...each.types]));
  // Those that Prometheus adds.
  const labels = new Set(['job', 'instance', 'le', ...documented().flatMap((row) => row.labels), 'process']);
  const expressions = [...rules().map(({ expression }) => expression), ...dashboardExpressions()];
  expect(expressions.length).toBeGreaterThan(50);
  const used = expressions.map(namesIn);
  expect(used.flatMap((each) => each.metrics).filter((name) => !types.has(metricOf(name, types)))).toEqual([]);
  expect(used.flatMap((each) => each.labels).filter((label) => !labels.has(label))).toEqual([]);
});

test('docs/failures.md says of every alert what it means and what to do', () => {
  const rows = [...readRepository('docs/failures.md').matchAll(/^\| `(\w+)` \| `(.+)` for \w+ \| .{40,} \|$/gm)].map(([, alert, rule]) => ({ alert, expression: (rule as string).replaceAll('\\|', '|') }));
  expect(rows).toEqual(rules());
});

test('what happened is told: operations by name, fetches, plans, events, jobs, mails and sockets', async () => {
  expect(await told('taskgraph_operations_total', { type: 'query', operation: 'Home', outcome: 'ok' })).toBe(3);
  expect(await told('taskgraph_operations_total', { type: 'mutation', operation: 'MakeTask', outcome: 'ok' })).toBeGreaterThan(0);
  expect(await told('taskgraph_graphql_errors_total', { code: 'UNAUTHENTICATED' })).toBeGreaterThan(0);
  expect(await told('taskgraph_subgraph_request_duration_seconds_count', { subgraph: 'task', kind: 'graphql', outcome: 'ok' })).toBeGreaterThan(0);
  for (const outcome of ['hit', 'miss']) expect(await told('taskgraph_plan_cache_lookups_total', { outcome })).toBeGreaterThan(0);
  expect(await told('taskgraph_plan_cache_plans')).toBeGreaterThan(0);
  expect(await told('taskgraph_breaker_open', { subgraph: 'task' })).toBeDefined();
  for (const policy of ['address', 'user', 'token', 'cost']) expect(await told('taskgraph_rate_limit_refusals_total', { policy })).toBeGreaterThanOrEqual(0);
  expect(await told('taskgraph_live_results_total')).toBeGreaterThan(0);
  expect(await told('taskgraph_http_request_duration_seconds_count', { process: 'task', route: '/graphql', method: 'POST', status: '2xx' })).toBeGreaterThan(0);
  await eventually(async () => expect(await told('taskgraph_job_duration_seconds_count', { queue: 'deliveries', outcome: 'done' })).toBeGreaterThan(0));
  await eventually(async () => expect(await told('taskgraph_tail_events_total', { process: 'stats-worker', source: 'task', outcome: 'applied' })).toBeGreaterThan(0));
  const atLeastNone = (name: string, labels: Record<string, string>) => eventually(async () => expect(await told(name, labels)).toBeGreaterThanOrEqual(0));
  for (const log of ['user', 'project', 'task', 'channel', 'stats']) await atLeastNone('taskgraph_event_log_horizon_age_seconds', { log });
  for (const queue of ['mails', 'invite-mails', 'deliveries', 'webhooks', 'imports']) await atLeastNone('taskgraph_undelivered_rows', { queue });
  // The receiver does not exist: the post waits for its next try.
  await eventually(async () => expect(await told('taskgraph_undelivered_rows', { queue: 'webhooks' })).toBeGreaterThan(0));
  await eventually(async () => expect(await told('taskgraph_tail_lag_seconds', { process: 'channel-worker', source: 'task' })).toBeLessThan(Infinity));
  const pools = (await scrapeAll()).flatMap(({ series }) => series).filter(({ name }) => name === 'taskgraph_database_up');
  expect(new Set(pools.map(({ labels }) => labels['process'])).size).toBe(10);
  for (const { labels } of pools) await eventually(async () => expect(await told('taskgraph_database_up', labels)).toBe(1));
});

test('sockets and subscriptions are told while they are open, and no longer', async () => {
  const open = async () => [await told('taskgraph_sockets_open', { kind: 'websocket' }), await told('taskgraph_subscriptions_live')];
  await live.close();
  await eventually(async () => expect(await open()).toEqual([0, 0]));
  live = await subscribe(system.url, ada.accessToken, 'subscription Follow($p: ID!) { taskChanges(scope: { projectId: $p }) { cursor } }', { p: projectId });
  await eventually(async () => expect(await open()).toEqual([1, 1]));
  await live.close();
  await eventually(async () => expect(await open()).toEqual([0, 0]));
});

test('no label holds an id, a secret or what people write', async () => {
  const text = (await scrapeAll()).map((each) => each.text).join('\n');
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/i);
  expect(found(text)).toEqual([]);
});

test('a subgraph that dies is told by the gateway: errors by code, answers in part, requests without an answer', async () => {
  const gateway = processes.find(({ name }) => name === 'gateway')?.metrics as string;
  // Its last words, and those of the others about it, are searched for secrets below.
  process.kill((await system.processes()).find(({ name }) => name === 'stats')?.pid as number, 'SIGKILL');
  await eventually(async () => expect((await ada.query('query Figures { me { stats { total } } }')).errors).toBeDefined());
  const scrapes = [await scrape(gateway)];
  expect(total(scrapes, 'taskgraph_operations_total', { type: 'query', operation: 'Figures', outcome: 'partial' })).toBeGreaterThan(0);
  expect(total(scrapes, 'taskgraph_graphql_errors_total', { code: 'SUBGRAPH_UNAVAILABLE' })).toBeGreaterThan(0);
  expect(total(scrapes, 'taskgraph_subgraph_request_duration_seconds_count', { subgraph: 'stats', kind: 'graphql', outcome: 'unavailable' })).toBeGreaterThan(0);
});

test('no log line and no span holds a password, a token, a key, an address of a database, a mail or what people write (LOG_LEVEL=trace)', async () => {
  for (const { pid, name } of await system.processes()) await keepEnvironment(pid, name);
  for (const file of await readdir(join(dataDir, 'mail'))) keepMail(await readFile(join(dataDir, 'mail', file), 'utf8'), file);
  for (const [name, value] of Object.entries(JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as object)) if (typeof value === 'string' && value.length >= 8) keep(`secrets.json ${name}`, value);
  await system.stop();
  stopped = true;
  const output = system.output();
  // It was listened to at all.
  expect(output).toContain('"msg":"statement"');
  expect(output.length).toBeGreaterThan(10_000);
  expect(secrets.size).toBeGreaterThan(20);
  expect(found(output)).toEqual([]);
  expect(found(collector.text())).toEqual([]);
  expect(collector.text()).not.toMatch(/@example\.org/);
  for (const form of [/bearer\s+[\w.~+/-]{8,}/i, /\beyJ[\w-]{8,}\.[\w-]{8,}\./, /\btg_\w{8,}/, /postgres(?:ql)?:\/\/[^\s:/@"]+:[^\s@"]+@/, /-----BEGIN/]) expect(output.match(form)?.[0]).toBeUndefined();
});

/** Which of the secrets stand in it, also as JSON would write them. */
function found(text: string): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))).map(([what]) => what);
}

/** Keys and passwords that the processes were given; Linux shows them to their owner. */
async function keepEnvironment(pid: number, name: string): Promise<void> {
  const given = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  for (const entry of given.split('\0')) {
    const [setting, value] = [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)];
    if (value.length < 8) continue;
    if (/PRIVATE_KEY$|^SECRET_KEY$/.test(setting)) keep(`${setting} of ${name}`, value);
    if (setting.endsWith('DATABASE_URL')) keep(`password in ${setting} of ${name}`, new URL(value).password || value);
  }
}

/** Every line of a mail's text that says something. */
function keepMail(mail: string, file: string): void {
  const body = mail.slice(mail.search(/\r?\n\r?\n/));
  for (const line of body.split(/\r?\n/)) if (line.trim().length >= 30 && !/^(Content-|--|<\/?\w+>$)/.test(line.trim())) keep(`mail ${file}: ${line.trim().slice(0, 40)}`, line.trim());
}
