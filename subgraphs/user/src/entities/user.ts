import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface UserRow {
  id: string;
  /** Folded to lower case; unique. */
  handle: string;
  /** As typed. */
  email: string;
  /** Folded to lower case; unique. */
  emailKey: string;
  emailVerified: boolean;
  name: string;
  bio: string | null;
  avatarUrl: string | null;
  timeZone: string;
  role: 'ADMIN' | 'MEMBER';
  active: boolean;
  /** argon2id, encoded with its parameters. */
  passwordHash: string;
  /** What was sent at registration, without the password; tells a repeated registration from another one. */
  registeredAs: string;
  createdAt: Date;
  version: number;
  /** Number of events written about this account. */
  eventSeq: number;
}

export type UserPage = Connection<UserRow>;

export const UserEntity = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true },
    handle: { type: 'text' },
    email: { type: 'text' },
    emailKey: { type: 'text', name: 'email_key' },
    emailVerified: { type: 'boolean', name: 'email_verified' },
    name: { type: 'text' },
    bio: { type: 'text', nullable: true },
    avatarUrl: { type: 'text', name: 'avatar_url', nullable: true },
    timeZone: { type: 'text', name: 'time_zone' },
    role: { type: 'text' },
    active: { type: 'boolean' },
    passwordHash: { type: 'text', name: 'password_hash' },
    registeredAs: { type: 'text', name: 'registered_as' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    version: { type: 'integer' },
    eventSeq: { type: 'integer', name: 'event_seq' },
  },
});
