// A document may hold several operations. The planner reads every fragment of it with the variables of the operation that runs,
// and fails at a fragment of another one: it is handed the operation and what that uses.
import { Kind, visit, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';

const made = new WeakMap<OperationDefinitionNode, DocumentNode>();

/** The document must be valid, so that of a single operation every fragment is used. */
export function onlyOperation(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  if (document.definitions.every((node) => node === operation || node.kind !== Kind.OPERATION_DEFINITION)) return document;
  let only = made.get(operation);
  if (!only) made.set(operation, (only = { kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsOf(document, operation)] }));
  return only;
}

function fragmentsOf(document: DocumentNode, operation: OperationDefinitionNode): Set<FragmentDefinitionNode> {
  const known = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
  const used = new Set<FragmentDefinitionNode>();
  const look = (node: OperationDefinitionNode | FragmentDefinitionNode): unknown =>
    visit(node, {
      FragmentSpread: ({ name: { value } }) => {
        const fragment = known.get(value);
        if (!fragment || used.has(fragment)) return;
        used.add(fragment);
        look(fragment);
      },
    });
  look(operation);
  return used;
}
