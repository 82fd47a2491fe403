// One fault run from beginning to end: load, faults, healing, quiet, checks.
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { checkFigures } from './checks/figures.js';
import { checkLoss, compareStates, compareWithLog, type LiveCounts } from './checks/live.js';
import { checkDeliveries, checkNews, type Audience } from './checks/news.js';
import { checkWebhooks } from './checks/webhooks.js';
import { checkOrder, checkTasks, checkWrites } from './checks/writes.js';
import { write, type Sender } from './client.js';
import { prepareFaults } from './faults.js';
import { startMailServer, type MailServer } from './mail-server.js';
import type { Recovery } from './recovery.js';
import { acknowledged, createJournal, type Journal } from './journal.js';
import { untilQuiet } from './quiet.js';
import { createDice } from './random.js';
import { readLog, readTasks, startReader, type Reader } from './reader.js';
import { setScene, type Scene } from './scene.js';
import { describeFault, makeSchedule } from './schedule.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';
import { startSystem, type Backend, type System } from './system.js';
import { startWebhookReceiver, type Received, type WebhookReceiver } from './webhook-receiver.js';
import { comeAndGo, createWriter, type OwnTask } from './writer.js';

export interface RunOptions {
  seed: number;
  backend: Backend;
  /** How long load and faults last, in milliseconds. */
  loadMs: number;
  writers: number;
  say: (line: string) => void;
  /** Longest time until everything is at rest after the healing, in milliseconds. */
  quietMs: number;
}

export interface Report {
  seed: number;
  backend: Backend;
  kills: number;
  faults: Map<string, number>;
  recovery: Map<string, Recovery[]>;
  quietMs: number;
  checksMs: number;
  /** Of the run itself, at its highest, in bytes. */
  memoryBytes: number;
  /** Connections that went through the fault proxies. */
  proxied: Map<string, number>;
  acknowledged: number;
  resent: number;
  retried: Map<string, number>;
  notifications: number;
  mails: number;
  /** Tries that the mail server, or the receiver of webhooks, let fail. */
  failedMails: number;
  posts: number;
  failedPosts: number;
  live: LiveCounts & { readers: number; cuts: number; losses: number };
  /** Empty: green. */
  wrong: string[];
}

/** What a test may look at before everything is stopped. */
export interface Inside {
  journal: Journal;
  snapshot: Snapshot;
  audience: Audience;
  tasks: OwnTask[];
  scene: Scene;
  received: Received[];
}

/** What the system sends to. */
interface Outside {
  mail: MailServer;
  receiver: WebhookReceiver;
}

