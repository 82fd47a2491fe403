// Who takes part: an owner, writers who stay members all the time, a guest who is removed and added again, a visitor who joins
// and leaves the channel.
import { newId } from '@taskgraph/shared/ids';
import { read, type Person } from './client.js';
import type { WebhookReceiver } from './webhook-receiver.js';

export interface Scene {
  owner: Person;
  writers: Person[];
  guest: Person;
  visitor: Person;
  projectIds: [string, string];
  channelId: string;
  channelCode: string;
  /** Projects by the names of the addresses to which their events are posted. */
  hooks: Map<string, string>;
  /** Tasks that everybody writes to at once, in the first project. */
  sharedTaskIds: string[];
}

const webhookEvents = ['TASK_CREATED', 'TASK_UPDATED', 'TASK_ASSIGNED', 'TASK_COMPLETED', 'TASK_REOPENED', 'TASK_MOVED', 'TASK_DELETED', 'TASK_RESTORED', 'TASK_COMMENTED', 'MEMBER_ADDED', 'MEMBER_REMOVED'];

/** Sent again with the same id it is the same account. */
async function register(url: string, handle: string): Promise<Person> {
  const input = { id: newId(), handle, name: handle, email: `${handle}@example.org`, password: `password of ${handle}` };
  const { register } = await read(url, null, 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id handle } } }', { input });
  return { ...register.user, accessToken: register.accessToken };
}

export async function setScene(url: string, writerCount: number, receiver: Pick<WebhookReceiver, 'urlOf' | 'setSecret'>): Promise<Scene> {
  let count = 0;
  const change = (person: Person, field: string, inputType: string, input: object, selection: string) =>
    read(url, person, `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`, { input }, `scene-${(count += 1)}`).then((data) => data[field]);
  const owner = await register(url, 'owner');
  const writers = [];
  for (let number = 1; number <= writerCount; number += 1) writers.push(await register(url, `writer${number}`));
  const [guest, visitor] = [await register(url, 'guest'), await register(url, 'visitor')];
  const projectIds: string[] = [];
  for (const key of ['ONE', 'TWO']) {
    const { project } = await change(owner, 'createProject', 'CreateProjectInput', { key, name: key }, 'project { id }');
    projectIds.push(project.id as string);
    for (const { id: userId } of key === 'ONE' ? [...writers, guest] : writers) {
      await change(owner, 'addProjectMember', 'AddProjectMemberInput', { projectId: project.id, userId }, 'project { id }');
    }
  }
  const hooks = new Map<string, string>();
  for (const [index, projectId] of projectIds.entries()) {
    const hook = `project${index + 1}`;
    const { secret } = await change(owner, 'createWebhook', 'CreateWebhookInput', { projectId, url: receiver.urlOf(hook), events: webhookEvents }, 'secret');
    receiver.setSecret(hook, secret as string);
    hooks.set(hook, projectId);
  }
  const { channel } = await change(owner, 'createChannel', 'CreateChannelInput', { name: 'Open' }, 'channel { id code }');
  for (const writer of writers) await change(writer, 'joinChannel', 'JoinChannelInput', { code: channel.code }, 'channel { id }');
  const sharedTaskIds: string[] = [];
  for (let number = 0; number < 4; number += 1) {
    const { task } = await change(owner, 'createTask', 'CreateTaskInput', { title: `Shared ${number}`, projectId: projectIds[0] }, 'task { id }');
    sharedTaskIds.push(task.id as string);
  }
  return { owner, writers, guest, visitor, projectIds: projectIds as [string, string], channelId: channel.id, channelCode: channel.code, hooks, sharedTaskIds };
}
