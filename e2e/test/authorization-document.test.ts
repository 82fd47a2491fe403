// The table is complete, and docs/authorization.md is what it says.
import { isObjectType, getNamedType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { expect, test } from 'vitest';
import { renderDocument } from './authorization/document.js';
import { exists, graph } from './authorization/row.js';
import { rows, subscriptionRows, tokenRows } from './authorization-table.js';

const all = [...rows, ...subscriptionRows];

/** Every field that the rows select, as `Type.field`. */
function selected(): Set<string> {
  const found = new Set<string>();
  for (const row of all) {
    const types = new TypeInfo(graph);
    const Field = () => void found.add(`${types.getParentType()?.name ?? ''}.${types.getFieldDef()?.name ?? ''}`);
    visit(parse(row.ask({}, null).document), visitWithTypeInfo(types, { Field }));
  }
  return found;
}

/** Types that only carry others: pages, payloads. */
const carries = (name: string): boolean => /(Connection|Edge|Payload)$/.test(name);

test('every query, mutation and subscription has a row, and every edge between types is walked', () => {
  const expected = Object.values(graph.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || carries(type.name) || /^(__|join__|link__)/.test(type.name)) return [];
    const root = ['Query', 'Mutation', 'Subscription'].includes(type.name);
    return Object.values(type.getFields())
      .filter((field) => root || (isObjectType(getNamedType(field.type)) && getNamedType(field.type).name !== 'PageInfo'))
      .map((field) => `${type.name}.${field.name}`);
  });
  const walked = selected();
  expect(expected.filter((coordinate) => !walked.has(coordinate))).toEqual([]);
});

test('every row is about something that the graph has', () => {
  expect(all.map((row) => row.operation).filter((operation) => !exists(operation))).toEqual([]);
});

test('docs/authorization.md is what the table says', async () => {
  await expect(renderDocument(all, tokenRows)).toMatchFileSnapshot('../../docs/authorization.md');
});
