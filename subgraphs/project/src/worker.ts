// Composition root of the project subgraph's background work: mails invites, deletes what has served its time.
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { onRedriveRequested, startDeadLetters } from '@taskgraph/shared/dead-letters';
import { startTail } from '@taskgraph/shared/event-tail';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createMailer } from '@taskgraph/shared/mailer';
import { tellOfWork } from '@taskgraph/shared/metrics/work-figures';
import { createPeer } from '@taskgraph/shared/peer';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { createReleasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { entities, migrateDatabase } from './database.js';
import { createInviteCodes } from './invite-codes.js';
import { mailInvite, type MailInviteOptions } from './jobs/mail-invite.js';
import { periodically } from '@taskgraph/shared/periodically';
import { redriveInviteMail } from './jobs/redrive-invite-mail.js';
import { sweepMails } from './jobs/sweep-mails.js';
import { tidy } from './jobs/tidy.js';
import { waitingInviteMails } from './repositories/invite-mail-repository.js';

/** How soon a new invite is found and mailed, in milliseconds. */
const sweepMs = 1_000;
const tidyMs = 10 * 60_000;
/** Nothing here waits for anything but mail servers; the API has the larger pool. */
const poolSize = 5;

export async function startWorker(config: Config, log: Logger): Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize, entities, applicationName: 'project worker', log });
    releasers.add('database', () => database.destroy());
    const mailer = createMailer({ smtpUrl: config.SMTP_URL, directory: config.MAIL_DIR ?? '', from: config.MAIL_FROM });
    releasers.add('mailer', () => mailer.close());
    const backend = createQueueBackend({
      owner: 'project', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, memoryMarkPercent: config.REDIS_MEMORY_MARK_PERCENT, log,
    });
    releasers.add('queue', () => backend.close());

    const options: MailInviteOptions = { database, mailer, log, codes: createInviteCodes(config.SECRET_KEY), publicUrl: config.PUBLIC_URL };
    backend.work('invite-mails', (data) => mailInvite(options, data['inviteId'] ?? ''));
    const mails = backend.queue('invite-mails');
    const enqueue = (id: string) => mails.add({ id, data: { inviteId: id } });
    const sweep = periodically({ name: 'sweep of invite mails', everyMs: sweepMs, run: () => sweepMails({ database, queue: mails, enqueue, log }), log });
    releasers.add('sweep of invite mails', sweep.stop);
    const tidying = periodically({ name: 'tidying', everyMs: tidyMs, run: () => tidy(database), log });
    releasers.add('tidying', tidying.stop);

    const deadLetters = startDeadLetters({ owner: 'project', database, redrives: { 'invite-mails': redriveInviteMail }, log });
    releasers.add('dead letters', deadLetters.stop);
    const signer = createIdentitySigner({ service: 'project', privateKey: config.IDENTITY_PRIVATE_KEY });
    const channel = createPeer({ name: 'channel', url: config.CHANNEL_URL, signer });
    releasers.add('channel peer', () => channel.close());
    const reactions = { 'dead-letters.redrive-requested': onRedriveRequested };
    const tail = startTail({ consumer: 'dead-letters', source: channel, reactions, onNewEpoch: 'continue', dataSource: database, log });
    releasers.add('tail of channel', tail.stop);
    const figures = tellOfWork({ schema: 'project', database, waiting: [{ queue: 'invite-mails', rows: waitingInviteMails }] });
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
