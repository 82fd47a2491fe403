// Composition root of the user subgraph's background work: mails, and cleaning up. Of other logs it only hears which dead letters to run again.
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
import { startCleanUp } from './jobs/clean-up.js';
import { redriveMail } from './jobs/redrive-mail.js';
import { sendMail } from './jobs/send-mail.js';
import { startMailSweep } from './jobs/sweep-mails.js';
import { waitingMails } from './repositories/mail-repository.js';

export async function startWorker(config: Config, log: Logger): Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize: 5, entities, applicationName: 'user worker', log });
    releasers.add('database', () => database.destroy());
    const mailer = createMailer({ smtpUrl: config.SMTP_URL, directory: config.MAIL_DIR ?? '', from: config.MAIL_FROM });
    releasers.add('mailer', () => mailer.close());
    const backend = createQueueBackend({
      owner: 'user', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, memoryMarkPercent: config.REDIS_MEMORY_MARK_PERCENT, log,
    });
    releasers.add('queue', () => backend.close());

    const options = {
      database, mailer, log,
      secretKey: config.SECRET_KEY,
      publicUrl: config.PUBLIC_URL,
      requireVerified: config.REQUIRE_VERIFIED_EMAIL ?? config.NODE_ENV === 'production',
    };
    backend.work('mails', (data) => sendMail(options, data['mailId'] ?? ''));
    const mails = backend.queue('mails');
    const sweep = startMailSweep({ database, queue: mails, enqueue: (id) => mails.add({ id, data: { mailId: id } }), log });
    releasers.add('mail sweep', sweep.stop);
    const cleaner = startCleanUp(database, config.SESSION_EXPIRE_DAYS, log);
    releasers.add('clean-up', cleaner.stop);

    const deadLetters = startDeadLetters({ owner: 'user', database, redrives: { mails: redriveMail }, log });
    releasers.add('dead letters', deadLetters.stop);
    const signer = createIdentitySigner({ service: 'user', privateKey: config.IDENTITY_PRIVATE_KEY });
    // The configuration insists on this address for a worker.
    const channel = createPeer({ name: 'channel', url: config.CHANNEL_URL as string, signer });
    releasers.add('channel peer', () => channel.close());
    const reactions = { 'dead-letters.redrive-requested': onRedriveRequested };
    const tail = startTail({ consumer: 'dead-letters', source: channel, reactions, onNewEpoch: 'continue', dataSource: database, log });
    releasers.add('tail of channel', tail.stop);
    const figures = tellOfWork({ schema: 'user', database, waiting: [{ queue: 'mails', rows: waitingMails }] });
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
