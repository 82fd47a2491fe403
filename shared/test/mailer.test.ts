import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
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

/** Takes every mail. `connections` that were made, `taken` mails, and what cuts the connections there are. */
async function startSmtp() {
  const open = new Set<Socket>();
  const seen = { connections: 0, taken: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    open.add(socket.setEncoding('latin1'));
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    socket.write('220 here\r\n');
    let [inMessage, rest] = [false, ''];
    socket.on('data', (text: string) => {
      rest += text;
      for (let at: number; (at = rest.indexOf(inMessage ? '\r\n.\r\n' : '\r\n')) >= 0; ) {
        const isData = !inMessage && rest.startsWith('DATA');
        if (inMessage) seen.taken += 1;
        rest = rest.slice(at + (inMessage ? 5 : 2));
        inMessage = isData;
        socket.write(isData ? '354 go on\r\n' : '250 yes\r\n');
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    cut: () => open.forEach((socket) => socket.destroy()),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

test('mails share a few connections; one that the server has cut meanwhile costs no mail and doubles none', async () => {
  const smtp = await startSmtp();
  const mailer = createMailer({ smtpUrl: smtp.url, directory, from });
  const send = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => mailer.send({ id: `m${n}`, to: 'bob@example.org', subject: 's', text: 't' })));
  await send(30);
  expect(smtp.seen.taken).toBe(30);
  expect(smtp.seen.connections).toBeLessThanOrEqual(5);
  smtp.cut();
  await send(30);
  expect(smtp.seen.taken).toBe(60);
  expect(smtp.seen.connections).toBeLessThanOrEqual(10);
  mailer.close();
  // Nothing holds the server: every connection was ended.
  await smtp.stop();
});

test('closing ends what a server that hangs has not taken, and nothing is sent afterwards', async () => {
  const silent = createServer((socket) => void socket.on('error', () => {}));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, directory, from });
  const mail = { id: 'x', to: 'bob@example.org', subject: 's', text: 't' };
  const connected = once(silent, 'connection');
  const sending = expect(mailer.send(mail)).rejects.toThrow();
  await connected;
  mailer.close();
  await sending;
  await expect(mailer.send(mail)).rejects.toThrow();
  await new Promise((resolve) => silent.close(resolve));
});
