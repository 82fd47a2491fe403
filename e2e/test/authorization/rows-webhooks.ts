// Webhooks of projects and channels.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { othersOnly, channelWrite, projectWrite, signedIn, type Cells } from './cells.js';
import { mutation, query, type Row, type Target } from './row.js';
import type { World } from './world.js';

const url = 'https://hooks.example.org/';
const make = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';

/** Members who may not manage it do not see that there is one. */
const projectHook: Cells = { ...othersOnly('NOT_FOUND'), MAINTAINER: 'data', OWNER: 'data' };
const channelHook: Cells = { ...othersOnly('NOT_FOUND'), 'channel MODERATOR': 'data', 'channel OWNER': 'data' };

async function hookOf(world: World, place: 'project' | 'channel', target: Target): Promise<Target> {
  const owner = world.people[place === 'project' ? 'OWNER' : 'channel OWNER'];
  const input = { [`${place}Id`]: target[`${place}Id`], url, events: ['TASK_DUE_SOON'] };
  return { ...target, webhookId: (await owner.ok(make, { input })).createWebhook.webhook.id };
}
const inProject: Row['target'] = async (world) => hookOf(world, 'project', await world.make.project());
const inChannel: Row['target'] = async (world) => hookOf(world, 'channel', await world.make.channel());

/** One in each of the places that everybody belongs to; the copy of memberships of projects may be a moment behind. */
let listed: Promise<Target> | undefined;
async function inBoth(world: World): Promise<Target> {
  await hookOf(world, 'project', { projectId: world.projectId });
  const target = await hookOf(world, 'channel', { channelId: world.channelId });
  await eventually(async () => (await world.people.MAINTAINER.ok('{ webhooks { id } }')).webhooks.length > 0);
  return target;
}
const once: Row['target'] = (world) => (listed ??= inBoth(world));

const managers: Cells = { ...signedIn('empty'), MAINTAINER: 'data', OWNER: 'data', 'channel MODERATOR': 'data', 'channel OWNER': 'data' };
const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };

export const webhookRows: Row[] = [
  query('Query.webhooks', 'webhooks { id url events project { id name } channel { id name } deliveries { nodes { id eventId } } }', 'of places that one manages', managers, { target: once }),
  mutation('createWebhook', 'secret webhook { id url project { id name } }', 'of a project', projectWrite('MAINTAINER'), ({ projectId }) => ({ projectId, url, events: ['TASK_DUE_SOON'] }), { target: (world) => world.make.project() }),
  mutation('createWebhook', 'secret webhook { id url channel { id name } }', 'of a channel', channelWrite('channel MODERATOR'), ({ channelId }) => ({ channelId, url, events: ['TASK_DUE_SOON'] }), { target: (world) => world.make.channel() }),
  mutation('updateWebhook', 'webhook { id active }', 'of a project', projectHook, ({ webhookId }) => ({ id: webhookId, active: false }), { target: inProject }),
  mutation('updateWebhook', 'webhook { id active }', 'of a channel', channelHook, ({ webhookId }) => ({ id: webhookId, active: false }), { target: inChannel }),
  mutation('rotateWebhookSecret', 'secret webhook { id }', 'of a project', projectHook, ({ webhookId }) => ({ id: webhookId }), { target: inProject }),
  mutation('rotateWebhookSecret', 'secret webhook { id }', 'of a channel', channelHook, ({ webhookId }) => ({ id: webhookId }), { target: inChannel }),
  mutation('redeliverWebhook', 'webhook { id deliveries { nodes { id } } }', 'of a project', projectHook, ({ webhookId }) => ({ webhookId, ...range }), { target: inProject }),
  mutation('redeliverWebhook', 'webhook { id deliveries { nodes { id } } }', 'of a channel', channelHook, ({ webhookId }) => ({ webhookId, ...range }), { target: inChannel }),
  mutation('deleteWebhook', 'id', 'of a project', projectHook, ({ webhookId }) => ({ id: webhookId }), { target: inProject }),
  mutation('deleteWebhook', 'id', 'of a channel', channelHook, ({ webhookId }) => ({ id: webhookId }), { target: inChannel }),
];
