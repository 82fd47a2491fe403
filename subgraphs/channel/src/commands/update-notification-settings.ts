import { badInput } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { methodsFor, type DeliveryMethod, type Settings } from '../delivery-plan.js';
import type { UpdateNotificationSettingsInput } from '../generated/resolver-types.js';
import { nextDigest, type QuietHours } from '../local-time.js';
import { replanDeliveries } from '../repositories/delivery-repository.js';
import { findSettings, saveSettings } from '../repositories/settings-repository.js';
import { viewerOf } from './write-channel.js';

export const settingsLock = (userId: string): string => `notification-settings:${userId}`;

type Patch = Partial<Pick<Settings, 'methods' | 'quietHours' | 'digest'>>;

/** Applies a patch to the viewer's own settings: kinds that are not named keep theirs. What waits is planned anew. One version, where anything changes. */
export async function updateNotificationSettings(context: Context, input: UpdateNotificationSettingsInput): Promise<Settings> {
  const userId = viewerOf(context);
  const patch = readPatch(input);
  return writeTransaction(context.database, { lock: [settingsLock(userId)], idempotency: context.idempotency }, async (tx) => {
    tx.remember({ userId });
    const known = (await findSettings(tx.query, [userId])).get(userId);
    if (!known) throw new Error('settings were not answered');
    const { settings: before, zone } = known;
    const after: Settings = { ...before, ...patch, methods: { ...before.methods, ...patch.methods } };
    if (isSame(before, after)) return before;
    const settings = { ...after, version: before.version + 1 };
    await saveSettings(tx, userId, settings);
    const now = new Date();
    await replanDeliveries(tx, userId, settings.digest === 'OFF' ? now : nextDigest(now, zone, settings.digest));
    return settings;
  });
}

function isSame(before: Settings, after: Settings): boolean {
  const kinds = Object.keys(after.methods) as (keyof Settings['methods'])[];
  const sameMethods = kinds.every((kind) => methodsFor(before, kind).join() === methodsFor(after, kind).join());
  return sameMethods && before.digest === after.digest && before.quietHours?.from === after.quietHours?.from && before.quietHours?.to === after.quietHours?.to;
}

function readPatch({ preferences, quietHours, digest }: UpdateNotificationSettingsInput): Patch {
  if (digest === null) throw badInput('input.digest', 'must not be null');
  return {
    ...(preferences ? { methods: readMethods(preferences) } : {}),
    ...(quietHours === undefined ? {} : { quietHours: quietHours && readQuietHours(quietHours) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function readMethods(preferences: NonNullable<UpdateNotificationSettingsInput['preferences']>): Settings['methods'] {
  const methods: Settings['methods'] = {};
  preferences.forEach(({ kind, methods: chosen }, index) => {
    if (methods[kind]) throw badInput(`input.preferences.${index}.kind`, 'must be named once');
    // One spelling for one choice, whatever order it came in.
    methods[kind] = (['IN_APP', 'EMAIL'] satisfies DeliveryMethod[]).filter((method) => chosen.includes(method));
  });
  return methods;
}

const time = /^([01]\d|2[0-3]):[0-5]\d$/;

function readQuietHours({ from, to }: QuietHours): QuietHours {
  if (!time.test(from)) throw badInput('input.quietHours.from', 'must be a time of day as HH:MM');
  if (!time.test(to)) throw badInput('input.quietHours.to', 'must be a time of day as HH:MM');
  if (from === to) throw badInput('input.quietHours.to', 'must differ from the beginning');
  return { from, to };
}
