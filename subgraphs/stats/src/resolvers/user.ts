import { unavailable } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { UserResolvers } from '../generated/resolver-types.js';
import { canSeeFiguresAs, canSeeFiguresOf, canSeeRecommendationsOf } from '../policies.js';
import { inOrder, recommend, type Candidate, type Recommendation } from '../recommendation.js';
import { findCandidates } from '../repositories/candidate-repository.js';
import { readFirst } from './read-first.js';
import { figuresOf, resolveSubject } from './subject.js';

const mostRecommended = 50;

export const User: UserResolvers = {
  __resolveReference: resolveSubject,
  stats: (user, _args, context) => (context.viewer && canSeeFiguresOf(context.viewer, user.id) ? figuresOf(context, 'user', user.id) : null),
  recommendedTasks: (user, { first }, context) =>
    context.viewer && canSeeRecommendationsOf(context.viewer, user.id) ? recommendTo(context, user.id, readFirst(first, { usual: 5, most: mostRecommended })) : null,
};

async function recommendTo(context: Context, userId: string, first: number): Promise<Recommendation[]> {
  const candidates = await findCandidates(context.database, userId);
  if (!candidates) throw unavailable('stats');
  const seen = await Promise.all(candidates.map((candidate) => canStillSee(context, candidate)));
  const now = new Date();
  return candidates.filter((_, index) => seen[index]).map((candidate) => recommend(candidate, now)).sort(inOrder).slice(0, first);
}

/** Whoever lost a place stays assigned for a moment; what cannot be decided is left out. */
async function canStillSee(context: Context, { projectId, channelId }: Candidate): Promise<boolean> {
  if (projectId === null && channelId === null) return true;
  const membership = projectId !== null ? context.memberships.project.load(projectId) : context.memberships.channel.load(channelId as string);
  return membership.then(canSeeFiguresAs, () => false);
}
