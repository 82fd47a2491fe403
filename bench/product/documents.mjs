// What people ask of the product. Each has the bodies that a connection goes round.
const dashboard = `query Dashboard($project: ID!) {
  me {
    id name handle timeZone
    stats { total overdue completionRate byStatus { pending inProgress completed cancelled } }
    tasks(first: 10, filter: { status: { notIn: [COMPLETED, CANCELLED] } }, sort: [{ field: DUE_AT }]) { nodes { id ref title dueAt priority status project { id key name } } }
  }
  project(id: $project) {
    id key name viewerRole
    stats { total overdue completionRate byStatus { pending inProgress completed cancelled } }
    tasks(first: 10) { nodes { id ref title status assignees { id name } } }
  }
  notifications(first: 10) { unreadCount nodes { id title body createdAt actor { id name } task { id title } } }
  channels(first: 5) { nodes { id name memberCount } }
}`;

const joined = `query JoinedTasks($project: ID!) {
  tasks(first: 50, filter: { projectId: { eq: $project } }) {
    nodes { id ref title status priority dueAt creator { id name handle } assignees { id name handle } project { id key name } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const plain = `query PlainTasks($project: ID!) {
  tasks(first: 50, filter: { projectId: { eq: $project } }) {
    nodes { id ref title status priority startAt dueAt overdue createdAt updatedAt version }
    pageInfo { hasNextPage endCursor }
  }
}`;

const detail = `query TaskDetail($id: ID!) {
  task(id: $id) {
    id ref title description status priority startAt dueAt overdue createdAt updatedAt version
    creator { id name handle } assignees { id name handle } watchers { id name } project { id key name viewerRole }
    labels { id name color } subtasks(first: 10) { nodes { id title status } } blockedBy { id title status }
    comments(first: 10) { nodes { id body createdAt author { id name handle } } }
    history(first: 10) { nodes { kind at actor { id name } changes { field before after } } }
  }
}`;

const me = 'query Me { me { id name handle timeZone } }';

const update = 'mutation UpdateTask($input: UpdateTaskInput!) { updateTask(input: $input) { task { id title priority version } } }';
const comment = 'mutation AddComment($input: AddCommentInput!) { addComment(input: $input) { comment { id body } } }';
const create = 'mutation CreateTask($input: CreateTaskInput!) { createTask(input: $input) { task { id ref title } } }';

const body = (query, variables = {}) => JSON.stringify({ query, variables });

/** `project`: id of the one with most tasks; `tasks`: ids of some of its tasks. A thousand connections need longer until each has been answered a few times. */
export function makeDocuments({ project, tasks }) {
  const details = tasks.map((id) => body(detail, { id }));
  const writes = tasks.map((id, index) => {
    if (index % 5 === 0) return body(create, { input: { projectId: project, title: 'Made by the benchmark, number @N@' } });
    if (index % 5 === 1) return body(comment, { input: { taskId: id, body: 'Said by the benchmark, number @N@' } });
    return body(update, { input: { id, title: 'Changed by the benchmark, number @N@' } });
  });
  const lists = [body(joined, { project }), body(plain, { project })];
  const home = body(dashboard, { project });
  // 80 % lists and detail, 15 % dashboard, 5 % writes: twenty at a time, five times over with other tasks.
  const twenty = (turn) => Array.from({ length: 20 }, (_, index) => {
    if (index === 19) return writes[turn];
    if (index === 3 || index === 9 || index === 15) return home;
    return index % 2 === 0 ? lists[(index / 2) % 2] : details[turn * 20 + index];
  });
  const mix = [0, 1, 2, 3, 4].flatMap(twenty);
  return [
    { name: 'me', what: 'one person (one subgraph)', bodies: [body(me)] },
    { name: 'plain', what: 'task list of 50 (one subgraph)', bodies: [body(plain, { project })] },
    { name: 'joined', what: 'task list of 50 with people and project', bodies: [body(joined, { project })] },
    { name: 'detail', what: 'one task with all about it', bodies: details },
    { name: 'dashboard', what: 'dashboard over five subgraphs', bodies: [home] },
    { name: 'writes', what: 'changes, comments, new tasks (3 : 1 : 1)', bodies: writes, writes: true },
    { name: 'mix', what: '80 % lists and detail, 15 % dashboard, 5 % writes', bodies: mix, writes: true, connections: 1_000, leastSeconds: 20 },
  ];
}
