import type { UserProfile } from '@taskgraph/shared/contracts/user-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { saveTimeZone } from '../repositories/person-repository.js';

/** Keeps the time zone in whose days a person sees figures: each of these events carries the whole account. */
export const onUserChanged: Reaction = (tx, event) => saveTimeZone(tx, event.payload as UserProfile);