export async function runChaos(options: RunOptions, look?: (inside: Inside) => Promise<void>): Promise<Report> {
  const mail = await startMailServer(createDice(options.seed, 'mail'));
  const receiver = await startWebhookReceiver(createDice(options.seed, 'webhooks'));
  try {
    const system = await startSystem(options.backend, { SMTP_URL: mail.url, WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' });
    try {
      return await runOn(system, { mail, receiver }, options, look);
    } finally {
      await system.stop();
    }
  } finally {
    await Promise.all([mail.close(), receiver.close()]);
  }
}

async function runOn(system: System, { mail, receiver }: Outside, { seed, backend, loadMs, writers: writerCount, say, quietMs }: RunOptions, look?: (inside: Inside) => Promise<void>): Promise<Report> {
  const schedule = makeSchedule(seed, backend, loadMs);
  say(`seed ${seed}, backend ${backend}, ${schedule.length} faults planned:`);
  for (const fault of schedule) say(describeFault(fault));
  const scene = await setScene(system.url, writerCount, receiver);
  const faults = await prepareFaults(system);
  const over = new AbortController();
  const readers: ReturnType<typeof startReader>[] = [];
  const journal = createJournal();
  try {
    const [projectId] = scene.projectIds;
    const senderOf = (person: Sender['person']): Sender => ({ url: system.url, person, journal, dice: createDice(seed, person.handle), signal: over.signal });
    const writers = scene.writers.map((person) => createWriter(senderOf(person), scene, person.handle));
    const follow = (name: string, person: Sender['person']) => {
      const reader = startReader(name, { url: system.url, edgeUrl: faults.edgeUrl }, person, projectId);
      readers.push(reader);
      return reader;
    };
    follow('owner', scene.owner);
    scene.writers.slice(0, 2).forEach((person) => void follow(person.handle, person));
    const guest = follow('guest', scene.guest);

    const began = performance.now();
    const ended = (): boolean => performance.now() - began > loadMs;
    say(`the load begins`);
    let losses = 0;
    await Promise.all([
      ...writers.map((writer) => writer.run(ended)),
      comeAndGo(senderOf(scene.visitor), scene, ended),
      cutReaders(readers, seed, ended),
      removeAndAdd(senderOf(scene.owner), scene, guest, ended).then((count) => (losses = count)),
      faults.run(schedule, () => ended() || over.signal.aborted, say),
    ]);
    mail.heal();
    receiver.heal();
    await faults.heal();
    say('everything is healed');
    const quiet = await untilQuiet(system, quietMs);
    const wrong = quiet.left.map((text) => `not quiet: ${text}`);
    say('everything is at rest');
    const checking = performance.now();

    const live = await checkReaders(system, projectId, readers, wrong, quietMs);
    const snapshot = await takeSnapshot(system, mail.mails());
    const received = receiver.received();
    const audience: Audience = { memberIds: new Set([scene.owner, ...scene.writers].map(({ id }) => id)), watcherIds: [scene.owner.id] };
    const tasks = writers.flatMap((writer) => writer.tasks);
    wrong.push(
      ...checkWrites(journal, snapshot), ...checkTasks(tasks, scene.sharedTaskIds, snapshot, journal), ...checkOrder(snapshot.logs),
      ...checkNews(snapshot, audience), ...checkDeliveries(snapshot), ...checkWebhooks(snapshot, received, scene.hooks), ...receiver.wrong(),
      ...(await checkFigures(system.url, scene, snapshot.tasks)),
      ...snapshot.deadLetters.map(({ schema, queue, name, reason }) => `dead letter: ${schema} ${queue} ${name}: ${reason}`),
    );
    await look?.({ journal, snapshot, audience, tasks, scene, received });
    return {
      seed, backend, kills: faults.kills(), faults: faults.done, recovery: faults.recovery, quietMs: quiet.tookMs,
      checksMs: performance.now() - checking, memoryBytes: process.resourceUsage().maxRSS * 1_024, proxied: faults.proxied(),
      acknowledged: acknowledged(journal).length, resent: journal.resent, retried: journal.retried,
      notifications: snapshot.notifications.length, mails: snapshot.mails.length, failedMails: mail.failed(), posts: received.reduce((sum, { taken }) => sum + taken, 0), failedPosts: receiver.failed(),
      live: { ...live, readers: readers.length, cuts: readers.reduce((sum, reader) => sum + reader.cuts(), 0), losses }, wrong,
    };
  } finally {
    over.abort();
    await Promise.all(readers.map((reader) => reader.stop()));
    await faults.close();
  }
}

async function cutReaders(readers: readonly Reader[], seed: number, until: () => boolean): Promise<void> {
  const dice = createDice(seed, 'cuts');
  while (!until()) {
    await delay(dice.between(200, 1_200));
    dice.pick(readers).cut();
  }
}

/** Takes the guest out, waits until it has heard so, and takes it in again. Answers how often it was taken out. */
async function removeAndAdd(sender: Sender, { guest, projectIds: [projectId] }: Scene, reader: ReturnType<typeof startReader>, until: () => boolean): Promise<number> {
  let count = 0;
  while (!until() && !sender.signal.aborted) {
    await delay(sender.dice.between(2_000, 6_000));
    const reading = reader.current();
    if (!reading) continue;
    count += 1;
    const key = (what: string): string => `chaos-owner-${what}-${String(count).padStart(5, '0')}`;
    const about = { log: 'project' as const, aggregateId: projectId };
    const input = { projectId, userId: guest.id };
    await write(sender, { field: 'removeProjectMember', inputType: 'RemoveProjectMemberInput', input, selection: 'project { id }' }, { ...about, key: key('remove'), type: 'project.member-removed' });
    // Faults may hold the news back for as long as they last.
    await eventually(() => reading.ended || sender.signal.aborted, { timeoutMs: 120_000 }).catch(() => undefined);
    await write(sender, { field: 'addProjectMember', inputType: 'AddProjectMemberInput', input, selection: 'project { id }' }, { ...about, key: key('add'), type: 'project.member-added' });
    reader.again();
    await eventually(() => reader.current() !== reading || reader.errors.length > 0 || sender.signal.aborted, { timeoutMs: 120_000 }).catch(() => undefined);
  }
  return count;
}

async function checkReaders(system: System, projectId: string, readers: readonly Reader[], wrong: string[], limitMs: number): Promise<LiveCounts> {
  const sum: LiveCounts = { heard: 0, missed: 0, doubled: 0, inverted: 0, details: [] };
  const servers = await readTasks(system.url, readers[0]?.person as Reader['person'], projectId);
  for (const reader of readers) {
    wrong.push(...reader.errors.map((text) => `live: ${text}`));
    const [first] = reader.readings;
    if (!first) continue;
    // Read once: one who came and went has begun hundreds of times.
    const whole = await readLog(system.url, reader.person, projectId, first.startedAfter);
    const places = new Map(whole.map(({ cursor }, index) => [cursor, index]));
    const begins: number[] = [];
    for (const { startedAfter } of reader.readings) {
      const [next] = await readLog(system.url, reader.person, projectId, startedAfter, 1);
      begins.push(next ? (places.get(next.cursor) ?? 0) : whole.length);
    }
    for (const [index, reading] of reader.readings.entries()) {
      const name = `${reader.name} ${index + 1}`;
      const last = index === reader.readings.length - 1 && !reading.ended;
      const log = whole.slice(begins[index], last ? undefined : begins[index + 1]);
      if (last) await eventually(() => log.length === 0 || reading.heard.at(-1)?.cursor === log.at(-1)?.cursor, { timeoutMs: limitMs }).catch(() => undefined);
      const counts = compareWithLog(reading.heard, log, last);
      for (const kind of ['heard', 'missed', 'doubled', 'inverted'] as const) sum[kind] += counts[kind];
      for (const kind of ['missed', 'doubled', 'inverted'] as const) if (counts[kind] > 0) wrong.push(`live: ${name} ${kind} ${counts[kind]} of ${log.length}: ${counts.details.slice(0, 3).join('; ')}`);
      wrong.push(...checkLoss(name, reading));
      if (last) wrong.push(...compareStates(name, reading.state, servers));
    }
  }
  return sum;
}
