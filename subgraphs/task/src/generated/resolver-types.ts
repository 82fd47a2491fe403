// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { TaskRow, TaskPage } from '../entities/task.js';
import type { ChangeRow, ChangePage } from '../repositories/change-repository.js';
import type { LabelRow } from '../entities/label.js';
import type { CommentRow, CommentPage } from '../entities/comment.js';
import type { TaskTemplateRow } from '../entities/task-template.js';
import type { ImportRow } from '../entities/task-import.js';
import type { ExportLink } from '../commands/export-tasks.js';
import type { WrittenTask } from '../commands/write-task.js';
import type { Reference } from '../entities/references.js';
import type { Undone } from '../commands/undo.js';
import type { BulkOutcome, BulkResult } from '../commands/bulk-update-tasks.js';
import type { Context } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant as an RFC 3339 timestamp, for example `2026-11-20T09:00:00.000Z`. Any offset is accepted; answers are in UTC. */
  DateTime: { input: Date; output: Date; }
  /** An absolute http or https address. */
  URL: { input: string; output: string; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** An ISO 8601 duration, for example `P7D`, `PT36H` or `-P1M`. A sign may stand in front; only seconds may have a fraction. */
  Duration: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Where a task stands. */
export type TaskStatus =
  /** Not begun. */
  | 'PENDING'
  /** Somebody works on it. */
  | 'IN_PROGRESS'
  /** Done. */
  | 'COMPLETED'
  /** Given up. */
  | 'CANCELLED';

/** A person, owned by the user subgraph. */
export type User = {
  /** The person's id. */
  id: Scalars['ID']['output'];
  /**
   * Tasks assigned to this user, plus their personal tasks, as far as the viewer can see them.
   * Without `sort` newest first. `first` rows from the beginning or behind `after`, or `last` rows from the end or before `before`: 1 to 1000, default 100;
   * both `first` and `last`, and a cursor of another sort, are BAD_USER_INPUT.
   */
  tasks?: Maybe<TaskConnection>;
};


/** A person, owned by the user subgraph. */
export type UserTasksArgs = {
  filter?: InputMaybe<TaskFilter>;
  sort?: InputMaybe<Array<TaskSort>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A project, owned by the project subgraph. */
export type Project = {
  /** The project's id. */
  id: Scalars['ID']['output'];
  /**
   * Its tasks; null to those who do not belong there.
   * Without `sort` newest first. `first` rows from the beginning or behind `after`, or `last` rows from the end or before `before`: 1 to 1000, default 100;
   * both `first` and `last`, and a cursor of another sort, are BAD_USER_INPUT.
   */
  tasks?: Maybe<TaskConnection>;
  /** Its labels, by name; null for who is not a member. */
  labels?: Maybe<Array<Label>>;
};


/** A project, owned by the project subgraph. */
export type ProjectTasksArgs = {
  filter?: InputMaybe<TaskFilter>;
  sort?: InputMaybe<Array<TaskSort>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A public task channel, owned by the channel subgraph. */
export type Channel = {
  /** The channel's id. */
  id: Scalars['ID']['output'];
  /**
   * Its tasks; null to those who do not belong there.
   * Without `sort` newest first. `first` rows from the beginning or behind `after`, or `last` rows from the end or before `before`: 1 to 1000, default 100;
   * both `first` and `last`, and a cursor of another sort, are BAD_USER_INPUT.
   */
  tasks?: Maybe<TaskConnection>;
};


/** A public task channel, owned by the channel subgraph. */
export type ChannelTasksArgs = {
  filter?: InputMaybe<TaskFilter>;
  sort?: InputMaybe<Array<TaskSort>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** Something to do. A task is in a project, or in a channel, or personal: never two of them. */
export type Task = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** For example WEB-12 in a project; null elsewhere, and for a moment while the project subgraph has never been heard. */
  ref?: Maybe<Scalars['String']['output']>;
  /** 1 to 255 characters. */
  title: Scalars['String']['output'];
  /** Markdown, at most 64 KiB. */
  description?: Maybe<Scalars['String']['output']>;
  /** Where it stands. */
  status: TaskStatus;
  /** 1 (highest) to 10; default 5. */
  priority: Scalars['Int']['output'];
  /** Not before. */
  startAt?: Maybe<Scalars['DateTime']['output']>;
  /** Not after. */
  dueAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was completed; null while it is not. */
  completedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Due in the past and neither completed nor cancelled. */
  overdue: Scalars['Boolean']['output'];
  /** Who made it. */
  creator?: Maybe<User>;
  /** Who is to do it. */
  assignees?: Maybe<Array<User>>;
  /** Its project, if it is in one. */
  project?: Maybe<Project>;
  /** Its channel, if it is in one. */
  channel?: Maybe<Channel>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the writes to this task, from 1; each is one TaskChange. */
  version: Scalars['Int']['output'];
  /** Its changes, oldest first; kept as long as the task. */
  history: TaskChangeConnection;
  /** Manual order inside its project, channel or personal list, compared byte by byte; at most 64 characters. */
  rank: Scalars['String']['output'];
  /** In the trash since; restorable for 30 days. */
  deletedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Labels of its project that it carries, by name. */
  labels: Array<Label>;
  /** Who follows it without being assigned. */
  watchers?: Maybe<Array<User>>;
  /** What was said about it, oldest first. */
  comments: CommentConnection;
  /** The task it is a subtask of. */
  parent?: Maybe<Task>;
  /** Its subtasks in their manual order, without those in the trash. Trees have at most 10 levels. */
  subtasks: TaskConnection;
  /** Completed share of the subtasks, 0 to 1; null without subtasks. Only those right below it count, cancelled ones too, trashed ones do not. */
  subtaskProgress?: Maybe<Scalars['Float']['output']>;
  /** Tasks that it waits for, in the order in which they were added. Those that the viewer cannot see are left out, and so is what lies in the trash. */
  blockedBy: Array<Task>;
  /** Tasks that wait for it, in the order in which they were added; left out are the same ones. */
  blocks: Array<Task>;
  /** How it repeats; null where it does not. */
  recurrence?: Maybe<Recurrence>;
};


/** Something to do. A task is in a project, or in a channel, or personal: never two of them. */
export type TaskHistoryArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Something to do. A task is in a project, or in a channel, or personal: never two of them. */
export type TaskCommentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Something to do. A task is in a project, or in a channel, or personal: never two of them. */
export type TaskSubtasksArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One page of tasks. */
export type TaskConnection = {
  /** The rows with their cursors. */
  edges: Array<TaskEdge>;
  /** The rows alone. */
  nodes: Array<Task>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many tasks match in all; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A task and its place in the list. */
export type TaskEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The task. */
  node: Task;
};

/** One page of a connection: what lies around it and where it starts and ends. */
export type PageInfo = {
  /** Whether more rows follow `endCursor`. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether rows precede `startCursor`. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first row of this page; null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
  /** Cursor of the last row of this page: pass it as `after` to go on. */
  endCursor?: Maybe<Scalars['String']['output']>;
};

/** What happened to a task. */
export type TaskChangeKind =
  /** Made. */
  | 'CREATED'
  /** Some field changed; or, without a new version, a label it carries has another name. */
  | 'UPDATED'
  /** Its status became COMPLETED. */
  | 'COMPLETED'
  /** Its status went from COMPLETED to another. */
  | 'REOPENED'
  /** Its assignees changed. */
  | 'ASSIGNED'
  /** It got another place in the manual order, or went to another project, channel or list. */
  | 'MOVED'
  /** It went to the trash. */
  | 'DELETED'
  /** It came back from the trash. */
  | 'RESTORED'
  /** A comment was added, edited or deleted. */
  | 'COMMENTED'
  /** Its due date is near; once per due date. */
  | 'DUE_SOON'
  /** Its due date has passed; once per due date. */
  | 'OVERDUE'
  /** With a filter: the task began to match. In scope `mine`: it became one of the viewer's. */
  | 'ENTERED'
  /** With a filter: the task stopped to match. In scope `mine`: it stopped being one of the viewer's. */
  | 'LEFT'
  /** The viewer lost the whole scope; nothing follows. */
  | 'ACCESS_LOST';

/** One place in the change log: one write to one task. */
export type TaskChange = {
  /** Place in the task log, strictly increasing within a scope; opaque. */
  cursor: Scalars['String']['output'];
  /** What happened. */
  kind: TaskChangeKind;
  /** The task; null only when the whole scope is lost. */
  taskId?: Maybe<Scalars['ID']['output']>;
  /** The task as it is now; null when it is no longer visible. */
  task?: Maybe<Task>;
  /** Every field that changed, with the value before and after. */
  changes: Array<FieldChange>;
  /** Who did it. */
  actor?: Maybe<User>;
  /** When. */
  at: Scalars['DateTime']['output'];
};

/** One field's change. */
export type FieldChange = {
  /** Name of the field, as in UpdateTaskInput. */
  field: Scalars['String']['output'];
  /** The value before; null where there was none. */
  before?: Maybe<Scalars['JSON']['output']>;
  /** The value after. Values over 4 KB stand as `{sha256, bytes}`. */
  after?: Maybe<Scalars['JSON']['output']>;
};

/** One page of the change log. */
export type TaskChangeConnection = {
  /** The changes with their cursors. */
  edges: Array<TaskChangeEdge>;
  /** The changes alone. */
  nodes: Array<TaskChange>;
  /** `endCursor` is how far the log was read, set also where `nodes` is empty; `hasNextPage`: the log goes on. */
  pageInfo: PageInfo;
  /** The horizon now: take it, list tasks, then subscribe after it. */
  head: Scalars['String']['output'];
};

/** A change and its place in the log. */
export type TaskChangeEdge = {
  /** Same as `node.cursor`. */
  cursor: Scalars['String']['output'];
  /** The change. */
  node: TaskChange;
};

/** Whose changes: exactly one of the fields. */
export type TaskScope = {
  /** All tasks of a project. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** All tasks of a channel. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** One task. */
  taskId?: InputMaybe<Scalars['ID']['input']>;
  /** `true`: tasks that are personal to the viewer, assigned to, created or watched by the viewer. */
  mine?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A condition on ids; all that is given must hold. A comparison with null is false, so its `not` is true. A text that is no id of anything matches nothing. */
export type IdFilter = {
  /** Is this one. */
  eq?: InputMaybe<Scalars['ID']['input']>;
  /** Is one of these, at most 1000 of them; an empty list matches nothing. */
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Is set and none of these, at most 1000 of them. For `assigneeId`: nobody of these is assigned. */
  notIn?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** `true`: is not set (for `assigneeId`: nobody is assigned); `false`: is set. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A condition on a number; all that is given must hold. */
export type IntFilter = {
  /** Is this. */
  eq?: InputMaybe<Scalars['Int']['input']>;
  /** Is one of these, at most 1000 of them; an empty list matches nothing. */
  in?: InputMaybe<Array<Scalars['Int']['input']>>;
  /** Is greater. */
  gt?: InputMaybe<Scalars['Int']['input']>;
  /** Is greater or equal. */
  gte?: InputMaybe<Scalars['Int']['input']>;
  /** Is less. */
  lt?: InputMaybe<Scalars['Int']['input']>;
  /** Is less or equal. */
  lte?: InputMaybe<Scalars['Int']['input']>;
};

/** A condition on text, without regard to case; all that is given must hold. Texts of at most 1000 characters. */
export type StringFilter = {
  /** Is this. */
  eq?: InputMaybe<Scalars['String']['input']>;
  /** Is one of these, at most 1000 of them; an empty list matches nothing. */
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Has this in it. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** Begins with this. */
  startsWith?: InputMaybe<Scalars['String']['input']>;
};

/** A condition on an instant; all that is given must hold. A comparison with null, on either side, is false, so its `not` is true. */
export type DateTimeFilter = {
  /** Is this instant, to the millisecond. */
  eq?: InputMaybe<Scalars['DateTime']['input']>;
  /** Lies after. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Does not lie before. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Lies before. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Does not lie after. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
  /** `true`: is not set; `false`: is set. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Lies between the time of the request and this far from it, both included: `P7D` ahead, `-P7D` back. */
  within?: InputMaybe<Scalars['Duration']['input']>;
};

/** A condition on the status; all that is given must hold. */
export type TaskStatusFilter = {
  /** Is this. */
  eq?: InputMaybe<TaskStatus>;
  /** Is one of these; an empty list matches nothing. */
  in?: InputMaybe<Array<TaskStatus>>;
  /** Is none of these. */
  notIn?: InputMaybe<Array<TaskStatus>>;
};

/** Which tasks. All that is given must hold; `{}` holds for every task. Nested by `and`, `or` and `not` to a depth of 5, at most 200 conditions in all, 5 of them `text`; more is BAD_USER_INPUT. */
export type TaskFilter = {
  /** All of these hold; an empty list holds always. */
  and?: InputMaybe<Array<TaskFilter>>;
  /** One of these holds; an empty list never holds. */
  or?: InputMaybe<Array<TaskFilter>>;
  /** This does not hold. */
  not?: InputMaybe<TaskFilter>;
  /** The task itself. */
  id?: InputMaybe<IdFilter>;
  /** Full-text search over title and description, 1 to 1000 characters: all words, `"a phrase"`, `or`, `-without`. Whole words, without regard to case. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** The title. */
  title?: InputMaybe<StringFilter>;
  /** Where it stands. */
  status?: InputMaybe<TaskStatusFilter>;
  /** 1 (highest) to 10. */
  priority?: InputMaybe<IntFilter>;
  /** When it is due. */
  dueAt?: InputMaybe<DateTimeFilter>;
  /** When it starts. */
  startAt?: InputMaybe<DateTimeFilter>;
  /** When it was made. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** When it last changed. */
  updatedAt?: InputMaybe<DateTimeFilter>;
  /** When it was completed. */
  completedAt?: InputMaybe<DateTimeFilter>;
  /** The project it is in. */
  projectId?: InputMaybe<IdFilter>;
  /** The channel it is in. */
  channelId?: InputMaybe<IdFilter>;
  /** The task it is a subtask of. */
  parentId?: InputMaybe<IdFilter>;
  /** Who is to do it: matches if anybody assigned does, `notIn` if nobody does. */
  assigneeId?: InputMaybe<IdFilter>;
  /** Who made it. */
  creatorId?: InputMaybe<IdFilter>;
  /** Its labels, by name: matches if any of them does. */
  label?: InputMaybe<StringFilter>;
  /** Due before the time of the request and neither completed nor cancelled. */
  overdue?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether something open blocks it. */
  blocked?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is in no project and in no channel. */
  personal?: InputMaybe<Scalars['Boolean']['input']>;
  /** `true`: only what is in the trash. Where `deleted` stands nowhere in the filter, `deleted: false` holds. */
  deleted?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What a list of tasks can be sorted by. */
export type TaskSortField =
  /** 1 (highest) first. */
  | 'PRIORITY'
  /** When it is due. */
  | 'DUE_AT'
  /** When it starts. */
  | 'START_AT'
  /** When it was made. */
  | 'CREATED_AT'
  /** When it last changed. */
  | 'UPDATED_AT'
  /** When it was completed. */
  | 'COMPLETED_AT'
  /** The title, without regard to case, by code point. */
  | 'TITLE'
  /** PENDING, IN_PROGRESS, COMPLETED, CANCELLED. */
  | 'STATUS'
  /** The manual order; it means something inside one project, channel or personal list. */
  | 'RANK';

/** Which way a list is sorted. */
export type SortDirection =
  /** Smallest first. */
  | 'ASC'
  /** Largest first. */
  | 'DESC';

/** One key of a sort; the next key counts where this one is equal. What is not set comes last in both directions; equal tasks come by id, smallest first. At most 9 keys. */
export type TaskSort = {
  /** What counts. */
  field: TaskSortField;
  /** Which way. */
  direction?: InputMaybe<SortDirection>;
};

/** A new task. With `projectId` it is in that project, with `channelId` in that channel, with neither it is personal. */
export type CreateTaskInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same create. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 255 characters. */
  title: Scalars['String']['input'];
  /** Markdown, at most 64 KiB. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Default PENDING. */
  status?: InputMaybe<TaskStatus>;
  /** 1 (highest) to 10; default 5. */
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** Not before. */
  startAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Not after; not before `startAt`. */
  dueAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The project; MEMBER or more there. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** The channel; a member there. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** Each must be able to see the task. */
  assigneeIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Labels of the task's own project, at most 50. */
  labelIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The task it is a subtask of: one of the same project, channel or personal list, not in the trash, at most 10 levels in all; else BAD_USER_INPUT. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** Repeats it: the series starts at `dueAt`, or now without one. */
  recurrence?: InputMaybe<RecurrenceInput>;
};

/** A patch: absent keeps, null clears. */
export type UpdateTaskInput = {
  /** The task. */
  id: Scalars['ID']['input'];
  /** The version this patch was made from. Fields changed by others since then and also in the patch: CONFLICT. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** 1 to 255 characters. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** Markdown, at most 64 KiB. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Where it stands. */
  status?: InputMaybe<TaskStatus>;
  /** 1 (highest) to 10. */
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** Not before. */
  startAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Not after; not before `startAt`. */
  dueAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** All assignees from now on; null means none. Each must be able to see the task. */
  assigneeIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** All labels from now on, of the task's own project, at most 50; null means none. */
  labelIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Hangs it, with its own subtasks, under another task of the same place; null takes it out. A cycle or more than 10 levels: BAD_USER_INPUT. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** Another rule begins a new series at the due date; null ends the repetition. Another `dueAt` alone moves this instance and not the series. */
  recurrence?: InputMaybe<RecurrenceInput>;
};

/** A task, and optionally the version one has seen. */
export type TaskIdInput = {
  /** The task. */
  id: Scalars['ID']['input'];
  /** Another status change since this version is CONFLICT. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** Who starts and stops being assigned to a task. */
export type AssignTaskInput = {
  /** The task. */
  id: Scalars['ID']['input'];
  /** The version one has seen. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** New assignees; each must be able to see the task. */
  add?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** No longer assignees. */
  remove?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** Where a task goes. At most one of `projectId`, `channelId` and `personal`; without any it stays where it is. */
export type MoveTaskInput = {
  /** The task. */
  id: Scalars['ID']['input'];
  /** The version one has seen. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** To this project; it gets a new ref there and the old one still finds it. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** To this channel. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** `true`: to one's personal list. */
  personal?: InputMaybe<Scalars['Boolean']['input']>;
  /** Right behind this task of the target. */
  after?: InputMaybe<Scalars['ID']['input']>;
  /** Right before this task of the target. */
  before?: InputMaybe<Scalars['ID']['input']>;
  /** Set on the way, as a board does it. */
  status?: InputMaybe<TaskStatus>;
};

/** What to take back. */
export type UndoInput = {
  /** `undoToken` of a payload. */
  token: Scalars['String']['input'];
};

/** What undo wrote. */
export type UndoPayload = {
  /** The first of `tasks`. */
  task: Task;
  /** Every task that was written, as it is now. */
  tasks: Array<Task>;
  /** Place of the last write in the change log. */
  cursor: Scalars['String']['output'];
  /** Undoes the undoing. */
  undoToken?: Maybe<Scalars['String']['output']>;
};

/** One task of a bulk. */
export type BulkTaskRef = {
  /** The task. */
  id: Scalars['ID']['input'];
  /** The version one has seen. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** One patch for many tasks. */
export type BulkUpdateTasksInput = {
  /** 1 to 500, each task once. */
  items: Array<BulkTaskRef>;
  /** What to do with each. */
  patch: TaskPatch;
  /** All or none. */
  atomic?: InputMaybe<Scalars['Boolean']['input']>;
  /** Says what would happen and does nothing. */
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A patch that fits many tasks: absent keeps. */
export type TaskPatch = {
  /** New status. */
  status?: InputMaybe<TaskStatus>;
  /** 1 (highest) to 10. */
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** Due date; null clears. */
  dueAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** New assignees; each must be able to see the task. */
  addAssigneeIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** No longer assignees. */
  removeAssigneeIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Labels to add; of the task's own project. */
  addLabelIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Labels to take off. */
  removeLabelIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** `true`: to the trash. Must stand alone. */
  delete?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What became of a bulk. */
export type BulkUpdateTasksPayload = {
  /** In the order of the items. */
  results: Array<BulkTaskResult>;
  /** Items without a refusal. */
  succeeded: Scalars['Int']['output'];
  /** Items with one. */
  failed: Scalars['Int']['output'];
  /** Place of the last write in the change log; null where nothing was written. */
  cursor?: Maybe<Scalars['String']['output']>;
  /** Takes back all that the bulk did. */
  undoToken?: Maybe<Scalars['String']['output']>;
};

/** What became of one item. */
export type BulkTaskResult = {
  /** The item's id. */
  id: Scalars['ID']['output'];
  /** The task as it is now; null where the viewer cannot see it. */
  task?: Maybe<Task>;
  /** Why it was refused; null where it was not. */
  code?: Maybe<ErrorCode>;
  /** The refusal in words. */
  message?: Maybe<Scalars['String']['output']>;
};

/** Every code an error can have; see the head of each operation for which it gives. */
export type ErrorCode =
  /** No or no valid token. */
  | 'UNAUTHENTICATED'
  /** One sees it and may not do this. */
  | 'FORBIDDEN'
  /** There is none, or none that one can see. */
  | 'NOT_FOUND'
  /** `extensions.fields` tells each path and its problem. */
  | 'BAD_USER_INPUT'
  /** The state does not allow it; `extensions.fields` and `extensions.current` tell what clashes. */
  | 'CONFLICT'
  /** The same Idempotency-Key came with another input. */
  | 'IDEMPOTENCY_MISMATCH'
  /** The cursor is too old: read everything again. */
  | 'RESYNC_REQUIRED'
  /** Too often; `extensions.retryAfter` in seconds. */
  | 'RATE_LIMITED'
  /** The document costs too much. */
  | 'QUERY_TOO_COMPLEX'
  /** Busy; `extensions.retryAfter` in seconds. */
  | 'OVERLOADED'
  /** A part of the graph is away. */
  | 'SUBGRAPH_UNAVAILABLE'
  /** Our fault; nothing more is told. */
  | 'INTERNAL_SERVER_ERROR';

/** A word to mark tasks of a project with. */
export type Label = {
  /** The label's id. */
  id: Scalars['ID']['output'];
  /** 1 to 64 characters, unique in the project whatever the case. */
  name: Scalars['String']['output'];
  /** #RRGGBB. */
  color: Scalars['String']['output'];
};

/** A new label; MAINTAINER or OWNER of the project. */
export type CreateLabelInput = {
  /** The project; it has at most 500 labels. */
  projectId: Scalars['ID']['input'];
  /** 1 to 64 characters, without spaces around. CONFLICT where the project has one of this name, in whatever case. */
  name: Scalars['String']['input'];
  /** #RRGGBB; default #808080. */
  color?: InputMaybe<Scalars['String']['input']>;
};

/** A patch of a label: absent keeps. MAINTAINER or OWNER of its project. */
export type UpdateLabelInput = {
  /** The label. */
  id: Scalars['ID']['input'];
  /** 1 to 64 characters, without spaces around. CONFLICT where the project has one of this name, in whatever case. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** #RRGGBB. */
  color?: InputMaybe<Scalars['String']['input']>;
};

/** A label that is to go. */
export type DeleteLabelInput = {
  /** The label. */
  id: Scalars['ID']['input'];
};

/** The written label. */
export type LabelPayload = {
  /** As it is after the write. */
  label: Label;
};

/** The deleted label. */
export type DeleteLabelPayload = {
  /** The id it had. */
  id: Scalars['ID']['output'];
};

/** Something said about a task. */
export type Comment = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** The task. */
  task: Task;
  /** Who wrote it. */
  author?: Maybe<User>;
  /** Markdown, at most 64 KiB. */
  body: Scalars['String']['output'];
  /** People named by @handle who could see the task when this was written. */
  mentions?: Maybe<Array<User>>;
  /** When it was written. */
  createdAt: Scalars['DateTime']['output'];
  /** When its author last changed it; null if never. */
  editedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Counts the writes to this comment, from 1. */
  version: Scalars['Int']['output'];
};

/** One page of comments. */
export type CommentConnection = {
  /** The rows with their cursors. */
  edges: Array<CommentEdge>;
  /** The rows alone. */
  nodes: Array<Comment>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many comments there are in all; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A comment and its place in the list. */
export type CommentEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The comment. */
  node: Comment;
};

/** A new comment. Whoever sees a task may comment on it. SUBGRAPH_UNAVAILABLE while the user subgraph is away and the body names somebody it has to be asked about. */
export type AddCommentInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same comment. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The task. */
  taskId: Scalars['ID']['input'];
  /** Markdown, 1 character to 64 KiB. `@handle` mentions a person who can see the task; of more than 50 handles the first 50 count. */
  body: Scalars['String']['input'];
};

/** Another body for one's own comment. */
export type UpdateCommentInput = {
  /** The comment. */
  id: Scalars['ID']['input'];
  /** Markdown, 1 character to 64 KiB; mentions are read again. */
  body: Scalars['String']['input'];
  /** The version this edit was made from. Another version by now: CONFLICT. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** A comment that is to go: one's own, or any for MAINTAINER, MODERATOR and OWNER. */
export type DeleteCommentInput = {
  /** The comment. */
  id: Scalars['ID']['input'];
};

/** The written comment. */
export type CommentPayload = {
  /** As it is after the write. */
  comment: Comment;
  /** This write's place in the change log of the task. */
  cursor: Scalars['String']['output'];
};

/** The deleted comment. */
export type DeleteCommentPayload = {
  /** The id it had. */
  id: Scalars['ID']['output'];
  /** This write's place in the change log of the task. */
  cursor: Scalars['String']['output'];
};

/** Tasks to be made again and again, of one person or of a project. */
export type TaskTemplate = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** 1 to 100 characters. */
  name: Scalars['String']['output'];
  /** The project whose members use it; null for a template of the viewer's own. */
  project?: Maybe<Project>;
  /** A list of objects, as in SaveTaskTemplateInput. */
  tasks: Scalars['JSON']['output'];
};

/** A new template, from a task or from a list: exactly one of fromTaskId and tasks. */
export type SaveTaskTemplateInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same template. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** Makes it the project's, for MAINTAINER and OWNER; else it is the viewer's own. A project or person has at most 100 templates. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** Takes this task with its subtasks, without people, status and comments. Dates become spans from the task's start, or from its creation where it has none. */
  fromTaskId?: InputMaybe<Scalars['ID']['input']>;
  /**
   * A list of 1 to 100 tasks, subtasks included, at most 10 levels and 128 KiB: `{ title, description, priority, startAfter, dueAfter, labels,
   * recurrence: { rule, timeZone }, subtasks }`. Only title is needed. startAfter and dueAfter are spans such as P7D or -PT4H from the start of its use (a day
   * is 24 hours), labels are names.
   */
  tasks?: InputMaybe<Scalars['JSON']['input']>;
};

/** Where and when a template is used. With neither project nor channel: where the template is kept, in its project or with the viewer. */
export type CreateTasksFromTemplateInput = {
  /** The template. */
  templateId: Scalars['ID']['input'];
  /** The project; MEMBER or more there. Labels it does not have are left out. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** The channel; a member there. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** What the spans of the template count from; default now. */
  startAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The written template. */
export type TaskTemplatePayload = {
  /** As it is after the write. */
  template: TaskTemplate;
};

/** The tasks that were made. */
export type CreateTasksFromTemplatePayload = {
  /** All of them, each parent before its subtasks. */
  tasks: Array<Task>;
  /** Place of the last one in the change log. */
  cursor: Scalars['String']['output'];
};

/** The written task. */
export type TaskPayload = {
  /** As it is after the write. */
  task: Task;
  /** This write's place in the change log: pass it as `until` or `after`. */
  cursor: Scalars['String']['output'];
  /** Takes this write back within 24 h (see `undo`); null where nothing changed, and for watching and unwatching. */
  undoToken?: Maybe<Scalars['String']['output']>;
};

/** Where an import stands. */
export type ImportStatus =
  /** Waits for its file at `uploadUrl`. */
  | 'AWAITING_UPLOAD'
  /** Its rows are being done in the background. */
  | 'RUNNING'
  /** Every row is done; those that could not become a task are in the error file. */
  | 'COMPLETED'
  /** It ended before its end, see `failure`. What was created stays. */
  | 'FAILED'
  /** Its owner stopped it. What was created stays. */
  | 'CANCELLED';

/** Form of a file. */
export type ImportFormat =
  /** Comma-separated values. Imports also take semicolons and tabs, UTF-8, UTF-16 and Windows-1252, found out by themselves; the first row names the columns. */
  | 'CSV'
  /** An array of objects, or one object per line (NDJSON; imports only). */
  | 'JSON';

/** A file that becomes tasks, in the background. Only its owner sees it. */
export type TaskImport = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** Where it stands. */
  status: ImportStatus;
  /**
   * Send the file here with PUT or POST, as the body itself and uncompressed; no token is needed. Good for one hour and for one file of at most
   * 100 MB (`UPLOAD_LIMIT_MB`). Null once the file is there or the hour is over.
   */
  uploadUrl?: Maybe<Scalars['URL']['output']>;
  /** Rows in the file, without the one that names the columns; null until it has been read once. */
  totalRows?: Maybe<Scalars['Int']['output']>;
  /** Rows that are done, whatever became of them. */
  processedRows: Scalars['Int']['output'];
  /** Rows that have become tasks; 0 in a dry run. */
  createdRows: Scalars['Int']['output'];
  /** Rows that cannot become a task. */
  failedRows: Scalars['Int']['output'];
  /**
   * The rows that failed as CSV, one line each: `line` in the file (for JSON the line on which the object starts), `column`, `reason`. Good for
   * 15 minutes from the query on; null while no row failed. The file is kept for 7 days.
   */
  errorFileUrl?: Maybe<Scalars['URL']['output']>;
  /** Whether rows are only checked and nothing is created. */
  dryRun: Scalars['Boolean']['output'];
  /** When the file had come; null before. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended, in whatever way; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why it is FAILED, for people; null otherwise. */
  failure?: Maybe<Scalars['String']['output']>;
  /**
   * How the columns of the file were understood: an object from column name to field, null for a column that is left out. Null until the file has been
   * read once.
   */
  columns?: Maybe<Scalars['JSON']['output']>;
};

/** A new import. Exactly one of `projectId`, `channelId` and `personal: true` is given. */
export type StartTaskImportInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same import. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The project the tasks go to; MAINTAINER or more there. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** The channel the tasks go to; MODERATOR or more there. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** `true`: the tasks go to the viewer's personal list. */
  personal?: InputMaybe<Scalars['Boolean']['input']>;
  /** Form of the file. */
  format: ImportFormat;
  /**
   * Which column holds which field, where its name does not tell: an object from column name (in whatever case) to one of `title description status
   * priority due start assignees labels parent ref id`, or to null for a column to leave out. At most 100 columns. Columns that it does not name are
   * found by name.
   *
   * `assignees`: handles, e-mail addresses or ids, separated by commas, semicolons or spaces. `labels`: names, separated by commas or semicolons; a
   * project's missing ones are made. `parent`: ref or id of a task of the same place, or the `ref`, `id` or title of a row further up. Dates:
   * `2026-11-20` or RFC 3339, UTC where there is no offset; a date alone is the end of that day in `due` and its start in `start`.
   */
  mapping?: InputMaybe<Scalars['JSON']['input']>;
  /** `true`: checks every row and creates nothing. */
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
};

/** An import of the viewer. */
export type CancelTaskImportInput = {
  /** Its id. */
  id: Scalars['ID']['input'];
};

/** An import. */
export type TaskImportPayload = {
  /** As it is now. */
  taskImport: TaskImport;
};

/** What to export. */
export type ExportTasksInput = {
  /** Which of the tasks the viewer can see; all of them that are not in the trash where it is absent. */
  filter?: InputMaybe<TaskFilter>;
  /** Form of the file. In CSV a quote sign stands before what a spreadsheet would run as a formula; imports take it off again. */
  format: ImportFormat;
};

/** Where to fetch an export. */
export type ExportTasksPayload = {
  /** GET streams the file; no token is needed. It shows what the viewer can see when it is fetched. */
  url: Scalars['URL']['output'];
  /** Until when the address is good: 15 minutes. */
  expiresAt: Scalars['DateTime']['output'];
};

export type Query = {
  /** One task by id or by ref such as WEB-12 (exactly one of them); null where there is none that the viewer can see. */
  task?: Maybe<Task>;
  /**
   * All tasks the viewer can see.
   * Without `sort` newest first. `first` rows from the beginning or behind `after`, or `last` rows from the end or before `before`: 1 to 1000, default 100;
   * both `first` and `last`, and a cursor of another sort, are BAD_USER_INPUT.
   */
  tasks?: Maybe<TaskConnection>;
  /**
   * The change log of a scope, page by page. Without `after` from the oldest retained change. With `until` it first waits (at most 5 s, then OVERLOADED)
   * until that cursor can be read. NOT_FOUND for a scope that was never visible; BAD_USER_INPUT for a forged cursor; RESYNC_REQUIRED for one of an older log.
   *
   * With `filter` only changes of tasks that match before or after them: ENTERED and LEFT stand for the own kind of a change with which a task starts or
   * stops to match (one that is made so that it matches is ENTERED too); DELETED and RESTORED of a matching task keep theirs. Both sides are judged as of
   * the change. With `text` a change of title or description is ENTERED where the task matches now, else LEFT. `first`: 1 to 1000 rows of the log, default 100;
   * a page can hold fewer changes than that, or none, and `hasNextPage` says whether the log goes on.
   */
  taskChanges?: Maybe<TaskChangeConnection>;
  /** Templates of a project, or without `projectId` the viewer's own, by name; null for who is not a member. */
  taskTemplates?: Maybe<Array<TaskTemplate>>;
  /** An import of one's own; null for any other. */
  taskImport?: Maybe<TaskImport>;
};


export type QueryTaskArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  ref?: InputMaybe<Scalars['String']['input']>;
};


export type QueryTasksArgs = {
  filter?: InputMaybe<TaskFilter>;
  sort?: InputMaybe<Array<TaskSort>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryTaskChangesArgs = {
  scope: TaskScope;
  filter?: InputMaybe<TaskFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
  until?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryTaskTemplatesArgs = {
  projectId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryTaskImportArgs = {
  id: Scalars['ID']['input'];
};

/**
 * How a task repeats. Completing it makes the next instance, due at the first occurrence after both the old due date and now. Its subtasks that are not
 * in the trash come along (at most 500, the topmost first): PENDING, without blockers, with their dates at the same distance to the due date of the
 * repeating task; a date that would lie in the past is left out. A subtask that repeats by itself begins a series of its own.
 */
export type Recurrence = {
  /** RFC 5545 RRULE, in upper case and without `RRULE:`. */
  rule: Scalars['String']['output'];
  /** IANA name of the zone in which the rule is counted: 09:00 there stays 09:00 over clock changes. */
  timeZone: Scalars['String']['output'];
  /**
   * The due dates that the next instances get, were each completed in time; fewer where the rule ends. `first` is 1 to 100; more than
   * 5000 in one request are QUERY_TOO_COMPLEX.
   */
  next: Array<Scalars['DateTime']['output']>;
};


/**
 * How a task repeats. Completing it makes the next instance, due at the first occurrence after both the old due date and now. Its subtasks that are not
 * in the trash come along (at most 500, the topmost first): PENDING, without blockers, with their dates at the same distance to the due date of the
 * repeating task; a date that would lie in the past is left out. A subtask that repeats by itself begins a series of its own.
 */
export type RecurrenceNextArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A recurrence rule with its zone. */
export type RecurrenceInput = {
  /**
   * RFC 5545 RRULE, for example FREQ=WEEKLY;BYDAY=MO. From MINUTELY to YEARLY, at most 500 characters, COUNT at most 1000, INTERVAL at most ten years,
   * at most 200 times of day; it must occur at least once in fifty years. Anything else is BAD_USER_INPUT.
   */
  rule: Scalars['String']['input'];
  /** IANA name, for example Europe/Berlin; an unknown one is BAD_USER_INPUT. */
  timeZone: Scalars['String']['input'];
};

/** Two tasks of which one waits for the other. */
export type TaskDependencyInput = {
  /** The task that waits. */
  taskId: Scalars['ID']['input'];
  /** The task it waits for, which may lie in another place. */
  blockedById: Scalars['ID']['input'];
};

export type Mutation = {
  /** Makes a task. */
  createTask?: Maybe<TaskPayload>;
  /** Changes the given fields. An empty patch changes nothing and emits nothing. */
  updateTask?: Maybe<TaskPayload>;
  /**
   * Sets status COMPLETED; a repeat changes nothing. With an open blocker it is CONFLICT: `extensions.current` names in `blockedBy` the blockers that
   * one can see and counts the others in `hiddenBlockers`. A recurring task's next instance is made with it, its subtasks too (see `Recurrence`); undoing
   * the completion puts them into the trash, and is CONFLICT once anything in that tree was changed, added or trashed.
   */
  completeTask?: Maybe<TaskPayload>;
  /** Sets status PENDING on a completed task; a repeat changes nothing. */
  reopenTask?: Maybe<TaskPayload>;
  /** COMPLETED becomes PENDING, everything else becomes COMPLETED. */
  toggleTaskCompletion?: Maybe<TaskPayload>;
  /** Adds and removes assignees. */
  assignTask?: Maybe<TaskPayload>;
  /**
   * Gives a task another place in the manual order, or moves it with its subtasks to another project, channel or the personal list.
   * NOT_FOUND for a target one cannot see, FORBIDDEN where one may not create.
   */
  moveTask?: Maybe<TaskPayload>;
  /** Puts a task with its subtasks into the trash, restorable for 30 days. */
  deleteTask?: Maybe<TaskPayload>;
  /** Takes a task out of the trash, with the subtasks that went there together with it. */
  restoreTask?: Maybe<TaskPayload>;
  /**
   * Takes a write back, all or nothing; once, within 24 h, by whoever did it. CONFLICT (with `fields` and `current`) when
   * somebody changed the same fields since.
   */
  undo?: Maybe<UndoPayload>;
  /** One patch for up to 500 tasks, with a result for each. */
  bulkUpdateTasks?: Maybe<BulkUpdateTasksPayload>;
  /** Makes a label in a project. */
  createLabel?: Maybe<LabelPayload>;
  /**
   * Renames or recolours a label. Tasks that carry it are not written: no version, no `updatedAt`. `taskChanges` tells of each of them a little later,
   * UPDATED with `labels` (names in lower case) in `changes`; with a filter on `label` that is ENTERED or LEFT where it starts or stops to match.
   */
  updateLabel?: Maybe<LabelPayload>;
  /** Deletes a label. It is gone from every list at once; the tasks that carry it are then written one by one, each with its own change. */
  deleteLabel?: Maybe<DeleteLabelPayload>;
  /**
   * Follows a task: its changes show in the viewer's scope `mine` from now on. A repeat changes nothing. Watching makes no version of the task and gives no
   * `undoToken`: `unwatchTask` takes it back.
   */
  watchTask?: Maybe<TaskPayload>;
  /** Stops following a task. A repeat changes nothing. No version and no `undoToken`, as with `watchTask`. */
  unwatchTask?: Maybe<TaskPayload>;
  /** Says something about a task. */
  addComment?: Maybe<CommentPayload>;
  /** Changes one's own comment. The same body changes nothing. */
  updateComment?: Maybe<CommentPayload>;
  /** Deletes a comment for good. */
  deleteComment?: Maybe<DeleteCommentPayload>;
  /**
   * Makes a task wait for another one; there already: nothing changes. A cycle is BAD_USER_INPUT, with its path in `extensions.fields[0].cycle`: each
   * task waits for the next, null for those that one cannot see. At most 50 tasks to wait for, and 200 that wait for one task. `undoToken` takes it back;
   * CONFLICT where the task no longer waits for the other.
   */
  addTaskDependency?: Maybe<TaskPayload>;
  /**
   * Ends the waiting; not there: nothing changes. `undoToken` makes the task wait again, in the old place among its blockers; CONFLICT where it does so
   * already, where it would close a circle by now, or where one of the two lies in the trash.
   */
  removeTaskDependency?: Maybe<TaskPayload>;
  /** Keeps tasks as a template. */
  saveTaskTemplate?: Maybe<TaskTemplatePayload>;
  /** Makes the tasks of a template, all or none. Nobody is notified. */
  createTasksFromTemplate?: Maybe<CreateTasksFromTemplatePayload>;
  /**
   * Makes an import that waits for its file at `uploadUrl`. FORBIDDEN for a plain member or viewer, CONFLICT in an archived project, BAD_USER_INPUT for a
   * mapping that is none, RATE_LIMITED beyond 5 imports that wait or run.
   */
  startTaskImport?: Maybe<TaskImportPayload>;
  /** Stops an import: rows that are not done by then are left out, what was created stays. A repeat changes nothing. CONFLICT once it is over. */
  cancelTaskImport?: Maybe<TaskImportPayload>;
  /** Answers an address that streams the tasks that match. RATE_LIMITED beyond 50 in 15 minutes. */
  exportTasks?: Maybe<ExportTasksPayload>;
};


export type MutationCreateTaskArgs = {
  input: CreateTaskInput;
};


export type MutationUpdateTaskArgs = {
  input: UpdateTaskInput;
};


export type MutationCompleteTaskArgs = {
  input: TaskIdInput;
};


export type MutationReopenTaskArgs = {
  input: TaskIdInput;
};


export type MutationToggleTaskCompletionArgs = {
  input: TaskIdInput;
};


export type MutationAssignTaskArgs = {
  input: AssignTaskInput;
};


export type MutationMoveTaskArgs = {
  input: MoveTaskInput;
};


export type MutationDeleteTaskArgs = {
  input: TaskIdInput;
};


export type MutationRestoreTaskArgs = {
  input: TaskIdInput;
};


export type MutationUndoArgs = {
  input: UndoInput;
};


export type MutationBulkUpdateTasksArgs = {
  input: BulkUpdateTasksInput;
};


export type MutationCreateLabelArgs = {
  input: CreateLabelInput;
};


export type MutationUpdateLabelArgs = {
  input: UpdateLabelInput;
};


export type MutationDeleteLabelArgs = {
  input: DeleteLabelInput;
};


export type MutationWatchTaskArgs = {
  input: TaskIdInput;
};


export type MutationUnwatchTaskArgs = {
  input: TaskIdInput;
};


export type MutationAddCommentArgs = {
  input: AddCommentInput;
};


export type MutationUpdateCommentArgs = {
  input: UpdateCommentInput;
};


export type MutationDeleteCommentArgs = {
  input: DeleteCommentInput;
};


export type MutationAddTaskDependencyArgs = {
  input: TaskDependencyInput;
};


export type MutationRemoveTaskDependencyArgs = {
  input: TaskDependencyInput;
};


export type MutationSaveTaskTemplateArgs = {
  input: SaveTaskTemplateInput;
};


export type MutationCreateTasksFromTemplateArgs = {
  input: CreateTasksFromTemplateInput;
};


export type MutationStartTaskImportArgs = {
  input: StartTaskImportInput;
};


export type MutationCancelTaskImportArgs = {
  input: CancelTaskImportInput;
};


export type MutationExportTasksArgs = {
  input: ExportTasksInput;
};

export type Subscription = {
  /**
   * Changes of a scope as they happen. With `after` it first replays what was missed, then goes on live without a gap.
   * With `filter` as the query does it; conditions on time are judged at each change, and at DUE_SOON and OVERDUE.
   */
  taskChanges: TaskChange;
  /**
   * An import of one's own: first as it is now, then whenever it got on, at most twice a second with the latest state. Completes after the
   * event with COMPLETED, FAILED or CANCELLED. NOT_FOUND for any other import. Nothing is kept to be replayed: whoever was cut off subscribes again.
   */
  taskImportProgress: TaskImport;
};


export type SubscriptionTaskChangesArgs = {
  scope: TaskScope;
  filter?: InputMaybe<TaskFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionTaskImportProgressArgs = {
  id: Scalars['ID']['input'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
  Project: Project;
  Channel: Channel;
  Task: Task;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
  Project:
    ( { __typename: 'Project' }
    & GraphQLRecursivePick<FederationTypes['Project'], {"id":true}> );
  Channel:
    ( { __typename: 'Channel' }
    & GraphQLRecursivePick<FederationTypes['Channel'], {"id":true}> );
  Task:
    ( { __typename: 'Task' }
    & GraphQLRecursivePick<FederationTypes['Task'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  TaskStatus: TaskStatus;
  User: ResolverTypeWrapper<Reference>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Project: ResolverTypeWrapper<Reference>;
  Channel: ResolverTypeWrapper<Reference>;
  Task: ResolverTypeWrapper<TaskRow>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  TaskConnection: ResolverTypeWrapper<TaskPage>;
  TaskEdge: ResolverTypeWrapper<Omit<TaskEdge, 'node'> & { node: ResolversTypes['Task'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  TaskChangeKind: TaskChangeKind;
  TaskChange: ResolverTypeWrapper<ChangeRow>;
  FieldChange: ResolverTypeWrapper<FieldChange>;
  TaskChangeConnection: ResolverTypeWrapper<ChangePage>;
  TaskChangeEdge: ResolverTypeWrapper<Omit<TaskChangeEdge, 'node'> & { node: ResolversTypes['TaskChange'] }>;
  TaskScope: TaskScope;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  IdFilter: IdFilter;
  IntFilter: IntFilter;
  StringFilter: StringFilter;
  DateTimeFilter: DateTimeFilter;
  TaskStatusFilter: TaskStatusFilter;
  TaskFilter: TaskFilter;
  TaskSortField: TaskSortField;
  SortDirection: SortDirection;
  TaskSort: TaskSort;
  CreateTaskInput: CreateTaskInput;
  UpdateTaskInput: UpdateTaskInput;
  TaskIdInput: TaskIdInput;
  AssignTaskInput: AssignTaskInput;
  MoveTaskInput: MoveTaskInput;
  UndoInput: UndoInput;
  UndoPayload: ResolverTypeWrapper<Undone>;
  BulkTaskRef: BulkTaskRef;
  BulkUpdateTasksInput: BulkUpdateTasksInput;
  TaskPatch: TaskPatch;
  BulkUpdateTasksPayload: ResolverTypeWrapper<BulkOutcome>;
  BulkTaskResult: ResolverTypeWrapper<BulkResult>;
  ErrorCode: ErrorCode;
  Label: ResolverTypeWrapper<LabelRow>;
  CreateLabelInput: CreateLabelInput;
  UpdateLabelInput: UpdateLabelInput;
  DeleteLabelInput: DeleteLabelInput;
  LabelPayload: ResolverTypeWrapper<Omit<LabelPayload, 'label'> & { label: ResolversTypes['Label'] }>;
  DeleteLabelPayload: ResolverTypeWrapper<DeleteLabelPayload>;
  Comment: ResolverTypeWrapper<CommentRow>;
  CommentConnection: ResolverTypeWrapper<CommentPage>;
  CommentEdge: ResolverTypeWrapper<Omit<CommentEdge, 'node'> & { node: ResolversTypes['Comment'] }>;
  AddCommentInput: AddCommentInput;
  UpdateCommentInput: UpdateCommentInput;
  DeleteCommentInput: DeleteCommentInput;
  CommentPayload: ResolverTypeWrapper<Omit<CommentPayload, 'comment'> & { comment: ResolversTypes['Comment'] }>;
  DeleteCommentPayload: ResolverTypeWrapper<DeleteCommentPayload>;
  TaskTemplate: ResolverTypeWrapper<TaskTemplateRow>;
  SaveTaskTemplateInput: SaveTaskTemplateInput;
  CreateTasksFromTemplateInput: CreateTasksFromTemplateInput;
  TaskTemplatePayload: ResolverTypeWrapper<Omit<TaskTemplatePayload, 'template'> & { template: ResolversTypes['TaskTemplate'] }>;
  CreateTasksFromTemplatePayload: ResolverTypeWrapper<Omit<CreateTasksFromTemplatePayload, 'tasks'> & { tasks: Array<ResolversTypes['Task']> }>;
  TaskPayload: ResolverTypeWrapper<WrittenTask>;
  ImportStatus: ImportStatus;
  ImportFormat: ImportFormat;
  TaskImport: ResolverTypeWrapper<ImportRow>;
  StartTaskImportInput: StartTaskImportInput;
  CancelTaskImportInput: CancelTaskImportInput;
  TaskImportPayload: ResolverTypeWrapper<Omit<TaskImportPayload, 'taskImport'> & { taskImport: ResolversTypes['TaskImport'] }>;
  ExportTasksInput: ExportTasksInput;
  ExportTasksPayload: ResolverTypeWrapper<ExportLink>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Recurrence: ResolverTypeWrapper<TaskRow>;
  RecurrenceInput: RecurrenceInput;
  TaskDependencyInput: TaskDependencyInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  URL: Scalars['URL']['output'];
  JSON: Scalars['JSON']['output'];
  User: Reference;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Project: Reference;
  Channel: Reference;
  Task: TaskRow;
  Boolean: Scalars['Boolean']['output'];
  Float: Scalars['Float']['output'];
  TaskConnection: TaskPage;
  TaskEdge: Omit<TaskEdge, 'node'> & { node: ResolversParentTypes['Task'] };
  PageInfo: PageInfo;
  TaskChange: ChangeRow;
  FieldChange: FieldChange;
  TaskChangeConnection: ChangePage;
  TaskChangeEdge: Omit<TaskChangeEdge, 'node'> & { node: ResolversParentTypes['TaskChange'] };
  TaskScope: TaskScope;
  Duration: Scalars['Duration']['output'];
  IdFilter: IdFilter;
  IntFilter: IntFilter;
  StringFilter: StringFilter;
  DateTimeFilter: DateTimeFilter;
  TaskStatusFilter: TaskStatusFilter;
  TaskFilter: TaskFilter;
  TaskSort: TaskSort;
  CreateTaskInput: CreateTaskInput;
  UpdateTaskInput: UpdateTaskInput;
  TaskIdInput: TaskIdInput;
  AssignTaskInput: AssignTaskInput;
  MoveTaskInput: MoveTaskInput;
  UndoInput: UndoInput;
  UndoPayload: Undone;
  BulkTaskRef: BulkTaskRef;
  BulkUpdateTasksInput: BulkUpdateTasksInput;
  TaskPatch: TaskPatch;
  BulkUpdateTasksPayload: BulkOutcome;
  BulkTaskResult: BulkResult;
  Label: LabelRow;
  CreateLabelInput: CreateLabelInput;
  UpdateLabelInput: UpdateLabelInput;
  DeleteLabelInput: DeleteLabelInput;
  LabelPayload: Omit<LabelPayload, 'label'> & { label: ResolversParentTypes['Label'] };
  DeleteLabelPayload: DeleteLabelPayload;
  Comment: CommentRow;
  CommentConnection: CommentPage;
  CommentEdge: Omit<CommentEdge, 'node'> & { node: ResolversParentTypes['Comment'] };
  AddCommentInput: AddCommentInput;
  UpdateCommentInput: UpdateCommentInput;
  DeleteCommentInput: DeleteCommentInput;
  CommentPayload: Omit<CommentPayload, 'comment'> & { comment: ResolversParentTypes['Comment'] };
  DeleteCommentPayload: DeleteCommentPayload;
  TaskTemplate: TaskTemplateRow;
  SaveTaskTemplateInput: SaveTaskTemplateInput;
  CreateTasksFromTemplateInput: CreateTasksFromTemplateInput;
  TaskTemplatePayload: Omit<TaskTemplatePayload, 'template'> & { template: ResolversParentTypes['TaskTemplate'] };
  CreateTasksFromTemplatePayload: Omit<CreateTasksFromTemplatePayload, 'tasks'> & { tasks: Array<ResolversParentTypes['Task']> };
  TaskPayload: WrittenTask;
  TaskImport: ImportRow;
  StartTaskImportInput: StartTaskImportInput;
  CancelTaskImportInput: CancelTaskImportInput;
  TaskImportPayload: Omit<TaskImportPayload, 'taskImport'> & { taskImport: ResolversParentTypes['TaskImport'] };
  ExportTasksInput: ExportTasksInput;
  ExportTasksPayload: ExportLink;
  Query: Record<PropertyKey, never>;
  Recurrence: TaskRow;
  RecurrenceInput: RecurrenceInput;
  TaskDependencyInput: TaskDependencyInput;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tasks?: Resolver<Maybe<ResolversTypes['TaskConnection']>, ParentType, ContextType, Partial<UserTasksArgs>>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'], FederationReferenceType extends FederationReferenceTypes['Project'] = FederationReferenceTypes['Project']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Project']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tasks?: Resolver<Maybe<ResolversTypes['TaskConnection']>, ParentType, ContextType, Partial<ProjectTasksArgs>>;
  labels?: Resolver<Maybe<Array<ResolversTypes['Label']>>, ParentType, ContextType>;
};

export type ChannelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Channel'] = ResolversParentTypes['Channel'], FederationReferenceType extends FederationReferenceTypes['Channel'] = FederationReferenceTypes['Channel']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Channel']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tasks?: Resolver<Maybe<ResolversTypes['TaskConnection']>, ParentType, ContextType, Partial<ChannelTasksArgs>>;
};

export type TaskResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task'], FederationReferenceType extends FederationReferenceTypes['Task'] = FederationReferenceTypes['Task']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Task']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ref?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TaskStatus'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dueAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  creator?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  assignees?: Resolver<Maybe<Array<ResolversTypes['User']>>, ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  history?: Resolver<ResolversTypes['TaskChangeConnection'], ParentType, ContextType, Partial<TaskHistoryArgs>>;
  rank?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  deletedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  labels?: Resolver<Array<ResolversTypes['Label']>, ParentType, ContextType>;
  watchers?: Resolver<Maybe<Array<ResolversTypes['User']>>, ParentType, ContextType>;
  comments?: Resolver<ResolversTypes['CommentConnection'], ParentType, ContextType, Partial<TaskCommentsArgs>>;
  parent?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  subtasks?: Resolver<ResolversTypes['TaskConnection'], ParentType, ContextType, Partial<TaskSubtasksArgs>>;
  subtaskProgress?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  blockedBy?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  blocks?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  recurrence?: Resolver<Maybe<ResolversTypes['Recurrence']>, ParentType, ContextType>;
};

export type TaskConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskConnection'] = ResolversParentTypes['TaskConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TaskEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TaskEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskEdge'] = ResolversParentTypes['TaskEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TaskChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskChange'] = ResolversParentTypes['TaskChange']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TaskChangeKind'], ParentType, ContextType>;
  taskId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['FieldChange']>, ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type FieldChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldChange'] = ResolversParentTypes['FieldChange']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  after?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type TaskChangeConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskChangeConnection'] = ResolversParentTypes['TaskChangeConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TaskChangeEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['TaskChange']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  head?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TaskChangeEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskChangeEdge'] = ResolversParentTypes['TaskChangeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['TaskChange'], ParentType, ContextType>;
};

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export type UndoPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UndoPayload'] = ResolversParentTypes['UndoPayload']> = {
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  tasks?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  undoToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type BulkUpdateTasksPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkUpdateTasksPayload'] = ResolversParentTypes['BulkUpdateTasksPayload']> = {
  results?: Resolver<Array<ResolversTypes['BulkTaskResult']>, ParentType, ContextType>;
  succeeded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  undoToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type BulkTaskResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkTaskResult'] = ResolversParentTypes['BulkTaskResult']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['ErrorCode']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LabelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Label'] = ResolversParentTypes['Label']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LabelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LabelPayload'] = ResolversParentTypes['LabelPayload']> = {
  label?: Resolver<ResolversTypes['Label'], ParentType, ContextType>;
};

export type DeleteLabelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteLabelPayload'] = ResolversParentTypes['DeleteLabelPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type CommentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Comment'] = ResolversParentTypes['Comment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  author?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mentions?: Resolver<Maybe<Array<ResolversTypes['User']>>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  editedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CommentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentConnection'] = ResolversParentTypes['CommentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['CommentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Comment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CommentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEdge'] = ResolversParentTypes['CommentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
};

export type CommentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentPayload'] = ResolversParentTypes['CommentPayload']> = {
  comment?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DeleteCommentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteCommentPayload'] = ResolversParentTypes['DeleteCommentPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TaskTemplateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskTemplate'] = ResolversParentTypes['TaskTemplate']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  tasks?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type TaskTemplatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskTemplatePayload'] = ResolversParentTypes['TaskTemplatePayload']> = {
  template?: Resolver<ResolversTypes['TaskTemplate'], ParentType, ContextType>;
};

export type CreateTasksFromTemplatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateTasksFromTemplatePayload'] = ResolversParentTypes['CreateTasksFromTemplatePayload']> = {
  tasks?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TaskPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskPayload'] = ResolversParentTypes['TaskPayload']> = {
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  undoToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TaskImportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskImport'] = ResolversParentTypes['TaskImport']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ImportStatus'], ParentType, ContextType>;
  uploadUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  totalRows?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  processedRows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdRows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failedRows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  errorFileUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  dryRun?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  columns?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type TaskImportPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskImportPayload'] = ResolversParentTypes['TaskImportPayload']> = {
  taskImport?: Resolver<ResolversTypes['TaskImport'], ParentType, ContextType>;
};

export type ExportTasksPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExportTasksPayload'] = ResolversParentTypes['ExportTasksPayload']> = {
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType, Partial<QueryTaskArgs>>;
  tasks?: Resolver<Maybe<ResolversTypes['TaskConnection']>, ParentType, ContextType, Partial<QueryTasksArgs>>;
  taskChanges?: Resolver<Maybe<ResolversTypes['TaskChangeConnection']>, ParentType, ContextType, RequireFields<QueryTaskChangesArgs, 'scope'>>;
  taskTemplates?: Resolver<Maybe<Array<ResolversTypes['TaskTemplate']>>, ParentType, ContextType, Partial<QueryTaskTemplatesArgs>>;
  taskImport?: Resolver<Maybe<ResolversTypes['TaskImport']>, ParentType, ContextType, RequireFields<QueryTaskImportArgs, 'id'>>;
};

export type RecurrenceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Recurrence'] = ResolversParentTypes['Recurrence']> = {
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  next?: Resolver<Array<ResolversTypes['DateTime']>, ParentType, ContextType, RequireFields<RecurrenceNextArgs, 'first'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationCreateTaskArgs, 'input'>>;
  updateTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationUpdateTaskArgs, 'input'>>;
  completeTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationCompleteTaskArgs, 'input'>>;
  reopenTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationReopenTaskArgs, 'input'>>;
  toggleTaskCompletion?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationToggleTaskCompletionArgs, 'input'>>;
  assignTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationAssignTaskArgs, 'input'>>;
  moveTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationMoveTaskArgs, 'input'>>;
  deleteTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationDeleteTaskArgs, 'input'>>;
  restoreTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationRestoreTaskArgs, 'input'>>;
  undo?: Resolver<Maybe<ResolversTypes['UndoPayload']>, ParentType, ContextType, RequireFields<MutationUndoArgs, 'input'>>;
  bulkUpdateTasks?: Resolver<Maybe<ResolversTypes['BulkUpdateTasksPayload']>, ParentType, ContextType, RequireFields<MutationBulkUpdateTasksArgs, 'input'>>;
  createLabel?: Resolver<Maybe<ResolversTypes['LabelPayload']>, ParentType, ContextType, RequireFields<MutationCreateLabelArgs, 'input'>>;
  updateLabel?: Resolver<Maybe<ResolversTypes['LabelPayload']>, ParentType, ContextType, RequireFields<MutationUpdateLabelArgs, 'input'>>;
  deleteLabel?: Resolver<Maybe<ResolversTypes['DeleteLabelPayload']>, ParentType, ContextType, RequireFields<MutationDeleteLabelArgs, 'input'>>;
  watchTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationWatchTaskArgs, 'input'>>;
  unwatchTask?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationUnwatchTaskArgs, 'input'>>;
  addComment?: Resolver<Maybe<ResolversTypes['CommentPayload']>, ParentType, ContextType, RequireFields<MutationAddCommentArgs, 'input'>>;
  updateComment?: Resolver<Maybe<ResolversTypes['CommentPayload']>, ParentType, ContextType, RequireFields<MutationUpdateCommentArgs, 'input'>>;
  deleteComment?: Resolver<Maybe<ResolversTypes['DeleteCommentPayload']>, ParentType, ContextType, RequireFields<MutationDeleteCommentArgs, 'input'>>;
  addTaskDependency?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationAddTaskDependencyArgs, 'input'>>;
  removeTaskDependency?: Resolver<Maybe<ResolversTypes['TaskPayload']>, ParentType, ContextType, RequireFields<MutationRemoveTaskDependencyArgs, 'input'>>;
  saveTaskTemplate?: Resolver<Maybe<ResolversTypes['TaskTemplatePayload']>, ParentType, ContextType, RequireFields<MutationSaveTaskTemplateArgs, 'input'>>;
  createTasksFromTemplate?: Resolver<Maybe<ResolversTypes['CreateTasksFromTemplatePayload']>, ParentType, ContextType, RequireFields<MutationCreateTasksFromTemplateArgs, 'input'>>;
  startTaskImport?: Resolver<Maybe<ResolversTypes['TaskImportPayload']>, ParentType, ContextType, RequireFields<MutationStartTaskImportArgs, 'input'>>;
  cancelTaskImport?: Resolver<Maybe<ResolversTypes['TaskImportPayload']>, ParentType, ContextType, RequireFields<MutationCancelTaskImportArgs, 'input'>>;
  exportTasks?: Resolver<Maybe<ResolversTypes['ExportTasksPayload']>, ParentType, ContextType, RequireFields<MutationExportTasksArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  taskChanges?: SubscriptionResolver<ResolversTypes['TaskChange'], "taskChanges", ParentType, ContextType, RequireFields<SubscriptionTaskChangesArgs, 'scope'>>;
  taskImportProgress?: SubscriptionResolver<ResolversTypes['TaskImport'], "taskImportProgress", ParentType, ContextType, RequireFields<SubscriptionTaskImportProgressArgs, 'id'>>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  URL?: GraphQLScalarType;
  JSON?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  Channel?: ChannelResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  TaskConnection?: TaskConnectionResolvers<ContextType>;
  TaskEdge?: TaskEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  TaskChange?: TaskChangeResolvers<ContextType>;
  FieldChange?: FieldChangeResolvers<ContextType>;
  TaskChangeConnection?: TaskChangeConnectionResolvers<ContextType>;
  TaskChangeEdge?: TaskChangeEdgeResolvers<ContextType>;
  Duration?: GraphQLScalarType;
  UndoPayload?: UndoPayloadResolvers<ContextType>;
  BulkUpdateTasksPayload?: BulkUpdateTasksPayloadResolvers<ContextType>;
  BulkTaskResult?: BulkTaskResultResolvers<ContextType>;
  Label?: LabelResolvers<ContextType>;
  LabelPayload?: LabelPayloadResolvers<ContextType>;
  DeleteLabelPayload?: DeleteLabelPayloadResolvers<ContextType>;
  Comment?: CommentResolvers<ContextType>;
  CommentConnection?: CommentConnectionResolvers<ContextType>;
  CommentEdge?: CommentEdgeResolvers<ContextType>;
  CommentPayload?: CommentPayloadResolvers<ContextType>;
  DeleteCommentPayload?: DeleteCommentPayloadResolvers<ContextType>;
  TaskTemplate?: TaskTemplateResolvers<ContextType>;
  TaskTemplatePayload?: TaskTemplatePayloadResolvers<ContextType>;
  CreateTasksFromTemplatePayload?: CreateTasksFromTemplatePayloadResolvers<ContextType>;
  TaskPayload?: TaskPayloadResolvers<ContextType>;
  TaskImport?: TaskImportResolvers<ContextType>;
  TaskImportPayload?: TaskImportPayloadResolvers<ContextType>;
  ExportTasksPayload?: ExportTasksPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Recurrence?: RecurrenceResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
};

