// What the clients asked for and what they were told: the other half of every check.
export type Log = 'task' | 'project' | 'channel';

export interface Write {
  /** Idempotency key and request id at once: the log carries it as `trace_id`. */
  key: string;
  field: string;
  log: Log;
  aggregateId: string;
  /** The one event that an acknowledged write leaves. */
  type: string;
  /** Title after the write, where the write sets one. */
  title?: string;
  /** Comment it adds. */
  commentId?: string;
  state: 'open' | 'acknowledged' | 'refused';
  /** Place of the write in the change log, where the mutation answers one. */
  cursor: string | null;
  /** How often it was sent until an answer came. */
  tries: number;
  /** Why it was refused. */
  reason?: string;
}

export interface Journal {
  writes: Write[];
  /** Answers that differ from the first answer under the same key. */
  differing: string[];
  resent: number;
  /** Codes of answers that asked to try again, and how often each came. */
  retried: Map<string, number>;
}

export const createJournal = (): Journal => ({ writes: [], differing: [], resent: 0, retried: new Map() });

export const acknowledged = ({ writes }: Journal): Write[] => writes.filter(({ state }) => state === 'acknowledged');
