// By which methods a person is told of what, and when an e-mail goes out. Pure.
import { notificationKinds, type NotificationKind } from './entities/notification.js';
import { nextDigest, type QuietHours } from './local-time.js';

export const deliveryMethods = ['IN_APP', 'EMAIL'] as const;
export type DeliveryMethod = (typeof deliveryMethods)[number];
export type DigestFrequency = 'OFF' | 'HOURLY' | 'DAILY';

export interface Settings {
  /** Kinds that are absent have their default. */
  methods: Partial<Record<NotificationKind, DeliveryMethod[]>>;
  quietHours: QuietHours | null;
  digest: DigestFrequency;
  version: number;
}

export const defaultSettings: Settings = { methods: {}, quietHours: null, digest: 'OFF', version: 1 };

/** Mailed unless somebody decides otherwise (RULES §7). */
const mailedKinds: ReadonlySet<NotificationKind> = new Set(['TASK_ASSIGNED', 'MENTIONED', 'TASK_OVERDUE', 'PROJECT_ADDED']);

export const methodsFor = ({ methods }: Settings, kind: NotificationKind): DeliveryMethod[] => methods[kind] ?? (mailedKinds.has(kind) ? ['IN_APP', 'EMAIL'] : ['IN_APP']);

export const preferencesOf = (settings: Settings): { kind: NotificationKind; methods: DeliveryMethod[] }[] =>
  notificationKinds.map((kind) => ({ kind, methods: methodsFor(settings, kind) }));

/** How long changes of one task gather before they are mailed together, in milliseconds. */
export const groupMs = 5 * 60_000;

export interface Departure {
  at: Date;
  /** Null: at once. */
  hold: 'GROUP' | 'DIGEST' | null;
}

/** When an e-mail about something that is known now is to leave. A mention never waits for others; quiet hours are judged when it is sent. */
export function departureOf(settings: Settings, kind: NotificationKind, zone: string, now: Date): Departure {
  if (kind === 'MENTIONED') return { at: now, hold: null };
  if (settings.digest !== 'OFF') return { at: nextDigest(now, zone, settings.digest), hold: 'DIGEST' };
  return kind === 'TASK_UPDATED' ? { at: new Date(now.getTime() + groupMs), hold: 'GROUP' } : { at: now, hold: null };
}
