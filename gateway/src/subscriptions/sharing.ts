// Which subscriptions may be answered once for several people: those that select nothing but fields named here, which are
// the same for everybody who sees the scope. What is not named may depend on who asks and is run for each viewer.
import { getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

export const sharedFields: Record<string, readonly string[]> = {
  Subscription: ['taskChanges'],
  TaskChange: ['cursor', 'kind', 'taskId', 'task', 'changes', 'actor', 'at'],
  FieldChange: ['field', 'before', 'after'],
  Task: [
    'id', 'ref', 'title', 'description', 'status', 'priority', 'startAt', 'dueAt', 'completedAt', 'overdue', 'creator', 'assignees', 'project', 'channel',
    'createdAt', 'updatedAt', 'version', 'rank', 'deletedAt', 'labels', 'recurrence',
  ],
  Label: ['id', 'name', 'color'],
  Recurrence: ['rule', 'timeZone', 'next'],
  User: ['id', 'handle', 'name', 'bio', 'avatarUrl'],
  Project: ['id', 'key', 'name', 'description', 'status', 'createdAt', 'updatedAt', 'version'],
  Channel: ['id', 'name', 'description', 'memberCount', 'createdAt', 'version'],
};

/** Looks at every field of the operation, in fragments too; the document must be valid. */
export function mayShare(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const types = new TypeInfo(schema);
  const used = new Set<string>();
  let shared = true;
  const look = (node: DocumentNode['definitions'][number]): void => {
    visit(
      node,
      visitWithTypeInfo(types, {
        Field(field) {
          const parent = types.getParentType();
          const name = parent && getNamedType(parent).name;
          if (field.name.value !== '__typename' && !sharedFields[name ?? '']?.includes(field.name.value)) shared = false;
        },
        FragmentSpread: ({ name }) => void used.add(name.value),
      }),
    );
  };
  look(operation);
  // A set grows while it is walked: fragments inside fragments are looked at too.
  for (const name of used) {
    const fragment = document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name);
    if (fragment) look(fragment);
  }
  return shared;
}
