import { EntitySchema } from 'typeorm';
import type { Mapping } from '../imports/columns.js';
import type { Layout } from '../imports/read-file.js';

export type ImportStatus = 'AWAITING_UPLOAD' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface ImportRow {
  id: string;
  /** Whose import it is: its tasks are created as by this person. */
  ownerId: string;
  projectId: string | null;
  channelId: string | null;
  format: 'CSV' | 'JSON';
  mapping: Mapping | null;
  dryRun: boolean;
  createdAs: string;
  status: ImportStatus;
  /** Why it is FAILED. */
  failure: string | null;
  /** Null until the file has been read once. */
  layout: Layout | null;
  totalRows: number | null;
  processedRows: number;
  createdRows: number;
  failedRows: number;
  /** Bytes of the error file that count. */
  errorBytes: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Until when uploadUrl works. */
  uploadUntil: Date;
}

export const ImportEntity = new EntitySchema<ImportRow>({
  name: 'Import',
  tableName: 'imports',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    projectId: { type: 'uuid', name: 'project_id', nullable: true },
    channelId: { type: 'uuid', name: 'channel_id', nullable: true },
    format: { type: 'text' },
    mapping: { type: 'jsonb', nullable: true },
    dryRun: { type: 'boolean', name: 'dry_run' },
    createdAs: { type: 'text', name: 'created_as' },
    status: { type: 'text' },
    failure: { type: 'text', nullable: true },
    layout: { type: 'jsonb', nullable: true },
    totalRows: { type: 'integer', name: 'total_rows', nullable: true },
    processedRows: { type: 'integer', name: 'processed_rows' },
    createdRows: { type: 'integer', name: 'created_rows' },
    failedRows: { type: 'integer', name: 'failed_rows' },
    errorBytes: { type: 'integer', name: 'error_bytes' },
    createdAt: { type: 'timestamptz', name: 'created_at', precision: 3 },
    startedAt: { type: 'timestamptz', name: 'started_at', precision: 3, nullable: true },
    finishedAt: { type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true },
    uploadUntil: { type: 'timestamptz', name: 'upload_until', precision: 3 },
  },
});
