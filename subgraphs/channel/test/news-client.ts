// What a person sees and does with notifications, and which e-mails reached them.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Person, WorkerHarness } from './worker-harness.js';

export interface Node {
  id: string;
  cursor: string;
  kind: string;
  title: string;
  body: string | null;
  createdAt: string;
  readAt: string | null;
  snoozedUntil: string | null;
  archivedAt: string | null;
}

const ask = `query ($filter: NotificationFilter, $first: Int, $after: String) { notifications(filter: $filter, first: $first, after: $after) {
  totalCount unreadCount pageInfo { hasNextPage endCursor } nodes { id cursor kind title body createdAt readAt snoozedUntil archivedAt task { id } project { id } channel { id } actor { id } } } }`;

export interface Mail {
  headers: string;
  text: string;
  html: string;
}

export function newsClient(world: WorkerHarness) {
  const list = async (person: Person, variables: object = {}): Promise<{ nodes: Node[]; totalCount: number; unreadCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } }> => {
    const { data, errors } = await world.api.query(ask, variables, person);
    expect(errors).toBeUndefined();
    return data.notifications;
  };
  const kinds = async (person: Person, variables: object = {}): Promise<string[]> => (await list(person, variables)).nodes.map((node) => node.kind);
  return {
    list,
    kinds,
    /** Waits until the person has been told exactly this, newest first. */
    async told(person: Person, expected: string[]): Promise<Node[]> {
      await eventually(async () => expect(await kinds(person)).toEqual(expected));
      return (await list(person)).nodes;
    },
    async mutate(name: string, type: string, input: object, person: Person, selection = 'unreadCount notifications { id cursor readAt snoozedUntil archivedAt }', key?: string) {
      const answer = await world.api.query(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }, person, key === undefined ? {} : { 'idempotency-key': key });
      return { payload: answer.data?.[name], error: answer.errors?.[0]?.extensions as { code: string; fields?: { path: string }[] } | undefined };
    },
    async settings(person: Person, input: object) {
      const { payload, error } = await this.mutate('updateNotificationSettings', 'UpdateNotificationSettingsInput', input, person, 'settings { version digest quietHours { from to } preferences { kind methods } }');
      expect(error).toBeUndefined();
      return payload.settings as { version: number; digest: string; quietHours: object | null; preferences: { kind: string; methods: string[] }[] };
    },
    mails: (person: Person): Mail[] => world.smtp.mails.filter((mail) => mail.to === person.email).map((mail) => readMail(mail.message)),
    deliveries: (person: Person) =>
      world.sql<{ id: string; state: string; hold: string | null; attempts: number; last_error: string | null; next_attempt_at: Date }>(
        'select * from deliveries where user_id = $1 and notification_id is not null order by id', [person.id]),
    /** Brings whatever waits forward, as time would. */
    hurry: (person: Person) => world.sql(`update deliveries set next_attempt_at = now() where user_id = $1 and state = 'PENDING' and next_attempt_at > now()`, [person.id]),
  };
}

/** The two parts of a message, decoded. */
function readMail(message: string): Mail {
  const [headers = ''] = message.split('\r\n\r\n');
  const part = (type: string) => {
    const [, rest = ''] = message.split(`Content-Type: ${type}; charset=utf-8\r\n`);
    const [head = '', ...body] = rest.split('\r\n\r\n');
    const text = body.join('\r\n\r\n').split('\r\n----')[0] ?? '';
    return head.includes('quoted-printable') ? unquoted(text) : head.includes('base64') ? Buffer.from(text, 'base64').toString() : text;
  };
  return { headers: headers.replace(/\r\n[ \t]+/g, ' '), text: part('text/plain'), html: part('text/html') };
}

const unquoted = (text: string): string =>
  Buffer.from(text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8');
