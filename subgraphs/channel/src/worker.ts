// Composition root of the channel subgraph's background work: what it tails, what it delivers.
import { createAccess } from '@taskgraph/shared/access/access';
import { forgetPlaces } from '@taskgraph/shared/access/copy';
import { projectReactions } from '@taskgraph/shared/access/reactions';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { redriveParked, startDeadLetters, type Redrive } from '@taskgraph/shared/dead-letters';
import { startTail, type Reaction, type TailOptions } from '@taskgraph/shared/event-tail';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createMailer } from '@taskgraph/shared/mailer';
import { tellOfWork } from '@taskgraph/shared/metrics/work-figures';
import { createPeer, type Peer } from '@taskgraph/shared/peer';
import { periodically } from '@taskgraph/shared/periodically';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { createReleasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import { placesLock, type Enqueue } from './commands/notify.js';
import type { Config } from './config.js';
import { entities, migrateDatabase } from './database.js';
import { onProjectCreated } from './events/on-project-created.js';
import { onProjectMemberAdded } from './events/on-project-member-added.js';
import { onUserChanged } from './events/on-user-changed.js';
import { oneByOne, onTasksChanged } from './events/on-tasks-changed.js';
import { onDeadLettered } from './events/on-dead-lettered.js';
import { withKeepers, withMemberWebhooks } from './events/webhook-reactions.js';
import { createEmailDelivery } from './jobs/deliver-email.js';
import { createWebhookDelivery } from './jobs/deliver-webhook.js';
import { redriveDelivery } from './jobs/redrive-delivery.js';
import { redriveWebhook } from './jobs/redrive-webhook.js';
import { startSweep } from './jobs/sweep-deliveries.js';
import { startWebhookSweep } from './jobs/sweep-webhooks.js';
import { tidy, tidyMs } from './jobs/tidy.js';
import { wakeMs, wakeSnoozed } from './jobs/wake-snoozed.js';
import { createPost } from './post-webhook.js';
import { forgetContacts } from './repositories/contact-repository.js';
import { createSight } from './sight.js';
import { listDeadLetter } from './repositories/dead-letter-repository.js';
import { waitingDeliveries } from './repositories/delivery-repository.js';
import { waitingPosts } from './repositories/webhook-delivery-repository.js';

/** Name under which this subgraph follows the other logs. */
const consumer = 'channel';

/** E-mails of one process that may be under way: many more than connections to the mail server, because their statements are made together. */
const mailsAtOnce = 50;

/** Posts to webhooks of one process that may be under way; they wait for strangers, and use hardly anything meanwhile. */
const webhooksAtOnce = 50;

export async function startWorker(config: Config, log: Logger): Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({
      url: config.WORKER_DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities, applicationName: 'channel worker', log,
    });
    releasers.add('database', () => database.destroy());

    const signer = createIdentitySigner({ service: 'channel', privateKey: config.IDENTITY_PRIVATE_KEY });
    const openPeer = (name: string, url: string | undefined): Peer => {
      // The configuration insists on these addresses for a worker.
      const peer = createPeer({ name, url: url as string, signer });
      releasers.add(`peer ${name}`, () => peer.close());
      return peer;
    };
    const [user, project, task] = [openPeer('user', config.USER_URL), openPeer('project', config.PROJECT_URL), openPeer('task', config.TASK_URL)];
    // Only projects are asked about: who belongs to a channel is known here.
    const access = createAccess({ database, consumer, peers: { project, channel: project } });
    const sees = createSight(database, access, consumer);

    const mailer = createMailer({ smtpUrl: config.SMTP_URL, directory: config.MAIL_DIR ?? '', from: config.MAIL_FROM });
    releasers.add('mailer', () => mailer.close());
    const backend = createQueueBackend({
      owner: 'channel', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, memoryMarkPercent: config.REDIS_MEMORY_MARK_PERCENT, log,
    });
    releasers.add('queue', () => backend.close());
    const deliveries = backend.queue('deliveries');
    const enqueue = (id: string) => deliveries.add({ id, data: { deliveryId: id } });
    const enqueueSoon: Enqueue = (ids) =>
      void deliveries.addAll(ids.map((id) => ({ id, data: { deliveryId: id } })))
        .catch((error: unknown) => log.warn({ err: error, deliveries: ids }, 'the queue did not take deliveries; the sweep brings them back'));

    const requireVerified = config.REQUIRE_VERIFIED_EMAIL ?? config.NODE_ENV === 'production';
    const deliverEmail = createEmailDelivery({
      database, sees, mailer, log, requireVerified,
      publicUrl: config.PUBLIC_URL,
      secretKey: config.SECRET_KEY,
    });
    backend.work('deliveries', (data) => deliverEmail(data['deliveryId'] ?? ''), { concurrency: mailsAtOnce });
    // A queue of their own: receivers that hang hold back no e-mail.
    const posts = backend.queue('webhooks');
    const enqueuePost = (id: string) => posts.add({ id, data: { deliveryId: id } });
    const enqueuePostsSoon: Enqueue = (ids) =>
      void posts.addAll(ids.map((id) => ({ id, data: { deliveryId: id } })))
        .catch((error: unknown) => log.warn({ err: error, deliveries: ids }, 'the queue did not take webhook deliveries; the sweep brings them back'));
    const post = createPost({ allowedHosts: config.WEBHOOK_ALLOWED_HOSTS });
    const deliverWebhook = createWebhookDelivery({ database, access, post, secretKey: config.SECRET_KEY, log });
    backend.work('webhooks', (data) => deliverWebhook(data['deliveryId'] ?? ''), { concurrency: webhooksAtOnce });
    const webhookSweep = startWebhookSweep({ database, queue: posts, enqueue: enqueuePost, sees, mailer, requireVerified, log });
    releasers.add('webhook sweep', webhookSweep.stop);
    const sweep = startSweep({ database, queue: deliveries, enqueue, log });
    releasers.add('sweep', sweep.stop);
    const waking = periodically({ name: 'waking of what was snoozed', everyMs: wakeMs, run: () => wakeSnoozed(database, sees), log });
    releasers.add('waking', waking.stop);
    const tidying = periodically({ name: 'tidying', everyMs: tidyMs, run: () => tidy(database, config.DELIVERY_LOG_RETENTION_DAYS), log });
    releasers.add('tidying', tidying.stop);

    const copy = projectReactions() as Record<'project.created' | 'project.member-added', Reaction>;
    const redrives: Record<string, Redrive> = { deliveries: redriveDelivery, webhooks: redriveWebhook };
    const follow = (source: Peer, reactions: Record<string, Reaction>, onNewEpoch: TailOptions['onNewEpoch'], more: Pick<TailOptions, 'lock' | 'together'> = {}) => {
      redrives[`${consumer}<${source.name}`] = redriveParked(reactions);
      const tail = startTail({ consumer, source, reactions, onNewEpoch, dataSource: database, log, ...more });
      releasers.add(`tail of ${source.name}`, tail.stop);
    };
    const contacts = { 'user.registered': onUserChanged, 'user.updated': onUserChanged, 'user.deactivated': onUserChanged, 'user.reactivated': onUserChanged, 'user.dead-lettered': onDeadLettered('user') };
    follow(user, withKeepers(contacts), forgetContacts);
    // Who belongs where is read again after a restore; what was told is not told again (the reactions see `replayed`).
    const projects = {
      ...copy,
      'project.created': onProjectCreated(copy['project.created'], enqueueSoon),
      'project.member-added': onProjectMemberAdded(copy['project.member-added'], enqueueSoon),
      'project.dead-lettered': onDeadLettered('project'),
    };
    follow(project, withMemberWebhooks(projects, enqueuePostsSoon), (tx) => forgetPlaces(tx.query, 'project'));
    const onTasks = onTasksChanged({ consumer, enqueueMails: enqueueSoon, enqueuePosts: enqueuePostsSoon });
    follow(task, oneByOne(onTasks), 'continue', { lock: [placesLock], together: onTasks });
    follow(openPeer('stats', config.STATS_URL), { 'stats.dead-lettered': onDeadLettered('stats') }, 'continue');
    // The own letters go into the list without a way through the log.
    const deadLetters = startDeadLetters({ owner: 'channel', database, redrives, report: (tx, letter) => listDeadLetter(tx, 'channel', letter), log });
    releasers.add('dead letters', deadLetters.stop);
    const figures = tellOfWork({ schema: 'channel', database, waiting: [{ queue: 'deliveries', rows: waitingDeliveries }, { queue: 'webhooks', rows: waitingPosts }] });
    releasers.add('figures', figures.stop);

    const missing = async () => {
      const [databaseThere, ofQueue] = await Promise.all([databaseAnswers(database), backend.missing()]);
      return [...(databaseThere ? [] : ['database']), ...ofQueue];
    };
    return { missing, stop: () => releasers.releaseAll() };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
