// Password hashing: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), two at a time so that logins cannot starve the process.
import { hash, verify } from '@node-rs/argon2';
import { overloaded } from '@taskgraph/shared/errors';
import { checkText } from '@taskgraph/shared/text';

/** `algorithm: 2` is argon2id; the library's enum cannot be imported from isolated modules. */
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const atOnce = 2;
/** Waiting beyond this many is answered OVERLOADED: at some 30 hashes a second, about three seconds. */
const waitingLimit = 100;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < atOnce) running += 1;
  else if (waiting.length < waitingLimit) await new Promise<void>((resolve) => waiting.push(resolve));
  else throw overloaded(3);
  try {
    return await work();
  } finally {
    // The place is handed on, not given up: nobody who comes meanwhile can take it as well.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** What a new password has to be; old ones are only compared. */
export const checkNewPassword = (path: string, password: string): string => checkText(path, password, { min: 8, max: 256 });

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, options));

/** A hash that no password has, made once: checking against it costs what a real check costs. */
let decoy: Promise<string> | undefined;

/** Makes the decoy before anybody has to wait for it. */
export const warmUp = async (): Promise<void> => void (await (decoy ??= hashPassword(`decoy ${Math.random()}`)));

/** Checks a password; with no hash (an unknown account) it spends the same time and answers false. */
export async function verifyPassword(storedHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword(`decoy ${Math.random()}`);
  const against = storedHash ?? (await decoy);
  const matches = await inTurn(() => verify(against, password));
  return storedHash !== null && matches;
}
