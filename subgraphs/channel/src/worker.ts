// Composition root of the channel subgraph's background work: what it tails, what it delivers.
import { createAccess } from '@taskgraph/shared/access/access';
import { forgetPlaces } from '@taskgraph/shared/access/copy';
import { projectReactions } from '@taskgraph/shared/access/reactions';
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { startTail, type Reaction, type TailOptions } from '@taskgraph/shared/event-tail';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createMailer } from '@taskgraph/shared/mailer';
import { createPeer, type Peer } from '@taskgraph/shared/peer';
import { periodically } from '@taskgraph/shared/periodically';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { createReleasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { entities, migrateDatabase } from './database.js';
import { onProjectCreated } from './events/on-project-created.js';
import { onProjectMemberAdded } from './events/on-project-member-added.js';
import { onTaskChanged } from './events/on-task-changed.js';
import { onUserChanged } from './events/on-user-changed.js';
import { deliverEmail } from './jobs/deliver-email.js';
import { startSweep } from './jobs/sweep-deliveries.js';
import { tidy, tidyMs } from './jobs/tidy.js';
import { taskEventTypes } from './recipients.js';
import { forgetContacts } from './repositories/contact-repository.js';

/** Name under which this subgraph follows the other logs. */
const consumer = 'channel';

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

    const mailer = createMailer({ smtpUrl: config.SMTP_URL, directory: config.MAIL_DIR ?? '', from: config.MAIL_FROM });
    releasers.add('mailer', () => mailer.close());
    const backend = createQueueBackend({ owner: 'channel', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, log });
    releasers.add('queue', () => backend.close());
    const deliveries = backend.queue('deliveries');
    const enqueue = (id: string) => deliveries.add({ id, data: { deliveryId: id } });
    const enqueueSoon = (id: string) =>
      void enqueue(id).catch((error: unknown) => log.warn({ err: error, delivery: id }, 'the queue did not take a delivery; the sweep brings it back'));

    const deliver = {
      database, access, mailer, log,
      publicUrl: config.PUBLIC_URL,
      requireVerified: config.REQUIRE_VERIFIED_EMAIL ?? config.NODE_ENV === 'production',
    };
    backend.work('deliveries', (data) => deliverEmail(deliver, data['deliveryId'] ?? ''));
    const sweep = startSweep({ database, enqueue, log });
    releasers.add('sweep', sweep.stop);
    const tidying = periodically({ name: 'tidying', everyMs: tidyMs, run: () => tidy(database), log });
    releasers.add('tidying', tidying.stop);

    const copy = projectReactions() as Record<'project.created' | 'project.member-added', Reaction>;
    const taskChanged = onTaskChanged(enqueueSoon);
    const follow = (source: Peer, reactions: Record<string, Reaction>, onNewEpoch: TailOptions['onNewEpoch']) => {
      const tail = startTail({ consumer, source, reactions, onNewEpoch, dataSource: database, log });
      releasers.add(`tail of ${source.name}`, tail.stop);
    };
    const contacts = { 'user.registered': onUserChanged, 'user.updated': onUserChanged, 'user.deactivated': onUserChanged, 'user.reactivated': onUserChanged };
    follow(user, contacts, forgetContacts);
    // Who belongs where is read again after a restore; what was told is not told again (the reactions see `replayed`).
    const projects = {
      ...copy,
      'project.created': onProjectCreated(copy['project.created'], enqueueSoon),
      'project.member-added': onProjectMemberAdded(copy['project.member-added'], enqueueSoon),
    };
    follow(project, projects, (tx) => forgetPlaces(tx.query, 'project'));
    follow(task, Object.fromEntries(taskEventTypes.map((type) => [type, taskChanged])), 'continue');

    const missing = async () => {
      const [databaseThere, queueThere] = await Promise.all([databaseAnswers(database), backend.answers()]);
      return [...(databaseThere ? [] : ['database']), ...(queueThere ? [] : ['queue'])];
    };
    return { missing, stop: () => releasers.releaseAll() };
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}
