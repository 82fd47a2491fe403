import { createPrivateKey, createPublicKey, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { serviceNames, type ServiceName } from '@taskgraph/shared/config';
import { ROLE_KINDS, roleName, type RolePasswords, SCHEMAS } from '@taskgraph/shared/provision/names';
import { StartError } from '@taskgraph/shared/start-error';
import { z } from 'zod';

/** What is made once and kept: everything else is derived. */
export interface KeptSecrets {
  /** Root of all derived keys and passwords; TASKGRAPH_SECRET replaces it. */
  secret: string;
  /** Of the embedded server's superuser. Not derived: the cluster is made with it, whatever TASKGRAPH_SECRET becomes. */
  postgresPassword: string;
}

const kept = z.object({ secret: z.string().min(32), postgresPassword: z.string().min(16) });

/** Reads the file, or makes it at the first start. Without it existing data cannot be opened, so it is then not made anew. */
export function keepSecrets(file: string, dataExists: boolean): KeptSecrets {
  if (!existsSync(file)) {
    if (dataExists) {
      throw new StartError(`${file} is missing and the data beside it cannot be opened without it: restore it, or run npm run reset to begin anew.`);
    }
    const made: KeptSecrets = { secret: random(), postgresPassword: random() };
    mkdirSync(dirname(file), { recursive: true });
    // Linked into place when complete: a full disk or a kill never leaves half a file.
    const half = `${file}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true });
    linkSync(half, file);
    rmSync(half);
  }
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'its content is damaged';
    throw new StartError(`${file} cannot be read (${reason}): restore it, or run npm run reset to begin anew.`);
  }
}

export interface ServiceKeys {
  secretKey: string;
  identityPrivateKey: string;
}

export interface DerivedSecrets {
  rolePasswords: RolePasswords;
  keys: Record<ServiceName, ServiceKeys>;
  /** IDENTITY_PUBLIC_KEYS: JSON, one public key per service. */
  identityPublicKeys: string;
}

/** One secret, many purposes; knowing one result tells nothing about another. */
export function deriveSecrets(secret: string): DerivedSecrets {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'taskgraph', purpose, 32));
  const password = (role: string): string => derive(`postgres role ${role}`).toString('base64url');
  const roles = SCHEMAS.map((schema) => [schema, Object.fromEntries(ROLE_KINDS.map((kind) => [kind, password(roleName(schema, kind))]))]);
  const identities = serviceNames.map((name) => [name, identityFromSeed(derive(`identity ${name}`))] as const);
  const keys = identities.map(([name, { privateKey }]) => [
    name,
    { secretKey: derive(`secret key ${name}`).toString('base64url'), identityPrivateKey: privateKey },
  ]);
  return {
    rolePasswords: { ...Object.fromEntries(roles), bullmq: password('bullmq') } as RolePasswords,
    keys: Object.fromEntries(keys) as Record<ServiceName, ServiceKeys>,
    identityPublicKeys: JSON.stringify(Object.fromEntries(identities.map(([name, { publicKey }]) => [name, publicKey]))),
  };
}

// RFC 8410: an Ed25519 private key in PKCS8 is this prefix and the 32 bytes of the seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Both keys as base64url of their DER form. */
export function identityFromSeed(seed: Buffer): { privateKey: string; publicKey: string } {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return {
    privateKey: der.toString('base64url'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
  };
}

export function random(): string {
  return randomBytes(32).toString('base64url');
}
