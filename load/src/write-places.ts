// Writes people, projects and channels with their logs, a few short transactions each.
import { scopeId } from '@taskgraph/shared/scope';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { selectRows } from '@taskgraph/shared/database';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { newChannelCode } from '@taskgraph/channel/dist/channel-code.js';
import type { DataSource } from 'typeorm';
import type { ChannelPlan, Person, Plan, ProjectPlan } from './plan.js';

/** People per transaction. */
const chunk = 200;

/** Addresses of a domain that nobody has, and not verified: where that is required nothing is mailed to them. */
export const emailOf = ({ handle }: Pick<Person, 'handle'>): string => `${handle}@load.example`;

/** Whether the account is there already. */
export const handleExists = async (users: DataSource, handle: string): Promise<boolean> =>
  (await selectRows(users, 'select 1 from users where handle = $1', [handle])).length > 0;

/** All with the same password. `firstIsAdmin`: as if the first one had registered at an empty installation. */
export async function writePeople(users: DataSource, plan: Plan, passwordHash: string, firstIsAdmin: boolean): Promise<void> {
  const [any] = await selectRows(users, 'select 1 from users limit 1');
  const roleOf = (index: number) => (firstIsAdmin && !any && index === 0 ? 'ADMIN' : 'MEMBER');
  for (let start = 0; start < plan.people.length; start += chunk) {
    const people = plan.people.slice(start, start + chunk).map((person, offset) => ({ ...person, email: emailOf(person), role: roleOf(start + offset) }));
    await writeTransaction(users, { lock: people.map(({ id }) => `user:${id}`) }, async (tx) => {
      await tx.query(
        `insert into users (id, handle, email, email_key, name, time_zone, role, password_hash, registered_as, created_at, version, event_seq)
         select id, handle, email, email, name, "timeZone", role, $2, 'load', "createdAt", 1, 1
         from jsonb_to_recordset($1::jsonb) as p (id uuid, handle text, email text, name text, "timeZone" text, role text, "createdAt" timestamptz)`,
        [JSON.stringify(people), passwordHash],
      );
      await tx.emitAll(people.map(({ id, handle, name, email, timeZone, role }): NewEvent => ({
        type: 'user.registered', aggregateId: id, seq: 1, version: 1, actorId: id, traceId: null,
        payload: { userId: id, handle, name, email, emailVerified: false, timeZone, role, active: true, version: 1 },
      })));
    });
  }
}

/** Each member is a version and an event of the place, as when they come one by one. */
const lastVersion = (place: ProjectPlan | ChannelPlan): number => place.members.length;

export async function writeProjects(projects: DataSource, plan: Plan): Promise<void> {
  for (const project of plan.projects) {
    const { id, key, name, description, createdAt, members } = project;
    const ownerId = members[0]?.userId as string;
    await writeTransaction(projects, { lock: [`project:${id}`, `project-key:${key}`] }, async (tx) => {
      const version = lastVersion(project);
      await tx.query(
        `insert into projects (id, key, name, name_key, description, status, created_by_id, created_as, created_at, updated_at, version, event_seq)
         values ($1, $2, $3, $4, $5, 'ACTIVE', $6, 'load', $7, $7, $8, $8)`,
        [id, key, name, name.toLowerCase(), description, ownerId, createdAt, version],
      );
      await tx.query(
        `insert into project_members (project_id, user_id, role, joined_at)
         select $1, "userId", role, "joinedAt" from jsonb_to_recordset($2::jsonb) as m ("userId" uuid, role text, "joinedAt" timestamptz)`,
        [id, JSON.stringify(members)],
      );
      await tx.emitAll(members.map(({ userId, role }, index): NewEvent => {
        const about = { aggregateId: id, seq: index + 1, version: index + 1, actorId: ownerId, traceId: null, scopeId: scopeId('project', id) };
        const payload = { projectId: id, version: index + 1, imported: true };
        return index === 0
          ? { ...about, type: 'project.created', payload: { ...payload, key, name, status: 'ACTIVE', ownerId } }
          : { ...about, type: 'project.member-added', audience: [userId], payload: { ...payload, projectName: name, userId, role } };
      }));
    });
  }
}

export async function writeChannels(channels: DataSource, plan: Plan): Promise<void> {
  for (const channel of plan.channels) {
    const { id, name, description, createdAt, members } = channel;
    const ownerId = members[0]?.userId as string;
    await writeTransaction(channels, { lock: [`channel:${id}`] }, async (tx) => {
      // Codes are secrets: the seed does not tell them.
      const version = lastVersion(channel);
      await tx.query(
        `insert into channels (id, name, name_key, description, code, creator_id, created_as, member_count, created_at, version, event_seq)
         values ($1, $2, $3, $4, $5, $6, 'load', $7, $8, $7, $7)`,
        [id, name, name.toLowerCase(), description, newChannelCode(), ownerId, version, createdAt],
      );
      await tx.query(
        `insert into channel_members (channel_id, user_id, role, joined_at)
         select $1, "userId", role, "joinedAt" from jsonb_to_recordset($2::jsonb) as m ("userId" uuid, role text, "joinedAt" timestamptz)`,
        [id, JSON.stringify(members)],
      );
      await tx.emitAll(members.map(({ userId, role }, index): NewEvent => {
        const about = { aggregateId: id, seq: index + 1, version: index + 1, actorId: userId, traceId: null, scopeId: scopeId('channel', id) };
        const payload = { channelId: id, version: index + 1 };
        return index === 0
          ? { ...about, type: 'channel.created', payload: { ...payload, name, ownerId } }
          : { ...about, type: 'channel.joined', audience: [userId], payload: { ...payload, channelName: name, userId, role } };
      }));
    });
  }
}
