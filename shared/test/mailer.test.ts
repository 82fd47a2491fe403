import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMailer } from '../src/mailer.js';
import { freePort } from '../src/testing/ports.js';

const directory = mkdtempSync(join(tmpdir(), 'taskgraph-mail-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const from = 'Taskgraph <taskgraph@example.org>';

test('without an SMTP server each mail becomes one .eml file, and sending it again replaces it', async () => {
  const place = join(directory, 'deep', 'mail');
  const mailer = createMailer({ directory: place, from });
  const mail = { id: '0199-a', to: 'bob@example.org', subject: 'Ünïcode “news”', text: 'Hello Bob\n' };
  await mailer.send(mail);
  await mailer.send(mail);
  mailer.close();
  expect(readdirSync(place)).toEqual(['0199-a.eml']);
  const message = readFileSync(join(place, '0199-a.eml'), 'utf8');
  expect(message).toContain('Message-ID: <0199-a@example.org>');
  expect(message).toContain('From: Taskgraph <taskgraph@example.org>');
  expect(message).toContain('To: bob@example.org');
  expect(message).toContain('Hello Bob');
});

test('a line break in a subject or an address adds no header and no recipient', async () => {
  const mailer = createMailer({ directory, from });
  await mailer.send({ id: 'inject', to: 'bob@example.org', subject: 'Hi\r\nBcc: eve@example.org', text: 'x' });
  mailer.close();
  const [head] = readFileSync(join(directory, 'inject.eml'), 'utf8').split('\n\n');
  expect(head?.split('\n').filter((line) => /^bcc:/i.test(line))).toEqual([]);
});

test('a server that is away is an error to the caller, who tries again', async () => {
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${await freePort()}`, directory, from });
  await expect(mailer.send({ id: 'x', to: 'bob@example.org', subject: 's', text: 't' })).rejects.toThrow(/ECONNREFUSED/);
  mailer.close();
});
