// How much there is to plan: what planning takes grows with the fields of an operation, those of a fragment as often as it is spread.
import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** What a condition (`@skip`, `@include`) counts for: each is planned by itself. */
const conditionSize = 5;

/** In fields; inline fragments count like one. Of a valid document. */
export function operationSize(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [])));
  const known = new Map<string, number>();
  const sizeOf = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      const conditions = conditionSize * (selection.directives?.length ?? 0);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + conditions + spread(selection.name.value);
      return sum + conditions + 1 + (selection.selectionSet ? sizeOf(selection.selectionSet) : 0);
    }, 0);
  function spread(name: string): number {
    const fragment = fragments.get(name);
    const size = known.get(name) ?? (fragment ? sizeOf(fragment) : 0);
    known.set(name, size);
    return size;
  }
  return sizeOf(operation.selectionSet);
}
