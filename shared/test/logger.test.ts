import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createLogger } from '../src/logger.js';

test('a failed statement is logged without its values', () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', level: 'error' }) as unknown as Record<symbol, { write: (line: string) => void }> & { error: (entry: object, text: string) => void };
  const destination = log[pino.symbols.streamSym];
  if (!destination) throw new Error('the logger has no destination');
  destination.write = (line) => void lines.push(line);
  const driverError = Object.assign(new Error('duplicate key'), { detail: 'Key (email)=(ada@example.org) already exists.', parameters: ['hash-of-a-token'] });
  log.error({ err: Object.assign(new Error('insert failed'), { query: 'insert into t values ($1)', parameters: ['hash-of-a-token'], detail: 'ada@example.org', driverError }) }, 'unexpected error');
  const text = lines.join('');
  expect(text).toContain('insert into t values ($1)');
  expect(text).toContain('duplicate key');
  expect(text).not.toMatch(/hash-of-a-token|ada@example\.org/);
});
