// Scalars of the public graph, the same in each subgraph.
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { parseDuration } from './duration.js';

const badValue = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

function parseInstant(value: unknown): Date {
  const date = typeof value === 'string' && rfc3339.test(value) ? new Date(value) : null;
  // Date rolls a day that the month does not have over into the next one.
  if (!date || Number.isNaN(date.getTime()) || new Date(`${(value as string).slice(0, 10)}T00:00:00Z`).getUTCDate() !== Number((value as string).slice(8, 10))) throw badValue('must be an RFC 3339 timestamp such as 2026-11-20T09:00:00Z');
  return date;
}

/** Values inside the server are Date objects. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
});

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

function textScalar(name: string, valid: (text: string) => boolean, message: string): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    // What Postgres cannot keep, or would keep as something else, is no text.
    if (typeof value !== 'string' || value.includes('\u0000') || !value.isWellFormed() || !valid(value)) throw badValue(message);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
  });
}

/**
 * One @, no spaces, at most 254 characters: whether mail arrives is found out by sending some. One mailbox under one spelling, too:
 * the characters after `plain` mean something to whoever reads the header of a mail, and `a<x@example.org>` and `b<x@example.org>`
 * would be two accounts, with limits of their own, that mail one person.
 */
const plain = '[^\\s@\\u0000-\\u001f,;:<>()[\\]"\\\\';
const addressForm = new RegExp(`^${plain}]+@${plain}]+\\.${plain}.]+$`);
export const EmailAddress = textScalar(
  'EmailAddress',
  (text) => text.length <= 254 && addressForm.test(text),
  'must be an e-mail address',
);

export const UrlScalar = textScalar(
  'URL',
  (text) => text.length <= 2_048 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
  'must be an absolute http or https address',
);

/** Values inside the server are the checked text; see duration.ts. */
export const Duration = textScalar('Duration', (text) => parseDuration(text) !== null, 'must be an ISO 8601 duration such as P7D or -PT12H');

/** A day without a time, as text: which instants it holds depends on the time zone of whoever asks. */
export const DateScalar = textScalar(
  'Date',
  (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
  'must be an RFC 3339 full-date such as 2026-11-20',
);
