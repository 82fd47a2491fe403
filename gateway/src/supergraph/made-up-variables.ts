// Values that fit the variables of an operation. @apollo/gateway checks them before it plans, and the plan depends on none of them.
import { isEnumType, isInputObjectType, isInputType, isListType, isNonNullType, isRequiredInputField, typeFromAST, type GraphQLInputType, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** Only what must be given is. Custom scalars must still take anything (see checkScalars). */
export function madeUpVariables(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
      return isInputType(type) && isNonNullType(type) && !defaultValue ? [[variable.name.value, valueOf(type)]] : [];
    }),
  );
}

const numbers = new Set(['Int', 'Float']);

function valueOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType as GraphQLInputType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return numbers.has(type.name) ? 0 : type.name === 'Boolean' ? false : '';
  const fields = Object.values(type.getFields());
  const wanted = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
  return Object.fromEntries(wanted.map((field) => [field.name, valueOf(field.type)]));
}
