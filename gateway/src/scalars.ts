// What the scalars of the graph take. A composed schema knows their names only and would let everything through to the subgraphs,
// which refuse it in words that are about the gateway's own documents.
import { DateScalar, DateTime, Duration, EmailAddress, UrlScalar } from '@taskgraph/shared/scalars';
import { isScalarType, type GraphQLSchema } from 'graphql';

/** From now on bad values are refused at the edge, as those of the built-in scalars are: with their place in the variables or the document. */
export function checkScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const { name, parseValue, parseLiteral } of [DateScalar, DateTime, Duration, EmailAddress, UrlScalar]) {
    const composed = schema.getType(name);
    if (!isScalarType(composed)) continue;
    composed.parseValue = parseValue;
    composed.parseLiteral = (node, variables) => {
      try {
        return parseLiteral(node, variables);
      } catch (error) {
        // Of other errors than its own graphql-js says where they are.
        throw new TypeError((error as Error).message, { cause: error });
      }
    };
  }
  return schema;
}
