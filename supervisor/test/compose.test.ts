import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compose = readFileSync(join(repository, 'docker-compose.yml'), 'utf8');
const printed = parse(execFileSync(process.execPath, [join(repository, 'supervisor', 'dist', 'make-env.js')], { encoding: 'utf8' }));
const example = parse(readFileSync(join(repository, '.env.example'), 'utf8'));
const namesIn = (pattern: RegExp): string[] => [...new Set([...compose.matchAll(pattern)].map((match) => match[1]!))];

function parse(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replace(/^'(.*)'$/, '$1')]));
}

test('every secret compose asks for is printed by npm run secrets, and none has a default', () => {
  const required = namesIn(/\$\{(\w+):\?/g);
  expect(required.length).toBeGreaterThan(20);
  for (const name of required) expect(printed.get(name), name).toMatch(/^.{16,}$/);
  expect(namesIn(/\$\{(\w*(?:PASSWORD|SECRET|KEY|KEYS))(?!:\?|\w)/g)).toEqual([]);
});

test('.env.example names everything compose reads, and gives no secret a value', () => {
  for (const name of namesIn(/(?<!\$)\$\{(\w+)/g).filter((name) => name !== 'TASKGRAPH_IMAGE')) expect(example.has(name), name).toBe(true);
  for (const name of namesIn(/\$\{(\w+):\?/g)) expect(example.get(name), name).toBe('');
});

test('printed identity keys belong together, and two runs share nothing', () => {
  const publicKeys = JSON.parse(printed.get('IDENTITY_PUBLIC_KEYS')!) as Record<string, string>;
  for (const [name, publicKey] of Object.entries(publicKeys)) {
    const key = Buffer.from(printed.get(`${name.toUpperCase()}_IDENTITY_PRIVATE_KEY`)!, 'base64url');
    const derived = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({ format: 'der', type: 'spki' });
    expect(derived.toString('base64url')).toBe(publicKey);
  }
  const secrets = [...printed].filter(([name]) => /PASSWORD|KEY|TOKEN/.test(name)).map(([, value]) => value);
  expect(new Set(secrets).size).toBe(secrets.length);
});

test('only the gateway publishes a port', () => {
  expect(compose.match(/^ {4}ports:/gm)).toHaveLength(1);
  expect(compose).toMatch(/^ {2}gateway:(\n {4}.*)*\n {4}ports:/m);
});
