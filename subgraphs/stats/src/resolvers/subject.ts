// What the three types with figures have in common.
import { unauthenticated, unavailable } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { PlaceKind } from '@taskgraph/shared/access/copy';
import type { Context } from '../context.js';
import type { SubjectKind } from '../facts.js';
import type { Figures, Subject } from '../figures.js';
import { canSeeFiguresAs } from '../policies.js';

/** Whether the subject exists is its owner's to say; here it only has figures. Async, because a synchronous throw would null the whole batch. */
export async function resolveSubject(reference: Subject, context: Context): Promise<Subject | null> {
  if (!context.viewer) throw unauthenticated();
  return isUuid(reference.id) ? { id: reference.id } : null;
}

/** Before every feed has been heard there are no figures: an error, so that nobody takes a zero for a count. */
export async function figuresOf(context: Context, kind: SubjectKind, id: string): Promise<Figures> {
  const figures = await context.figures[kind].load(id);
  if (!figures) throw unavailable('stats');
  return figures;
}

export async function figuresForMember(context: Context, kind: PlaceKind, id: string): Promise<Figures | null> {
  return canSeeFiguresAs(await context.memberships[kind].load(id)) ? figuresOf(context, kind, id) : null;
}
