// Writes docs/events.md from the event models (shared/dist, so build first), the comments beside them and the reactions in the
// subgraphs' sources. `--check` writes nothing and fails when the committed file differs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'docs/events.md');

/** The page as it should be. `contracts` is what shared/src/contracts/events.ts exports. */
export function renderEventsDoc({ eventsByOwner, accessLosingEvents }) {
  const readers = findReaders(eventsByOwner);
  const sections = Object.entries(eventsByOwner).map(([owner, models]) => {
    const comments = commentsOf(owner);
    const rows = Object.keys(models).map((type) => {
      const note = accessLosingEvents.has(type) ? ' Never parked.' : '';
      return `| \`${type}\` | ${(readers.get(type) ?? []).join(', ') || 'nobody else'} | ${comments.get(type) ?? ''}${note} |`;
    });
    return [`### ${owner}`, '| event | who reads it | when |', '| --- | --- | --- |', ...rows, '', ...payloads(models)].join('\n');
  });
  return readFileSync(join(root, 'scripts/events.template.md'), 'utf8').replace('{{events}}\n', () => `${sections.join('\n')}`);
}

/** Events with the same model share one table. */
function payloads(models) {
  const byShape = new Map();
  for (const [type, model] of Object.entries(models)) {
    const table = fieldRows(z.toJSONSchema(model, { io: 'input' })).join('\n');
    byShape.set(table, [...(byShape.get(table) ?? []), type]);
  }
  return [...byShape].flatMap(([table, types]) => [`Payload of ${types.map((type) => `\`${type}\``).join(', ')}:`, '', '| field | value |', '| --- | --- |', table, '']);
}

function fieldRows(schema, prefix = '') {
  const seen = new Map();
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const { type, object } = describe(field);
    const path = `${prefix}${name}`;
    if (!object) return [`| \`${path}\` | ${type} |`];
    const shape = JSON.stringify(object);
    if (seen.has(shape)) return [`| \`${path}\` | ${type.replace('object', `like \`${seen.get(shape)}\``)} |`];
    seen.set(shape, path);
    return [`| \`${path}\` | ${type} |`, ...fieldRows(object, `${path}.`)];
  });
}

function describe(field) {
  if (field.anyOf) {
    const some = field.anyOf.filter((option) => option.type !== 'null').map(describe);
    const object = some.find((option) => option.object)?.object;
    return { type: [...some.map((option) => option.type), 'null'].join(' or '), object };
  }
  if (field.enum) return { type: field.enum.join(', ') };
  if (field.type === 'array') {
    const item = describe(field.items);
    return { type: `list of ${item.type === 'object' ? 'objects' : item.type}`, object: item.object };
  }
  if (field.type === 'object') return { type: 'object', object: field };
  if (Array.isArray(field.type)) return { type: field.type.join(' or ') };
  if (field.format === 'uuid') return { type: 'id' };
  if (field.format === 'date-time') return { type: 'instant' };
  if (field.type === 'integer' && field.minimum !== undefined) return { type: field.maximum < Number.MAX_SAFE_INTEGER ? `${field.minimum} to ${field.maximum}` : `integer from ${field.minimum}` };
  return { type: field.type ?? 'any JSON' };
}

/** The comment above each event of an owner's contract. */
function commentsOf(owner) {
  const text = readFileSync(join(root, `shared/src/contracts/${owner}-events.ts`), 'utf8');
  return new Map([...text.matchAll(/\/\*\* ([^\n]*?) \*\/\n\s*'([a-z.-]+)':/g)].map(([, comment, type]) => [type, comment]));
}

/** Which subgraphs, and whether the gateway, have a reaction to each event: the event's name in their sources outside what emits it, or the shared reactions that keep the access copy. */
function findReaders(eventsByOwner) {
  const owners = new Map(Object.entries(eventsByOwner).flatMap(([owner, models]) => Object.keys(models).map((type) => [type, owner])));
  const keysIn = (text) => [...text.matchAll(/'([a-z-]+\.[a-z-]+)'/g)].map(([, key]) => key).filter((key) => owners.has(key));
  const shared = keysIn(readFileSync(join(root, 'shared/src/access/reactions.ts'), 'utf8'));
  const readers = new Map();
  for (const name of readdirSync(join(root, 'subgraphs')).sort()) {
    const text = sourcesOf(join(root, 'subgraphs', name, 'src'));
    const copied = ['project', 'channel'].filter((owner) => text.includes(`${owner}Reactions(`));
    const types = new Set([...keysIn(text), ...shared.filter((type) => copied.includes(owners.get(type)))]);
    for (const type of types) if (owners.get(type) !== name) readers.set(type, [...(readers.get(type) ?? []), name]);
  }
  // The gateway keeps no copy: it hears in memory what ends sessions.
  for (const type of new Set(keysIn(sourcesOf(join(root, 'gateway', 'src'))))) readers.set(type, [...(readers.get(type) ?? []), 'gateway']);
  return readers;
}

const sourcesOf = (directory) =>
  readdirSync(directory, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const content = renderEventsDoc(await import('../shared/dist/contracts/events.js'));
  if (!process.argv.includes('--check')) writeFileSync(output, content);
  else if (readFileSync(output, 'utf8') !== content) {
    console.error('docs/events.md is not what the contracts and reactions give: run `node scripts/generate-events-doc.mjs` and commit it.');
    process.exit(1);
  }
}
