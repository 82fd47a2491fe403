// Password hashing: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), two at a time so that logins cannot starve the process.
import { hash, verify } from '@node-rs/argon2';
import { overloaded } from '@taskgraph/shared/errors';
import { checkText } from '@taskgraph/shared/text';
import { createWaitingLine } from '@taskgraph/shared/waiting-line';

/** `algorithm: 2` is argon2id; the library's enum cannot be imported from isolated modules. */
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const atOnce = 2;
/** Waiting beyond this many is answered OVERLOADED: at some 30 hashes a second, about three seconds. */
const waitingLimit = 100;

/** How long after its arrival a request may still begin a hash, in milliseconds: below the gateway's patience, whatever stands in one document. */
const patienceMs = 5_000;
/** Seconds after which those that are refused may come again. */
const retryAfter = 3;

/** Until when a request that came now may begin a hash. */
export const hashDeadline = (): number => performance.now() + patienceMs;

/** OVERLOADED beyond the deadline. */
export function checkDeadline(until: number): void {
  if (performance.now() >= until) throw overloaded(retryAfter);
}

const line = createWaitingLine({ limit: atOnce, queue: waitingLimit, retryAfter });

/** What a new password has to be; old ones are only compared. */
export const checkNewPassword = (path: string, password: string): string => checkText(path, password, { min: 8, max: 256 });

/** `until` as `hashDeadline` told it when the request came; OVERLOADED beyond it. */
export const hashPassword = (password: string, until = hashDeadline()): Promise<string> => line.run(() => hash(password, options), until);

/** A hash that no password has, made once: checking against it costs what a real check costs. */
let decoy: Promise<string> | undefined;

/** Makes the decoy before anybody has to wait for it. */
export const warmUp = async (): Promise<void> => void (await (decoy ??= hashPassword(`decoy ${Math.random()}`)));

/** Checks a password; with no hash (an unknown account) it spends the same time and answers false. OVERLOADED beyond `until`. */
export async function verifyPassword(storedHash: string | null, password: string, until = hashDeadline()): Promise<boolean> {
  decoy ??= hashPassword(`decoy ${Math.random()}`);
  const against = storedHash ?? (await decoy);
  const matches = await line.run(() => verify(against, password), until);
  return storedHash !== null && matches;
}
