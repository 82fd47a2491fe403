import type { SessionResolvers } from '../generated/resolver-types.js';

export const Session: SessionResolvers = {
  current: (session, _args, context) => context.viewer?.sessionId === session.id,
};
