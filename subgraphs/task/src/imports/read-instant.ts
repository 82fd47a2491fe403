// Dates as files hold them. Without an offset they are in UTC.
import { badInput } from '@taskgraph/shared/errors';

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** `edge`: whether a date alone means the start of that day or its last second. Null for an empty text. */
export function readInstant(text: string, edge: 'start' | 'end'): Date | null {
  if (text === '') return null;
  const match = form.exec(text);
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match ?? [];
  const date = `${year}-${month}-${day}`;
  const time = hour === undefined ? (edge === 'start' ? '00:00:00' : '23:59:59') : `${hour}:${minute}:${second ?? '00'}`;
  const zone = offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = new Date(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  // The 31st of a short month would roll over without a word.
  const exists = match !== null && !Number.isNaN(instant.getTime()) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  if (!exists) throw badInput('date', 'must be a date such as 2026-11-20 or 2026-11-20T09:00:00Z');
  return instant;
}
