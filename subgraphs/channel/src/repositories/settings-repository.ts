import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { defaultSettings, type Settings } from '../delivery-plan.js';

/** Runs a statement and answers its rows, in a transaction or not. */
export type Rows = WriteTransaction['query'];

interface SettingsRow {
  userId: string;
  methods: Settings['methods'] | null;
  quietFrom: string | null;
  quietTo: string | null;
  digest: Settings['digest'];
  version: number;
  timeZone: string | null;
}

const settingsOf = ({ methods, quietFrom, quietTo, digest, version }: SettingsRow): Settings =>
  methods === null ? defaultSettings : { methods, digest, version, quietHours: quietFrom !== null && quietTo !== null ? { from: quietFrom, to: quietTo } : null };

export interface KnownSettings {
  settings: Settings;
  /** IANA name; UTC while the user log has not told of the person. */
  zone: string;
}

/** What each of these people has decided, the defaults where they have not. */
export async function findSettings(rows: Rows, userIds: readonly string[]): Promise<Map<string, KnownSettings>> {
  const found = await rows<SettingsRow>(
    `select q.id as "userId", s.methods, s.quiet_from as "quietFrom", s.quiet_to as "quietTo", s.digest, s.version, c.time_zone as "timeZone"
     from unnest($1::uuid[]) q (id) left join notification_settings s on s.user_id = q.id left join contacts c on c.user_id = q.id`,
    [userIds],
  );
  return new Map(found.map((row) => [row.userId, { settings: settingsOf(row), zone: row.timeZone ?? 'UTC' }]));
}

export async function findOwnSettings(rows: Rows, userId: string): Promise<Settings> {
  return (await findSettings(rows, [userId])).get(userId)?.settings ?? defaultSettings;
}

export async function saveSettings(tx: WriteTransaction, userId: string, { methods, quietHours, digest, version }: Settings): Promise<void> {
  await tx.query(
    `insert into notification_settings (user_id, methods, quiet_from, quiet_to, digest, version) values ($1, $2, $3, $4, $5, $6)
     on conflict (user_id) do update set
       methods = excluded.methods, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, digest = excluded.digest, version = excluded.version`,
    [userId, JSON.stringify(methods), quietHours?.from ?? null, quietHours?.to ?? null, digest, version],
  );
}
