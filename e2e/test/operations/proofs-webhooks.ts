// Webhooks of projects and channels.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { archived, house, newKey, refuse, team, write } from './scenes.js';
import { outcomes } from './session.js';
import { missingId, mutation, type Someone, type World } from './world.js';

const url = 'https://hooks.example.org/';
const input = { url, events: ['TASK_CREATED', 'TASK_CREATED', 'MEMBER_ADDED'] };

interface Posted {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

/** Keeps what is posted to it while `work` runs. */
async function receiving(work: (address: string, posted: Posted[]) => Promise<void>): Promise<void> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
      posted.push({ id: String(id), timestamp: String(timestamp), signature: String(signature), body });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, posted);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const isSignedWith = (secret: string, { id, timestamp, signature, body }: Posted): boolean =>
  signature.split(' ').includes(`v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`);

/** A project of somebody new, and a webhook of it. */
async function hooked(world: World, address = url): Promise<{ owner: Someone; projectId: string; id: string; secret: string }> {
  const owner = await world.person('Ops');
  const { id: projectId } = await world.project(owner);
  const { webhook, secret } = await write(owner, 'createWebhook', { projectId, ...input, url: address });
  return { owner, projectId, id: webhook.id, secret };
}

const webhooksOf = async (who: Someone): Promise<any[]> => (await who.ask('{ webhooks { id url format events active project { id } channel { id } deliveries { nodes { id eventId status attempt } } } }')).webhooks;

/** NOT_FOUND to a member who may not manage it and to a stranger, as for what does not exist; UNAUTHENTICATED without a token. */
async function hiddenFromOthers(world: World, name: string, more: object = {}, key = 'id'): Promise<void> {
  const { project, maintainer, member, stranger } = await team(world);
  const { webhook } = await write(maintainer, 'createWebhook', { projectId: project.id, ...input });
  for (const who of [member, stranger]) expect(await refuse(who, name, { [key]: webhook.id, ...more })).toMatchObject({ code: 'NOT_FOUND' });
  for (const id of [missingId(), 'no id']) expect(await refuse(maintainer, name, { [key]: id, ...more })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refuse(world.anonymous, name, { [key]: webhook.id, ...more })).toMatchObject({ code: 'UNAUTHENTICATED' });
  await write(maintainer, 'deleteWebhook', { id: webhook.id });
}

const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };

