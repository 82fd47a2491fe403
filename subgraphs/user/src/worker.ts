// Composition root of the user subgraph's background work: mails, and cleaning up. It tails nothing.
import { databaseAnswers, openDatabase } from '@taskgraph/shared/database';
import { createMailer } from '@taskgraph/shared/mailer';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { createReleasers } from '@taskgraph/shared/shutdown';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { entities, migrateDatabase } from './database.js';
import { startCleanUp } from './jobs/clean-up.js';
import { sendMail } from './jobs/send-mail.js';
import { startMailSweep } from './jobs/sweep-mails.js';

export async function startWorker(config: Config, log: Logger): Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }> {
  const releasers = createReleasers(log);
  try {
    await migrateDatabase(config.OWNER_DATABASE_URL);
    const database = await openDatabase({ url: config.WORKER_DATABASE_URL, poolSize: 5, entities, applicationName: 'user worker', log });
    releasers.add('database', () => database.destroy());
    const mailer = createMailer({ smtpUrl: config.SMTP_URL, directory: config.MAIL_DIR ?? '', from: config.MAIL_FROM });
    releasers.add('mailer', () => mailer.close());
    const backend = createQueueBackend({ owner: 'user', redisUrl: config.REDIS_URL, databaseUrl: config.QUEUE_DATABASE_URL, log });
    releasers.add('queue', () => backend.close());

    const options = {
      database, mailer, log,
      secretKey: config.SECRET_KEY,
      publicUrl: config.PUBLIC_URL,
      requireVerified: config.REQUIRE_VERIFIED_EMAIL ?? config.NODE_ENV === 'production',
    };
    backend.work('mails', (data) => sendMail(options, data['mailId'] ?? ''));
    const mails = backend.queue('mails');
    const sweep = startMailSweep({ database, enqueue: (id) => mails.add({ id, data: { mailId: id } }), log });
    releasers.add('mail sweep', sweep.stop);
    const cleaner = startCleanUp(database, config.SESSION_EXPIRE_DAYS, log);
    releasers.add('clean-up', cleaner.stop);

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
