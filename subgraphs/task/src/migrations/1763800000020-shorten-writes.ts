import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * New words of the search index wait in a list, and the write that fills it merges all of them. With the server's 4 MB that one
 * write took 230 ms, more than a transaction may (RULES §4); with 256 kB each pays a few milliseconds now and then.
 */
export class ShortenWrites1763800000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter index if exists task_search_document set (gin_pending_list_limit = 256)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter index if exists task_search_document reset (gin_pending_list_limit)');
  }
}
