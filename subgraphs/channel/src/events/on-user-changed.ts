import type { UserProfile } from '@taskgraph/shared/contracts/user-events';
import type { Reaction } from '@taskgraph/shared/event-tail';
import { saveContact } from '../repositories/contact-repository.js';

/** Keeps the contacts to which news is sent: each of these events carries the whole account. */
export const onUserChanged: Reaction = (tx, event) => saveContact(tx, event.payload as UserProfile);
