// The fault run of a minute (CONTRIBUTING.md says how to run a longer one). It asserts what came out and never how fast: a slow
// machine does fewer writes. With CHAOS_FULL=1 on both backends.
import { redisAvailable } from '@taskgraph/shared/testing/redis';
import { expect, test } from 'vitest';
import { checkDeliveries, checkNews } from '../src/checks/news.js';
import { checkWebhooks } from '../src/checks/webhooks.js';
import { checkOrder, checkTasks, checkWrites } from '../src/checks/writes.js';
import { describeReport } from '../src/report.js';
import { runChaos, type Inside } from '../src/run.js';
import type { Backend } from '../src/system.js';

// One seed guards main, so that a change is judged by the same faults as the one before; SEED and the long runs take others.
const seed = Number(process.env['SEED'] ?? 1);
const backends: Backend[] = process.env['CHAOS_FULL'] === '1' && redisAvailable() ? ['postgres', 'redis'] : ['postgres'];
const say = (line: string): void => void process.stdout.write(`[chaos] ${line}\n`);

/** What was found right is made wrong here and there, and each check sees it. */
async function blindChecksAreSeen({ journal, snapshot, audience, tasks, scene, received }: Inside): Promise<void> {
  const [notification] = snapshot.notifications;
  const [mail] = snapshot.deliveries.filter(({ state }) => state === 'DELIVERED');
  const [write] = journal.writes.filter(({ state, log }) => state === 'acknowledged' && log === 'task');
  if (!notification || !mail || !write) throw new Error('nothing happened at all');
  const without = <T>(list: readonly T[], one: T): T[] => list.filter((other) => other !== one);
  const news = (notifications: Inside['snapshot']['notifications']) => checkNews({ ...snapshot, notifications }, audience);
  expect(news(without(snapshot.notifications, notification))).toContainEqual(expect.stringMatching(/^missing: notification/));
  expect(news([...snapshot.notifications, notification])).toContainEqual(expect.stringMatching(/^doubled: notification/));
  expect(news([...snapshot.notifications, { ...notification, userId: scene.visitor.id }])).toContainEqual(expect.stringMatching(/^phantom: notification/));
  expect(checkDeliveries({ ...snapshot, deliveries: [...snapshot.deliveries, mail] })).toContainEqual(expect.stringMatching(/^doubled: /));
  expect(checkDeliveries({ ...snapshot, mails: without(snapshot.mails, `${mail.eventId}.${mail.notificationId}`) })).toContainEqual(expect.stringMatching(/^missing: mail/));
  const copies = Array.from({ length: mail.attempts + 1 }, () => `${mail.eventId}.${mail.notificationId}`);
  expect(checkDeliveries({ ...snapshot, mails: [...snapshot.mails, ...copies] })).toContainEqual(expect.stringMatching(/^doubled: mail/));

  const post = received.find(({ eventId }) => snapshot.logs.task.some(({ id, traceId, type }) => id === eventId && type !== 'task.moved' && traceId?.startsWith('chaos-')));
  if (!post) throw new Error('nothing was posted at all');
  const [hook, otherHook] = [post.hook, [...scene.hooks.keys()].find((name) => name !== post.hook) as string];
  const posts = (found: Inside['received']) => checkWebhooks(snapshot, found, scene.hooks);
  expect(posts(without(received, post))).toContainEqual(expect.stringMatching(/^missing: post/));
  expect(posts(received.map((one) => (one === post ? { ...one, taken: 0 } : one)))).toContainEqual(expect.stringMatching(/^missing: post/));
  expect(posts([...received, { ...post, eventId: mail.id }])).toContainEqual(expect.stringMatching(new RegExp(`^phantom: a post to ${hook}`)));
  expect(posts([...received, { ...post, hook: otherHook }])).toContainEqual(expect.stringMatching(new RegExp(`^phantom: a post to ${otherHook}`)));

  const event = snapshot.logs.task.find(({ traceId }) => traceId === write.key);
  if (!event) throw new Error('an acknowledged write has no event');
  const logs = (task: Inside['snapshot']['logs']['task']) => ({ logs: { ...snapshot.logs, task } });
  expect(checkWrites(journal, logs(without(snapshot.logs.task, event)))).toContainEqual(expect.stringMatching(/^lost: /));
  expect(checkWrites(journal, logs([...snapshot.logs.task, event]))).toContainEqual(expect.stringMatching(/^doubled: /));
  expect(checkWrites(journal, logs([...snapshot.logs.task, { ...event, traceId: 'chaos-nobody-000001' }]))).toContainEqual(expect.stringMatching(/^phantom: /));
  expect(checkOrder(logs([...snapshot.logs.task, event]).logs)).toContainEqual(expect.stringMatching(/^order: /));
  const [row] = snapshot.tasks;
  expect(checkTasks(tasks, scene.sharedTaskIds, { ...snapshot, tasks: snapshot.tasks.map((other) => (other === row ? { ...row, title: 'Another' } : other)) }, journal)).toContainEqual(expect.stringMatching(/^wrong: task/));
  expect(checkTasks(tasks, [], snapshot, journal)).toContainEqual(expect.stringMatching(/^phantom: task/));
}

test.each(backends)('on queues in %s nothing acknowledged is lost, doubled or made up, whatever is killed, frozen and cut; readers miss nothing (RULES §3, §4, §7, §9)', async (backend) => {
  const report = await runChaos({ seed, backend, loadMs: 45_000, writers: 3, quietMs: 180_000, say }, blindChecksAreSeen);
  for (const line of describeReport(report)) say(line);
  expect(report.wrong).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.kills).toBeGreaterThan(0);
  // The processes use the links that can be broken.
  expect(report.proxied.get('postgres')).toBeGreaterThan(0);
}, 900_000);
