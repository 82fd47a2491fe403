import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** Whether an object with this `__typename` is one that a condition on `wanted` means. */
export function isOfType(schema: GraphQLSchema, typename: unknown, wanted: string): boolean {
  if (!typename) return false;
  if (typename === wanted) return true;
  const type = typeof typename === 'string' ? schema.getType(typename) : undefined;
  const condition = schema.getType(wanted);
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}
