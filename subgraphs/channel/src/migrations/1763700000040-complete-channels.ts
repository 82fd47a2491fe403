import { addEpochToPositions } from '@taskgraph/shared/event-log-schema';
import { createIdempotencyTable } from '@taskgraph/shared/idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Resends, what is left of deleted channels, budgets per address, and read models that can be made again. */
export class CompleteChannels1763700000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyTable(runner, 'channel');
    await runner.query('grant select, delete on idempotency, code_lookups to channel_worker');
    // An id is never given to a second channel: copies elsewhere know the first one's last version, and a late resend of the
    // create must not bring it back. Nothing of what people wrote is kept.
    await runner.query(`
      create table deleted_channels (
        id uuid primary key,
        creator_id uuid not null,
        -- Hash of what it was made with.
        created_as text not null,
        version integer not null,
        deleted_at timestamptz not null
      )`);
    await runner.query('grant select, insert on deleted_channels to channel_app');
    // Like code_lookups, by the address that codes are looked up from, of which only an HMAC is kept.
    await runner.query('create table address_lookups (address text collate "C" primary key, since timestamptz not null, misses integer not null)');
    await runner.query('create index address_lookups_age on address_lookups (since)');
    await runner.query('create index code_lookups_age on code_lookups (since)');
    await runner.query('grant select, insert, update on address_lookups to channel_app');
    await runner.query('grant select, delete on address_lookups to channel_worker');
    // Owners and moderators of a channel are looked up on each join and before each demotion.
    await runner.query(`create index channel_members_staff on channel_members (channel_id, role) where role <> 'MEMBER'`);
    await addEpochToPositions(runner, 'channel');
    await runner.query('grant truncate on contacts to channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('this migration is not undone: ids of deleted channels would be free again');
  }
}
