// npm run --silent secrets > .env: everything docker-compose.yml asks for, random, new at every run.
import { serviceNames } from '@taskgraph/shared/config';
import { ROLE_KINDS, SCHEMAS } from '@taskgraph/shared/provision/names';
import { passwordSetting } from './config.js';
import { deriveSecrets, random } from './secrets.js';

const { rolePasswords, keys, identityPublicKeys } = deriveSecrets(random());
const lines = [
  '# Made by `npm run --silent secrets`. Keep it: the databases are opened with these. See .env.example.',
  '',
  'PUBLIC_URL=http://localhost:4000',
  'GATEWAY_PORT=4000',
  'SMTP_URL=smtp://mailpit:1025',
  "MAIL_FROM='Taskgraph <taskgraph@localhost>'",
  '',
  `POSTGRES_PASSWORD=${random()}`,
  `REDIS_PASSWORD=${random()}`,
  `BOOTSTRAP_TOKEN=${random()}`,
  '',
  ...SCHEMAS.flatMap((schema) => ROLE_KINDS.map((kind) => `${passwordSetting(schema, kind)}=${rolePasswords[schema][kind]}`)),
  `BULLMQ_PASSWORD=${rolePasswords.bullmq}`,
  '',
  ...SCHEMAS.map((schema) => `${schema.toUpperCase()}_SECRET_KEY=${keys[schema].secretKey}`),
  '',
  ...serviceNames.map((name) => `${name.toUpperCase()}_IDENTITY_PRIVATE_KEY=${keys[name].identityPrivateKey}`),
  `IDENTITY_PUBLIC_KEYS='${identityPublicKeys}'`,
];
process.stdout.write(`${lines.join('\n')}\n`);
