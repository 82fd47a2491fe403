// A channel of its own for a proof that changes it, and what proofs about channels have alike.
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { house, refuse, type House } from './scenes.js';
import type { Client } from './session.js';
import { missingId, type World } from './world.js';

export const byIdOrCode = (selection: string) => `query ($id: ID, $code: String) { channel(id: $id, code: $code) { ${selection} } }`;

/** The channel as this person sees it by its id, or null. */
export const seeChannel = async (who: Client, id: string, selection = 'name description code version'): Promise<any> => (await who.ask(byIdOrCode(selection), { id })).channel;

/** A channel that nobody else uses, with one more member. */
export async function ownChannel(world: World): Promise<Pick<House, 'channel' | 'owner' | 'member'>> {
  const owner = await world.person('The host');
  const channel = await world.channel(owner);
  return { owner, channel, member: await world.joined(channel) };
}

/** Refused to all but the OWNER: FORBIDDEN to members, NOT_FOUND to a stranger and for what does not exist. */
export const ownersOnly = (name: string, input: (scene: House) => object): Proof => ({
  operation: `Mutation.${name}`, outcome: 'refusal', title: 'is FORBIDDEN to MODERATOR and MEMBER, NOT_FOUND to a stranger and for what does not exist (RULES §1)',
  async prove(world) {
    const scene = await house(world);
    for (const who of [scene.moderator, scene.member]) expect(await refuse(who, name, input(scene))).toMatchObject({ code: 'FORBIDDEN', path: [name] });
    const strange = await refuse(scene.stranger, name, input(scene));
    expect(strange).toMatchObject({ code: 'NOT_FOUND', path: [name] });
    expect(await refuse(scene.stranger, name, input({ ...scene, channel: { ...scene.channel, id: missingId() } }))).toEqual(strange);
  },
});
