// Proofs that many mutations have alike, each written once.
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { archived, newKey, refuse, see, team, trashedTask, write, type Archived, type Team } from './scenes.js';
import type { Client } from './session.js';
import type { MadeTask, World } from './world.js';

/** Of a task in a project: refused to its VIEWER and to a stranger, and nothing is written. */
export const notForViewers = (name: string, input: (task: MadeTask, scene: Team) => object): Proof => ({
  operation: `Mutation.${name}`, outcome: 'refusal', title: 'is FORBIDDEN to a VIEWER of the project and NOT_FOUND to a stranger (RULES §1)',
  async prove(world) {
    const scene = await team(world);
    const task = await world.task(scene.owner, { projectId: scene.project.id });
    expect(await refuse(scene.viewer, name, input(task, scene))).toMatchObject({ code: 'FORBIDDEN', path: [name] });
    expect(await refuse(scene.stranger, name, input(task, scene))).toMatchObject({ code: 'NOT_FOUND', path: [name] });
    expect(await see(scene.owner, task.id)).toMatchObject({ version: task.version });
  },
});

export const notWhileArchived = (name: string, input: (scene: Archived) => object): Proof => ({
  operation: `Mutation.${name}`, outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
  async prove(world) {
    const scene = await archived(world);
    expect(await refuse(scene.owner, name, input(scene))).toMatchObject({ code: 'CONFLICT', message: 'The project is archived.' });
  },
});

export const notInTrash = (name: string, input: (task: MadeTask, scene: Team) => object): Proof => ({
  operation: `Mutation.${name}`, outcome: 'conflict', title: 'is CONFLICT for a task in the trash (RULES §6)',
  async prove(world) {
    const { task, ...scene } = await trashedTask(world);
    expect(await refuse(scene.owner, name, input(task, scene))).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('in the trash') });
  },
});

/** What one person sends twice under one key, with two inputs. */
interface Twice {
  who: Client;
  first: object;
  second: object;
}

export const notUnderUsedKey = (name: string, prepare: (world: World) => Promise<Twice>): Proof => ({
  operation: `Mutation.${name}`, outcome: 'conflict', title: 'is IDEMPOTENCY_MISMATCH under an Idempotency-Key that had another input (RULES §3)',
  async prove(world) {
    const { who, first, second } = await prepare(world);
    const key = newKey();
    await write(who, name, first, { key });
    expect(await refuse(who, name, second, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', path: [name] });
  },
});

/** The id of something that exists: another input, or another person, is refused; what is there is not told. */
export const notWithTakenId = (name: string, prepare: (world: World) => Promise<{ who: Client; another: Client; input: object; changed: object }>): Proof => ({
  operation: `Mutation.${name}`, outcome: 'conflict', title: 'is CONFLICT, without telling what is there, for an id that another input or another person has taken (RULES §3)',
  async prove(world) {
    const { who, another, input, changed } = await prepare(world);
    await write(who, name, input);
    for (const refusal of [await refuse(who, name, changed), await refuse(another, name, input)]) {
      expect(refusal).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
      expect(refusal.current).toBeUndefined();
    }
  },
});
