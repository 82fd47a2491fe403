import { DateTime, Duration, JsonScalar, UrlScalar } from '@taskgraph/shared/scalars';
import type { Resolvers } from '../generated/resolver-types.js';
import { BulkTaskResult, BulkUpdateTasksPayload } from './bulk.js';
import { Channel } from './channel.js';
import { Comment } from './comment.js';
import { Mutation } from './mutation.js';
import { Project } from './project.js';
import { Query } from './query.js';
import { Recurrence } from './recurrence.js';
import { Task } from './task.js';
import { TaskTemplate } from './task-templates.js';
import { TaskChange } from './task-change.js';
import { TaskImport } from './task-import.js';
import { User } from './user.js';

// Subscription has no resolvers: the gateway runs it as the query of the same name (docs/architecture.md, Live).
export const resolvers: Resolvers = { DateTime, Duration, JSON: JsonScalar, URL: UrlScalar, Query, Mutation, Recurrence, Task, Comment, TaskTemplate, TaskChange, TaskImport, User, Project, Channel, BulkUpdateTasksPayload, BulkTaskResult };
