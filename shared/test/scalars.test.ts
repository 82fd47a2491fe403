import { expect, test } from 'vitest';
import { variableProblem, withShortValues } from '../src/graphql-errors.js';
import { EmailAddress } from '../src/scalars.js';

test.each(['ada@example.org', 'ada.lovelace+tasks@mail.example.org', "o'hara_x@example.co", 'ä@bücher.example'])('an address is taken as it is: %s', (address) => {
  expect(EmailAddress.parseValue(address)).toBe(address);
});

test.each([
  'ada', 'ada@', '@example.org', 'ada@example', 'ada@example.', 'a b@example.org', 'ada@exam ple.org', 'ada@a@example.org', 'ada@example.org\r\nBcc: x@example.org',
  'a<x@example.org>', 'Ada <ada@example.org>', 'a,b@example.org', 'ada@example.org,eve@example.org', 'ada@example.org;eve', 'a:b@example.org', 'a(b)@example.org',
  '"a"@example.org', 'a\\b@example.org', 'ada@[127.0.0.1]', `${'a'.repeat(250)}@example.org`, 7, null,
])('an address is one plain mailbox, which this is not: %s', (text) => {
  expect(() => EmailAddress.parseValue(text)).toThrow('must be an e-mail address');
});

test('messages repeat a hundred characters of a value at most', () => {
  const long = `${'x'.repeat(100_000)}\\"${'Did you mean '.repeat(1_000)}`;
  const message = `Variable "$input" got invalid value "${long}" at "input.email"; Expected type "EmailAddress". must be an e-mail address`;
  const short = withShortValues(message);
  expect(short).toBe(`Variable "$input" got invalid value "${'x'.repeat(100)}…" at "input.email"; Expected type "EmailAddress". must be an e-mail address`);
  expect(variableProblem(short)).toEqual({ path: 'input.email', message: 'Expected type "EmailAddress". must be an e-mail address' });
  expect(withShortValues('Value "DONE" does not exist in "TaskStatus" enum.')).toBe('Value "DONE" does not exist in "TaskStatus" enum.');
  expect(withShortValues(`an open text "${'y'.repeat(50_000)}`).length).toBeLessThan(200);
  expect(withShortValues('"z" '.repeat(50_000)).length).toBeLessThan(2_100);
});