export const webhookProofs: Proof[] = [
  {
    operation: 'Query.webhooks', outcome: 'success', title: 'lists those of projects and channels that one manages, oldest first (RULES §1)',
    async prove(world) {
      const { owner, projectId, id } = await hooked(world);
      const { id: channelId } = await world.channel(owner);
      const { webhook } = await write(owner, 'createWebhook', { channelId, ...input, format: 'TEAMS' });
      const shown = await eventually(async () => {
        const all = await webhooksOf(owner);
        return all.length === 2 && all;
      });
      expect(shown).toMatchObject([
        { id, format: 'STANDARD', events: ['TASK_CREATED', 'MEMBER_ADDED'], project: { id: projectId }, channel: null, deliveries: { nodes: [] } },
        { id: webhook.id, format: 'TEAMS', active: true, project: null, channel: { id: channelId } },
      ]);
    },
  },
  {
    operation: 'Query.webhooks', outcome: 'refusal', title: 'is empty for members who may not manage them; UNAUTHENTICATED without a token',
    async prove(world) {
      const { channel, moderator, member } = await house(world);
      const { webhook } = await write(moderator, 'createWebhook', { channelId: channel.id, ...input });
      expect((await webhooksOf(moderator)).map(({ id }) => id)).toContain(webhook.id);
      expect(await webhooksOf(member)).toEqual([]);
      expect(await world.anonymous.refused('{ webhooks { id } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
      await write(moderator, 'deleteWebhook', { id: webhook.id });
    },
  },
  {
    operation: 'Mutation.createWebhook', outcome: 'success', title: 'has what happens posted, signed with the secret that only this answer shows',
    prove: (world) => receiving(async (address, posted) => {
      const { owner, projectId, secret } = await hooked(world, address);
      const task = await world.task(owner, { projectId, title: 'Post me' });
      const first = await eventually(() => posted[0] ?? null);
      expect(JSON.parse(first.body)).toMatchObject({ type: 'task.created', data: { projectId, actorId: owner.id, task: { id: task.id, title: 'Post me' } } });
      expect(isSignedWith(secret, first)).toBe(true);
    }),
  },
  {
    operation: 'Mutation.createWebhook', outcome: 'refusal',
    title: 'is FORBIDDEN to members who may not, NOT_FOUND to strangers, BAD_USER_INPUT for an address with a password, no events, or not exactly one place; UNAUTHENTICATED without a token',
    async prove(world) {
      const { project, maintainer, member, stranger } = await team(world);
      const wanted = { projectId: project.id, ...input };
      expect(await refuse(member, 'createWebhook', wanted)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refuse(stranger, 'createWebhook', wanted)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refuse(world.anonymous, 'createWebhook', wanted)).toMatchObject({ code: 'UNAUTHENTICATED' });
      const bad: [object, string][] = [[{ url: 'https://me:secret@example.org/' }, 'input.url'], [{ events: [] }, 'input.events'], [{ projectId: null }, 'input.projectId'], [{ channelId: missingId() }, 'input.projectId']];
      for (const [change, path] of bad) expect(await refuse(maintainer, 'createWebhook', { ...wanted, ...change }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.createWebhook', outcome: 'conflict', title: 'is CONFLICT in an archived project and for the 21st of a place, also of many at once; resent under one key it is one webhook and shows the same secret (RULES §3)',
    async prove(world) {
      const archive = await archived(world);
      expect(await refuse(archive.owner, 'createWebhook', { projectId: archive.project.id, ...input })).toMatchObject({ code: 'CONFLICT' });
      const owner = await world.person('Many');
      const { id: channelId } = await world.channel(owner);
      const key = newKey();
      const make = (resent?: string) => owner.answer(mutation('createWebhook', 'secret webhook { id }'), { input: { channelId, ...input } }, resent);
      const [first, again] = [await make(key), await make(key)];
      expect(again.data).toEqual(first.data);
      expect(outcomes(await Promise.all(Array.from({ length: 21 }, () => make())))).toEqual(['CONFLICT', 'CONFLICT', ...Array.from({ length: 19 }, () => 'data')]);
    },
  },
  {
    operation: 'Mutation.updateWebhook', outcome: 'success', title: 'changes what it names and nothing else, and turns it off and on',
    async prove(world) {
      const { owner, id } = await hooked(world);
      const { webhook } = await write(owner, 'updateWebhook', { id, active: false, events: ['TASK_DELETED'] });
      expect(webhook).toEqual({ id, url, format: 'STANDARD', events: ['TASK_DELETED'], active: false, disabledReason: null });
      expect((await write(owner, 'updateWebhook', { id, active: true, url: 'http://hooks.example.org/2' })).webhook).toEqual({ ...webhook, url: 'http://hooks.example.org/2', active: true });
    },
  },
  {
    operation: 'Mutation.updateWebhook', outcome: 'refusal', title: 'is NOT_FOUND to whoever may not manage it, BAD_USER_INPUT for null and for no events; UNAUTHENTICATED without a token',
    async prove(world) {
      await hiddenFromOthers(world, 'updateWebhook', { active: false });
      const { owner, id } = await hooked(world);
      for (const [change, path] of [[{ url: null }, 'input.url'], [{ active: null }, 'input.active'], [{ events: [] }, 'input.events'], [{ events: null }, 'input.events']] as const) {
        expect(await refuse(owner, 'updateWebhook', { id, ...change }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
    },
  },
  {
    operation: 'Mutation.updateWebhook', outcome: 'conflict', title: 'is CONFLICT once the project is archived',
    async prove(world) {
      const { owner, projectId, id } = await hooked(world);
      await write(owner, 'archiveProject', { id: projectId });
      expect((await eventually(() => refuse(owner, 'updateWebhook', { id, active: false }))).code).toBe('CONFLICT');
    },
  },
  {
    operation: 'Mutation.deleteWebhook', outcome: 'success', title: 'takes it from the list for good; resent under its key it is the same delete',
    async prove(world) {
      const { owner, id } = await hooked(world);
      const key = newKey();
      for (let times = 0; times < 2; times += 1) expect(await write(owner, 'deleteWebhook', { id }, { key })).toEqual({ id });
      expect(await webhooksOf(owner)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.deleteWebhook', outcome: 'refusal', title: 'is NOT_FOUND to whoever may not manage it; UNAUTHENTICATED without a token',
    prove: (world) => hiddenFromOthers(world, 'deleteWebhook'),
  },
  {
    operation: 'Mutation.deleteWebhook', outcome: 'conflict', title: 'is done by one of two at once; the other hears NOT_FOUND',
    async prove(world) {
      const { owner, id } = await hooked(world);
      const answers = await Promise.all([1, 2].map(() => owner.answer(mutation('deleteWebhook', 'id'), { input: { id } })));
      expect(outcomes(answers)).toEqual(['NOT_FOUND', 'data']);
    },
  },
  {
    operation: 'Mutation.rotateWebhookSecret', outcome: 'success', title: 'shows another secret, and for a day posts are signed with both',
    prove: (world) => receiving(async (address, posted) => {
      const { owner, projectId, id, secret } = await hooked(world, address);
      const rotated = await write(owner, 'rotateWebhookSecret', { id });
      expect(rotated.secret).not.toBe(secret);
      await world.task(owner, { projectId });
      const first = await eventually(() => posted[0] ?? null);
      expect([secret, rotated.secret, `whsec_${Buffer.from('another').toString('base64')}`].map((one) => isSignedWith(one, first))).toEqual([true, true, false]);
    }),
  },
  {
    operation: 'Mutation.rotateWebhookSecret', outcome: 'refusal', title: 'is NOT_FOUND to whoever may not manage it; UNAUTHENTICATED without a token',
    prove: (world) => hiddenFromOthers(world, 'rotateWebhookSecret'),
  },
  {
    operation: 'Mutation.rotateWebhookSecret', outcome: 'conflict', title: 'gives two at once a secret each; resent under one key it is one rotation and shows the same secret (RULES §3)',
    async prove(world) {
      const { owner, id } = await hooked(world);
      const key = newKey();
      const rotate = (resent?: string) => write(owner, 'rotateWebhookSecret', { id }, resent ? { key: resent } : {});
      const [one, other] = await Promise.all([rotate(key), rotate()]);
      expect(one.secret).not.toBe(other.secret);
      expect((await rotate(key)).secret).toBe(one.secret);
    },
  },
  {
    operation: 'Mutation.redeliverWebhook', outcome: 'success', title: 'sends one delivery again, or those of a range of time, with the event id they had',
    prove: (world) => receiving(async (address, posted) => {
      const { owner, projectId, id } = await hooked(world, address);
      await world.task(owner, { projectId });
      const [delivery] = await eventually(async () => {
        const nodes = (await webhooksOf(owner))[0]?.deliveries.nodes ?? [];
        return nodes[0]?.status === 'DELIVERED' && nodes;
      });
      await write(owner, 'redeliverWebhook', { webhookId: id, deliveryId: delivery.id });
      await eventually(() => posted.length === 2);
      await write(owner, 'redeliverWebhook', { webhookId: id, from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
      await eventually(() => posted.length >= 3);
      expect(new Set(posted.map((one) => one.id))).toEqual(new Set([delivery.eventId]));
    }),
  },
  {
    operation: 'Mutation.redeliverWebhook', outcome: 'refusal', title: 'is NOT_FOUND to whoever may not manage it and for a delivery of another webhook, BAD_USER_INPUT unless told one delivery or a range; UNAUTHENTICATED without a token',
    async prove(world) {
      await hiddenFromOthers(world, 'redeliverWebhook', range, 'webhookId');
      const { owner, id: webhookId } = await hooked(world);
      for (const deliveryId of [missingId(), 'no id']) expect(await refuse(owner, 'redeliverWebhook', { webhookId, deliveryId })).toMatchObject({ code: 'NOT_FOUND' });
      const bad: [object, string][] = [[{}, 'input.deliveryId'], [{ deliveryId: missingId(), ...range }, 'input.deliveryId'], [{ from: range.from }, 'input.to'], [{ to: range.to }, 'input.from'], [{ from: range.to, to: range.from }, 'input.to']];
      for (const [wrong, path] of bad) expect(await refuse(owner, 'redeliverWebhook', { webhookId, ...wrong }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.redeliverWebhook', outcome: 'conflict', title: 'is CONFLICT while the webhook is turned off',
    async prove(world) {
      const { owner, id } = await hooked(world);
      await write(owner, 'updateWebhook', { id, active: false });
      expect(await refuse(owner, 'redeliverWebhook', { webhookId: id, ...range })).toMatchObject({ code: 'CONFLICT' });
    },
  },
];
