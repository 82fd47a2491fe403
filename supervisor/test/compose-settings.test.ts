// What docker-compose.yml hands to each container, against what the service in it reads and README.md promises.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processSettings, queueSettings, subgraphSettings } from '@taskgraph/shared/config';
import { describe, expect, test } from 'vitest';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const compose = read('docker-compose.yml');

/** Keys under `block`, where lines lie at `indent`, with those of what it merges. The file keeps to one way of writing them. */
function keysOf(block: string, indent: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const anchor of [...(new RegExp(`^${indent}<<: (.*)$`, 'm').exec(block)?.[1] ?? '').matchAll(/\*(\w+)/g)].map((match) => match[1] as string)) {
    const merged = new RegExp(`^x-\\w+: &${anchor}\\n((?: .*\\n|\\n)*)`, 'm').exec(compose)?.[1];
    if (merged === undefined) throw new Error(`no anchor ${anchor}`);
    for (const [name, value] of keysOf(merged, '  ')) keys.set(name, value);
  }
  for (const [, name, value] of block.matchAll(new RegExp(`^${indent}([A-Z][A-Z0-9_]*): (.*)$`, 'gm'))) keys.set(name as string, value as string);
  return keys;
}

const containers = [...compose.slice(compose.indexOf('\nservices:')).matchAll(/^ {2}([a-z-]+):\n((?: {4}.*\n|\n)*)/gm)]
  .map(([, name, text]) => ({ name: name as string, text: text as string, folder: /"((?:gateway|subgraphs\/\w+))\/dist\/main\.js"/.exec(text as string)?.[1] }))
  .filter((container) => container.folder !== undefined)
  .map(({ name, text, folder }) => ({ name, folder: folder as string, passed: keysOf(/ {4}environment:\n((?: {6}.*\n)*)/.exec(text)?.[1] ?? '', '      ') }));

/** Every setting that the model in a service's config.ts has. */
function settingsOf(folder: string): string[] {
  const source = read(`${folder}/src/config.ts`);
  const model = /z\s*\.object\(\{\n([\s\S]*?)\n\s*\}\)/.exec(source)?.[1] ?? '';
  const shared = Object.entries({ processSettings, subgraphSettings, queueSettings }).filter(([name]) => model.includes(`...${name}`)).flatMap(([, settings]) => Object.keys(settings));
  return [...new Set([...shared, ...[...model.matchAll(/^\s+([A-Z][A-Z0-9_]*):/gm)].map((match) => match[1] as string)])];
}

/** Compose runs queues on Redis and sends mail by SMTP. */
const elsewhere = new Set(['QUEUE_DATABASE_URL', 'MAIL_DIR']);

test('every process of the system has its container', () => {
  const names = ['gateway', ...['user', 'project', 'task', 'channel', 'stats'].flatMap((name) => [name, `${name}-worker`])];
  expect(containers.map((container) => container.name).toSorted()).toEqual(names.toSorted());
});

describe.each(containers)('$name', ({ folder, passed }) => {
  test('is handed every setting that its service reads', () => {
    const settings = settingsOf(folder);
    expect(settings.length).toBeGreaterThan(10);
    expect(settings.filter((name) => !elsewhere.has(name) && !passed.has(name))).toEqual([]);
  });
});

describe('the defaults', () => {
  const table = read('README.md').split('## Settings')[1]?.split('\n## ')[0] ?? '';
  /** Name → default, where the table tells one value for each name. */
  const told = new Map<string, string>();
  for (const [, names, defaults] of table.matchAll(/^\| (`[^|]*) \| ([^|]*) \|/gm)) {
    const [left, right] = [names, defaults].map((text) => [...(text as string).matchAll(/`([^`]+)`/g)].map((match) => match[1] as string));
    if (left?.length === right?.length) left?.forEach((name, index) => told.set(name, right?.[index] as string));
  }
  /** Where compose is another installation than `npm start`: production, its own mail server, its own port and address. */
  const different = new Set(['SMTP_URL', 'PUBLIC_URL', 'MAIL_FROM']);

  test('README.md tells the settings that operators change', () => {
    expect(told.get('SESSION_EXPIRE_DAYS')).toBe('30');
    expect(told.get('MAX_PAGE_SIZE')).toBe('1000');
  });

  test('of compose and .env.example are those of README.md, or empty, which means the same', () => {
    const example = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => ({ name: name as string, value: value as string }));
    const inCompose = [...compose.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name, value]) => ({ name: name as string, value: value as string }));
    const wrong = [...example, ...inCompose].filter(({ name, value }) => value !== '' && told.has(name) && !different.has(name) && told.get(name) !== value);
    expect(wrong).toEqual([]);
  });

  test('a setting of README.md that services read can be set in .env', () => {
    const names = new Set([...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => [...(cell as string).matchAll(/`([A-Z_]+)`/g)].map((match) => match[1] as string)));
    const readBySome = new Set(containers.flatMap((container) => settingsOf(container.folder)));
    // Fixed inside a container: where it listens, which servers it has, that it is in production.
    const fixed = new Set(['PORT', 'HOST', 'METRICS_PORT', 'METRICS_HOST', 'NODE_ENV', 'REDIS_URL', 'DATABASE_URL', 'UPLOAD_DIR', 'MAIL_DIR']);
    const settable = new Set([...compose.matchAll(/\$\{([A-Z_]+):-/g)].map((match) => match[1] as string));
    const missing = [...names].filter((name) => readBySome.has(name) && !fixed.has(name) && !settable.has(name));
    expect(missing).toEqual([]);
  });
});
