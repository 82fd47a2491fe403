// One executable schema of all five: each field is answered by the resolver of the subgraph that owns it, with that subgraph's
// own context, and an entity that comes from another one goes through `__resolveReference` of the owner. No HTTP in between.
import { readFileSync } from 'node:fs';
import { Supergraph } from '@apollo/federation-internals';
import { defaultFieldResolver, getNamedType, isAbstractType, isObjectType, isScalarType, Kind, parse } from 'graphql';

/** `parts`: name, resolvers and path of the schema of each subgraph. The context of a request answers `of(name)`, and holds `homes`, a WeakMap. */
export function makeMonolithSchema(supergraphSdl, parts) {
  const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const resolvers = new Map(parts.map((part) => [part.name, part.resolvers]));
  const { owners, keys } = readOwners(parts);
  /** Types whose fields are answered in more than one subgraph: their values are remembered with the one they came from. */
  const spread = new Set([...owners].filter(([, fields]) => new Set([...fields.values()].flat()).size > 1).map(([type]) => type));
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) => type?.name));
  for (const name of roots) spread.delete(name);

  const isSpread = (type) => isAbstractType(type) ? schema.getPossibleTypes(type).some(({ name }) => spread.has(name)) : spread.has(type.name);
  const resolverIn = (subgraph, type, field) => {
    const given = resolvers.get(subgraph)[type]?.[field];
    return typeof given === 'function' ? given : (given?.resolve ?? defaultFieldResolver);
  };

  /** The value as the owner of the field knows it. */
  function entityIn(subgraph, type, value, context, info) {
    const known = context.entities.get(value) ?? new Map();
    context.entities.set(value, known);
    const place = `${subgraph} ${type}`;
    if (!known.has(place)) {
      const representation = { __typename: type };
      // Keys are plain properties everywhere; the default resolver would read the field that is being asked for.
      for (const key of keys.get(type)) representation[key] = value[key];
      const refer = resolvers.get(subgraph)[type]?.__resolveReference;
      known.set(place, refer ? refer(representation, context.of(subgraph), info) : representation);
    }
    return known.get(place);
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isScalarType(type)) takeScalar(type, resolvers);
    if (isAbstractType(type)) type.resolveType = (value) => value.__typename;
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const by = owners.get(type.name).get(field.name);
      if (by === undefined) throw new Error(`nobody answers ${type.name}.${field.name}`);
      const resolve = new Map(by.map((subgraph) => [subgraph, resolverIn(subgraph, type.name, field.name)]));
      const remember = isSpread(getNamedType(field.type));
      const [first] = by;
      const firstResolve = resolve.get(first);
      if (!spread.has(type.name)) {
        if (!remember && firstResolve === defaultFieldResolver) continue;
        field.resolve = remember
          ? (value, args, context, info) => kept(firstResolve(value, args, context.of(first), info), first, context.homes)
          : (value, args, context, info) => firstResolve(value, args, context.of(first), info);
        continue;
      }
      field.resolve = (value, args, context, info) => {
        const home = context.homes.get(value);
        const subgraph = resolve.has(home) ? home : first;
        const run = (source) => {
          if (source === null || source === undefined) return null;
          const answer = resolve.get(subgraph)(source, args, context.of(subgraph), info);
          return remember ? kept(answer, subgraph, context.homes) : answer;
        };
        if (subgraph === home) return run(value);
        const entity = entityIn(subgraph, type.name, value, context, info);
        return typeof entity?.then === 'function' ? entity.then(run) : run(entity);
      };
    }
  }
  return schema;
}

/** Notes where each object of an answer came from. */
function kept(answer, subgraph, homes) {
  if (answer === null || typeof answer !== 'object') return answer;
  if (typeof answer.then === 'function') return answer.then((value) => kept(value, subgraph, homes));
  if (Array.isArray(answer)) return answer.map((value) => kept(value, subgraph, homes));
  homes.set(answer, subgraph);
  return answer;
}

function readOwners(parts) {
  const owners = new Map();
  const keys = new Map();
  for (const { name, schemaPath } of parts) {
    for (const definition of parse(readFileSync(schemaPath, 'utf8')).definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      const type = definition.name.value;
      if (!owners.has(type)) owners.set(type, new Map());
      const key = definition.directives.find((directive) => directive.name.value === 'key')?.arguments.find((argument) => argument.name.value === 'fields');
      if (key) keys.set(type, key.value.value.split(' '));
      for (const field of definition.fields ?? []) owners.get(type).set(field.name.value, [...(owners.get(type).get(field.name.value) ?? []), name]);
    }
  }
  return { owners, keys };
}

function takeScalar(type, resolvers) {
  for (const map of resolvers.values()) {
    const given = map[type.name];
    if (isScalarType(given)) Object.assign(type, { serialize: given.serialize, parseValue: given.parseValue, parseLiteral: given.parseLiteral });
  }
}
