// Keys that sign access tokens: kept sealed in the database, public halves published as JWKS, and followed by new ones without
// anybody noticing. A key is published before it signs, and stays published until the last token it signed is dead.
import type { Logger } from 'pino';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { DataSource } from 'typeorm';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { addSigningKey, readSigningKeys, withdrawSigningKeys, type SigningKeyRow } from './repositories/signing-key-repository.js';
import { unseal } from './sealing.js';

export interface SigningKeys {
  /** The key that signs now. */
  current(): { kid: string; privateKey: CryptoKey };
  /** Every key whose tokens may live, now or soon. */
  jwks(): { keys: JWK[] };
  stop(): Promise<void>;
}

export interface SigningKeyOptions {
  database: DataSource;
  secretKey: string;
  /** Life of an access token. */
  accessMinutes: number;
  /** Age at which a key gets a successor. */
  rotateDays: number;
  /** How often each replica looks whether the keys have changed. */
  checkSeconds: number;
  log: Logger;
}

/** Replicas look every 30 s, gateways every 60 s, and others may keep the public document for 60 s: all know a key after this. */
const publishSeconds = 300;
/** Clocks differ, and a replica that is late signs with the old key for a while. */
const slackMinutes = 10;

/** Loads the keys, making the first one, and keeps them fresh; replicas starting at once agree. */
export async function openSigningKeys({ database, secretKey, accessMinutes, rotateDays, checkSeconds, log }: SigningKeyOptions): Promise<SigningKeys> {
  const imported = new Map<string, CryptoKey>();
  let keys: { row: SigningKeyRow; privateKey: CryptoKey }[] = [];

  async function load(): Promise<void> {
    let rows = await readSigningKeys(database);
    if (needsChange(rows, rotateDays, accessMinutes)) rows = await changeKeys(database, secretKey, rotateDays, accessMinutes, log);
    keys = await Promise.all(
      rows.map(async (row) => {
        const known = imported.get(row.kid);
        const privateKey = known ?? ((await importJWK(JSON.parse(unseal(row.sealedPrivateJwk, secretKey)) as JWK, 'EdDSA')) as CryptoKey);
        imported.set(row.kid, privateKey);
        return { row, privateKey };
      }),
    );
  }
  await load();

  let checking = Promise.resolve();
  const timer = setInterval(() => {
    checking = load().catch((error: unknown) => log.warn({ err: error }, 'the signing keys could not be looked at'));
  }, checkSeconds * 1_000);
  return {
    current() {
      const now = Date.now();
      // Newest first; the oldest signs where the clock says that none may yet.
      const key = keys.find(({ row }) => row.activatesAt.getTime() <= now) ?? keys.at(-1);
      if (!key) throw new Error('there is no signing key');
      return { kid: key.row.kid, privateKey: key.privateKey };
    },
    jwks: () => ({ keys: keys.map(({ row }) => row.publicJwk) }),
    async stop() {
      clearInterval(timer);
      await checking;
    },
  };
}

/** Rows come newest first. */
const isDue = ([newest]: SigningKeyRow[], rotateDays: number) => !newest || newest.activatesAt.getTime() < Date.now() - rotateDays * 86_400_000;

function needsChange(rows: SigningKeyRow[], rotateDays: number, accessMinutes: number): boolean {
  const dead = Date.now() - (accessMinutes + slackMinutes) * 60_000;
  return isDue(rows, rotateDays) || rows.slice(0, -1).some((row) => row.activatesAt.getTime() < dead);
}

/** Judged again under the lock: one of several replicas makes the key. */
const changeKeys = (database: DataSource, secretKey: string, rotateDays: number, accessMinutes: number, log: Logger): Promise<SigningKeyRow[]> =>
  writeTransaction(database, { lock: ['signing-keys'] }, async (tx) => {
    const rows = await readSigningKeys(tx);
    if (isDue(rows, rotateDays)) {
      const kid = await addSigningKey(tx, secretKey, rows.length === 0 ? 0 : publishSeconds);
      tx.afterCommit(() => log.info({ kid }, 'a new signing key was published'));
    }
    const withdrawn = await withdrawSigningKeys(tx, accessMinutes + slackMinutes);
    if (withdrawn > 0) tx.afterCommit(() => log.info({ withdrawn }, 'signing keys were withdrawn'));
    return readSigningKeys(tx);
  });

/** By hand, at any time: publishes a key that signs in five minutes. Answers when, or null where one waits already. */
export const rotateNow = (database: DataSource, secretKey: string): Promise<Date | null> =>
  writeTransaction(database, { lock: ['signing-keys'] }, async (tx) => {
    const [newest] = await readSigningKeys(tx);
    if (newest && newest.activatesAt.getTime() > Date.now()) return null;
    await addSigningKey(tx, secretKey, newest ? publishSeconds : 0);
    return new Date(Date.now() + publishSeconds * 1_000);
  });
