// The one table of who may what (RULES §1): the test walks it, docs/authorization.md is written from it.
import { accountRows } from './authorization/rows-accounts.js';
import { channelRows } from './authorization/rows-channels.js';
import { edgeRows } from './authorization/rows-edges.js';
import { liveRows } from './authorization/rows-live.js';
import { projectRows } from './authorization/rows-projects.js';
import { taskPartRows } from './authorization/rows-task-parts.js';
import { taskRows } from './authorization/rows-tasks.js';

/** Asked over HTTP. */
export const rows = [...accountRows, ...projectRows, ...channelRows, ...taskRows, ...taskPartRows, ...edgeRows];
/** Asked over a web socket. */
export const subscriptionRows = liveRows;
