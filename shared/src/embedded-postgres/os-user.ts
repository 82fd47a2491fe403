import { readFileSync, statSync } from 'node:fs';
import { StartError } from '../start-error.js';

/** The account Postgres runs under; undefined means: the one we are. */
export interface OsUser {
  name: string;
  uid: number;
  gid: number;
}

export const POSIX_SHELL = '/bin/sh';

// Never created by us. `postgres` comes with distribution packages, `nobody` is nearly everywhere.
const CANDIDATES = ['postgres', 'nobody'];

/**
 * Postgres refuses to run as root, so root hands it to an unprivileged account that exists.
 * Data that is there already decides: its owner stays its owner even if a `postgres` account appears later.
 */
export function chooseOsUser(dataDirs: string[], passwd = '/etc/passwd'): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts(passwd);
  for (const dir of dataDirs) {
    const owner = ownerOf(dir);
    if (owner) return accounts.find((account) => account.uid === owner.uid) ?? { name: `uid ${owner.uid}`, ...owner };
  }
  for (const name of CANDIDATES) {
    const account = accounts.find((entry) => entry.name === name && entry.uid !== 0);
    if (account) return account;
  }
  throw new StartError(
    `Postgres does not run as root and neither of the accounts ${CANDIDATES.join(', ')} exists in ${passwd}: start as an ordinary user, or set DATABASE_URL to a server of your own.`,
  );
}

/** What to give `spawn` so that the program runs as that user. */
export function runAs(user: OsUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

function readAccounts(passwd: string): OsUser[] {
  let text: string;
  try {
    text = readFileSync(passwd, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function ownerOf(dir: string): { uid: number; gid: number } | undefined {
  try {
    const { uid, gid } = statSync(dir);
    return uid === 0 ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
