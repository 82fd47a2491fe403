// The least that a worker on the same queue can do: its handler commits one insert.
import { openDatabase } from '@taskgraph/shared/database';
import { createQueueBackend } from '@taskgraph/shared/queue';
import { pino } from 'pino';

const log = pino({ level: 'error' });
const { CONTROL_DATABASE_URL: url, REDIS_URL: redisUrl, QUEUE_DATABASE_URL: databaseUrl } = process.env;
const database = await openDatabase({ url, poolSize: 10, applicationName: 'control', log });
const backend = createQueueBackend({ owner: 'control', redisUrl: redisUrl || undefined, databaseUrl, log });
// As many at once as e-mails.
backend.work('inserts', (data) => database.query('insert into channel.control (id) values ($1)', [data.id]), { concurrency: 50 });
for (const end of ['SIGTERM', 'disconnect']) process.once(end, () => void backend.close().then(() => process.exit(0)));
