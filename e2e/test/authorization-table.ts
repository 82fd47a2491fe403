// The one table of who may what (RULES §1): the test walks it, docs/authorization.md is written from it.
import { accountRows } from './authorization/rows-accounts.js';
import { channelRows } from './authorization/rows-channels.js';
import { edgeRows } from './authorization/rows-edges.js';
import { liveRows } from './authorization/rows-live.js';
import { projectRows } from './authorization/rows-projects.js';
import { taskPartRows } from './authorization/rows-task-parts.js';
import { taskRows } from './authorization/rows-tasks.js';
import { trashRows } from './authorization/rows-trash.js';
import { webhookRows } from './authorization/rows-webhooks.js';
import { tokenRowsOf } from './authorization/tokens.js';

/** Asked over HTTP. */
export const rows = [...accountRows, ...projectRows, ...channelRows, ...taskRows, ...trashRows, ...taskPartRows, ...edgeRows, ...webhookRows];
/** Asked over a web socket. */
export const subscriptionRows = liveRows;
/** Asked with API tokens. */
export const tokenRows = tokenRowsOf(rows);
