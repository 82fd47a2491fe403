// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ListedDeadLetter, DeadLetterPage } from '../repositories/dead-letter-repository.js';
import type { ChannelRow, ChannelPage } from '../entities/channel.js';
import type { ChannelMemberRow, ChannelMemberPage } from '../entities/channel-member.js';
import type { WebhookRow, WebhookDeliveryRow, WebhookDeliveryPage } from '../entities/webhook.js';
import type { ActivityRow, ActivityPage } from '../entities/activity.js';
import type { Settings } from '../delivery-plan.js';
import type { NotificationRow, NotificationPage } from '../entities/notification.js';
import type { NotificationFeedPage } from '../resolvers/notification-feed.js';
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
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** An absolute http or https address, at most 2048 characters. */
  URL: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** For whom a cached value is good. */
export type CacheControl__Scope =
  /** For everybody who is signed in and may read: it does not depend on who asks. */
  | 'PUBLIC'
  /** For the viewer it was answered to, with the same role and the same scopes of an API token. */
  | 'PRIVATE';

/** What a member may do in a channel, highest first. */
export type ChannelRole =
  /** Everything, also rename and delete the channel. */
  | 'OWNER'
  /** Edits any task and removes members. */
  | 'MODERATOR'
  /** Sees, creates and completes tasks. */
  | 'MEMBER';

/** A person, owned by the user subgraph. */
export type User = {
  /** The person's id. */
  id: Scalars['ID']['output'];
};

/** A project, owned by the project subgraph. */
export type Project = {
  /** The project's id. */
  id: Scalars['ID']['output'];
};

/** A task, owned by the task subgraph. */
export type Task = {
  /** The task's id. */
  id: Scalars['ID']['output'];
};

/** A place for public tasks: anyone with its code can join. */
export type Channel = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** 1 to 100 characters. */
  name: Scalars['String']['output'];
  /** Markdown, at most 64 KiB. */
  description?: Maybe<Scalars['String']['output']>;
  /** Eight letters of Crockford's base 32, with which others join. To members; null to everybody else. */
  code?: Maybe<Scalars['String']['output']>;
  /** The viewer's own role; null to non-members. */
  viewerRole?: Maybe<ChannelRole>;
  /** How many members there are. */
  memberCount: Scalars['Int']['output'];
  /** Members in the order in which they joined. To members; null to everybody else. */
  members?: Maybe<ChannelMemberConnection>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** Counts the changes of the channel and its members, from 1. */
  version: Scalars['Int']['output'];
};


/** A place for public tasks: anyone with its code can join. */
export type ChannelMembersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One page of channels. */
export type ChannelConnection = {
  /** The rows with their cursors. */
  edges: Array<ChannelEdge>;
  /** The rows alone. */
  nodes: Array<Channel>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many channels there are; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A channel and its place in the list. */
export type ChannelEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The channel. */
  node: Channel;
};

/** A person's membership of a channel. */
export type ChannelMember = {
  /** The member's id, known even when the user subgraph is away. */
  userId: Scalars['ID']['output'];
  /** The member; null when the user subgraph is away. */
  user?: Maybe<User>;
  /** What the member may do. */
  role: ChannelRole;
  /** Since when. */
  joinedAt: Scalars['DateTime']['output'];
};

/** One page of members. */
export type ChannelMemberConnection = {
  /** The rows with their cursors. */
  edges: Array<ChannelMemberEdge>;
  /** The rows alone. */
  nodes: Array<ChannelMember>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many members there are; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A member and its place in the list. */
export type ChannelMemberEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The member. */
  node: ChannelMember;
};

/** Why somebody is told. */
export type NotificationKind =
  /** A task was made in a project that one owns or maintains. */
  | 'TASK_CREATED'
  /** One was made assignee. */
  | 'TASK_ASSIGNED'
  /** A task that one is assigned to or watches changed; changes within 5 minutes join one unread row. */
  | 'TASK_UPDATED'
  /** A task that one created, is assigned to or watches was completed. */
  | 'TASK_COMPLETED'
  /** A task that one created, is assigned to or watches was reopened. */
  | 'TASK_REOPENED'
  /** Somebody commented on a task that one created, is assigned to or watches. */
  | 'TASK_COMMENTED'
  /** A comment names one with `@handle`. */
  | 'MENTIONED'
  /** A task is due within 24 hours; told to assignees, or the creator where there are none. */
  | 'TASK_DUE_SOON'
  /** The due date of a task has passed; told to assignees, or the creator where there are none. */
  | 'TASK_OVERDUE'
  /** Somebody made a project; told to other ADMINs. */
  | 'PROJECT_CREATED'
  /** One was added to a project. */
  | 'PROJECT_ADDED'
  /** Somebody joined a channel that one owns or moderates. */
  | 'CHANNEL_JOINED';

/** A piece of news for one person. `project` and `channel` are set also where `task` is. */
export type Notification = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** Place in the viewer's list. It becomes another one when the notification is sent again: because a change joined it, or because it came back from snooze. */
  cursor: Scalars['String']['output'];
  /** Why one is told. */
  kind: NotificationKind;
  /** One line to show. */
  title: Scalars['String']['output'];
  /** More, where there is more. */
  body?: Maybe<Scalars['String']['output']>;
  /** The task it is about. */
  task?: Maybe<Task>;
  /** The project it is about. */
  project?: Maybe<Project>;
  /** The channel it is about. */
  channel?: Maybe<Channel>;
  /** Who did it. */
  actor?: Maybe<User>;
  /** When it happened. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was read; null while unread. */
  readAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it comes back; null while it is not snoozed. */
  snoozedUntil?: Maybe<Scalars['DateTime']['output']>;
  /** When it was archived; null while it is not. */
  archivedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** One page of notifications. */
export type NotificationConnection = {
  /** The rows with their cursors. */
  edges: Array<NotificationEdge>;
  /** The rows alone. */
  nodes: Array<Notification>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many match in all; counted only when selected. */
  totalCount: Scalars['Int']['output'];
  /** How many in the viewer's inbox are unread, whatever the filter; counted only when selected. Neither snoozed nor archived ones count. */
  unreadCount: Scalars['Int']['output'];
};

/** One page of notifications as a log. */
export type NotificationFeed = {
  /** Oldest first. */
  nodes: Array<Notification>;
  /** `endCursor` is how far was read, set also where `nodes` is empty; `hasNextPage`: there is more. */
  pageInfo: PageInfo;
  /** The end of the log now: take it, read the list, then subscribe after it. */
  head: Scalars['String']['output'];
};

/** A notification and its place in the list. */
export type NotificationEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The notification. */
  node: Notification;
};

/** Which notifications; without `snoozed` and `archived` the inbox, which is all that is neither. */
export type NotificationFilter = {
  /** true: only unread; false: only read. */
  unread?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only these kinds; an empty list is none. */
  kind?: InputMaybe<Array<NotificationKind>>;
  /** true: only what is put off; false, as without it: only what is not. */
  snoozed?: InputMaybe<Scalars['Boolean']['input']>;
  /** true: only what is archived; false, as without it: only what is not. */
  archived?: InputMaybe<Scalars['Boolean']['input']>;
};

/** By which way somebody is told. */
export type DeliveryMethod =
  /** In the list of notifications. */
  | 'IN_APP'
  /** By e-mail. */
  | 'EMAIL';

/** How one is told of one kind of news. */
export type NotificationPreference = {
  /** What happened. */
  kind: NotificationKind;
  /** All ways in which one is told; empty: not at all. */
  methods: Array<DeliveryMethod>;
};

/** How often e-mails are gathered into one. A mention is always mailed at once. */
export type DigestFrequency =
  /** Each e-mail by itself; changes of one task gather for 5 minutes. */
  | 'OFF'
  /** One e-mail at the full hour. */
  | 'HOURLY'
  /** One e-mail at 8 in the morning. */
  | 'DAILY';

/** When no e-mail is sent, every day. What would be sent then is sent when they end. The app is not quiet. */
export type QuietHours = {
  /** Their beginning as HH:MM in the user's time zone. */
  from: Scalars['String']['output'];
  /** Their end as HH:MM in the user's time zone; before `from` where midnight lies between. */
  to: Scalars['String']['output'];
};

/** How the viewer is told of news. */
export type NotificationSettings = {
  /** One for each kind. */
  preferences: Array<NotificationPreference>;
  /** Null: none. */
  quietHours?: Maybe<QuietHours>;
  /** How often e-mails are gathered. */
  digest: DigestFrequency;
  /** Counts the changes of these settings, from 1. */
  version: Scalars['Int']['output'];
};

/** What happened, in a project or channel. */
export type ActivityKind =
  /** A task was made. */
  | 'TASK_CREATED'
  /** A task has other assignees. */
  | 'TASK_ASSIGNED'
  /** A task was completed. */
  | 'TASK_COMPLETED'
  /** A task was reopened. */
  | 'TASK_REOPENED'
  /** Somebody commented on a task. */
  | 'TASK_COMMENTED'
  /** A task came from another project or channel. */
  | 'TASK_MOVED'
  /** A project was made. */
  | 'PROJECT_CREATED'
  /** Somebody became a member of a project. */
  | 'MEMBER_JOINED'
  /** A channel was made. */
  | 'CHANNEL_CREATED'
  /** Somebody joined a channel. */
  | 'CHANNEL_JOINED';

/** Something that happened in a project or channel of the viewer's. */
export type Activity = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** What happened. */
  kind: ActivityKind;
  /** Who did it, or who joined; null when nobody did, or the user subgraph is away. */
  actor?: Maybe<User>;
  /** The task it is about. */
  task?: Maybe<Task>;
  /** The project it happened in; where the task is now, for what is about a task. */
  project?: Maybe<Project>;
  /** The channel it happened in; where the task is now, for what is about a task. */
  channel?: Maybe<Channel>;
  /** One line to show, with names and titles as they were then. */
  summary: Scalars['String']['output'];
  /** When it happened. */
  at: Scalars['DateTime']['output'];
};

/** One page of the feed. */
export type ActivityConnection = {
  /** The rows with their cursors. */
  edges: Array<ActivityEdge>;
  /** The rows alone. */
  nodes: Array<Activity>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A line of the feed and its place in it. */
export type ActivityEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** What happened. */
  node: Activity;
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

/** A new channel; its maker becomes OWNER. */
export type CreateChannelInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same create. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** Markdown, at most 64 KiB. */
  description?: InputMaybe<Scalars['String']['input']>;
};

/** A patch of a channel: what is absent stays as it is. */
export type UpdateChannelInput = {
  /** The channel. */
  id: Scalars['ID']['input'];
  /** 1 to 100 characters; null is BAD_USER_INPUT. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Markdown, at most 64 KiB; null clears it. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The version the patch was made from: a field in it that somebody else has changed since is CONFLICT, with `fields` and `current`. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** A member's new role. */
export type ChangeChannelMemberRoleInput = {
  /** The channel. */
  channelId: Scalars['ID']['input'];
  /** The member. */
  userId: Scalars['ID']['input'];
  /** The role from now on. */
  role: ChannelRole;
};

/** The member to remove. */
export type RemoveChannelMemberInput = {
  /** The channel. */
  channelId: Scalars['ID']['input'];
  /** The member. */
  userId: Scalars['ID']['input'];
};

/** The code of the channel to join. */
export type JoinChannelInput = {
  /** Case, hyphens and look-alike letters (O, I, L) do not matter. */
  code: Scalars['String']['input'];
};

/** A channel. */
export type ChannelIdInput = {
  /** The channel. */
  id: Scalars['ID']['input'];
};

/** Which notifications were read: `ids`, or `all: true`. */
export type MarkNotificationsReadInput = {
  /** At most 1000 ids. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Every unread one in the inbox. */
  all?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What to put off, and until when. */
export type SnoozeNotificationInput = {
  /** The notification; an archived one goes back to the inbox by it. */
  id: Scalars['ID']['input'];
  /** When it comes back: in the future, at most 366 days ahead. */
  until: Scalars['DateTime']['input'];
};

/** What to take out of the inbox. */
export type ArchiveNotificationsInput = {
  /** At most 1000 ids. */
  ids: Array<Scalars['ID']['input']>;
};

/** How to be told of one kind of news. */
export type NotificationPreferenceInput = {
  /** What happened; each kind at most once. */
  kind: NotificationKind;
  /** All ways in which to be told; empty: not at all. */
  methods: Array<DeliveryMethod>;
};

/** When no e-mail is sent, every day. */
export type QuietHoursInput = {
  /** HH:MM in the user's time zone. */
  from: Scalars['String']['input'];
  /** HH:MM in the user's time zone, another time than `from`; before it where midnight lies between. */
  to: Scalars['String']['input'];
};

/** A patch of the viewer's settings: what is absent stays as it is. */
export type UpdateNotificationSettingsInput = {
  /** Kinds that are not named keep what they have. */
  preferences?: InputMaybe<Array<NotificationPreferenceInput>>;
  /** Null ends them. */
  quietHours?: InputMaybe<QuietHoursInput>;
  /** null is BAD_USER_INPUT. */
  digest?: InputMaybe<DigestFrequency>;
};

/** The changed channel. */
export type ChannelPayload = {
  /** Null where the caller no longer sees it. */
  channel?: Maybe<Channel>;
};

/** The deleted channel. */
export type DeleteChannelPayload = {
  /** Its id, which no other channel will have. */
  id: Scalars['ID']['output'];
};

/** The changed notifications. */
export type NotificationsPayload = {
  /** At most 1000 of those that changed. */
  notifications: Array<Notification>;
  /** How many in the inbox are unread now. */
  unreadCount: Scalars['Int']['output'];
};

/** The settings after the change. */
export type NotificationSettingsPayload = {
  /** The viewer's own. */
  settings: NotificationSettings;
};

/** Work that was given up after all its tries, in whichever subgraph. It stays here until somebody runs it again. */
export type DeadLetter = {
  /** A letter that fails again comes back under another id. */
  id: Scalars['ID']['output'];
  /** Where the work was queued, for example `mails` or `deliveries`; a parked event is in `<reader><<log>`, such as `figures<task`. */
  queue: Scalars['String']['output'];
  /** What was to be done: the name of the job or the type of the event. */
  name: Scalars['String']['output'];
  /** Why it was given up, as a code or in our own words. */
  reason: Scalars['String']['output'];
  /** How often it was tried. */
  attempts: Scalars['Int']['output'];
  /** When it was given up. */
  failedAt: Scalars['DateTime']['output'];
  /** Ids of what it was about, by name; never content. */
  payload: Scalars['JSON']['output'];
};

/** One page of dead letters, newest first. */
export type DeadLetterConnection = {
  /** The rows with their cursors. */
  edges: Array<DeadLetterEdge>;
  /** The rows alone. */
  nodes: Array<DeadLetter>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** How many there are in all. */
  totalCount: Scalars['Int']['output'];
};

/** A dead letter in a page. */
export type DeadLetterEdge = {
  /** Its place, for `after`. */
  cursor: Scalars['String']['output'];
  /** The dead letter. */
  node: DeadLetter;
};

/** Which dead letters to run again: `ids`, or `queue` (exactly one of them). */
export type RedriveDeadLettersInput = {
  /** At most 1000. What is not in the list (any more) is passed over. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The 1000 oldest of this queue. */
  queue?: InputMaybe<Scalars['String']['input']>;
};

/** What was asked for. */
export type RedriveDeadLettersPayload = {
  /** How many letters were taken from the list. Those that fail again come back to it. */
  redriven: Scalars['Int']['output'];
};

/** How a webhook's posts look. */
export type WebhookFormat =
  /** JSON of `type`, `timestamp` and `data`, signed as Standard Webhooks has it. */
  | 'STANDARD'
  /** A line of text as Slack's incoming webhooks take it. */
  | 'SLACK'
  /** A card with a line of text as Teams' workflows take it. */
  | 'TEAMS';

/** What a webhook posts. Personal tasks, imports and a new place in the manual order are not posted. */
export type WebhookEvent =
  /** A task was made. */
  | 'TASK_CREATED'
  /** A task changed, and none of the more specific things happened. */
  | 'TASK_UPDATED'
  /** A task has other assignees. */
  | 'TASK_ASSIGNED'
  /** A task was completed. */
  | 'TASK_COMPLETED'
  /** A task was reopened. */
  | 'TASK_REOPENED'
  /** A task went to another project or channel: posted to the webhooks of both. */
  | 'TASK_MOVED'
  /** A task went to the trash. */
  | 'TASK_DELETED'
  /** A task came back from the trash. */
  | 'TASK_RESTORED'
  /** A comment was added, edited or deleted; its text is not posted. */
  | 'TASK_COMMENTED'
  /** A task is due within 24 hours. */
  | 'TASK_DUE_SOON'
  /** The due date of a task has passed. */
  | 'TASK_OVERDUE'
  /** Somebody became a member of the project or channel. */
  | 'MEMBER_ADDED'
  /** Somebody left the project or channel, or was removed. */
  | 'MEMBER_REMOVED';

/** How far a delivery is. */
export type DeliveryStatus =
  /** Not tried yet. */
  | 'PENDING'
  /** The receiver answered 2xx. */
  | 'DELIVERED'
  /** The last try failed; the next one comes at `nextAttemptAt`. */
  | 'FAILED'
  /** Given up: after 10 tries over at least 31 hours, because the receiver answered 410, or because the webhook is turned off. */
  | 'DEAD';

/** An address to which events of a project or channel are posted. Seen by MAINTAINER and OWNER of the project, MODERATOR and OWNER of the channel. */
export type Webhook = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** Where it posts, as URLs are normalised. Addresses that are not on the public internet are refused at each post, unless the operator has opened their host. */
  url: Scalars['URL']['output'];
  /** How its posts look. */
  format: WebhookFormat;
  /** What it posts, each at most once. */
  events: Array<WebhookEvent>;
  /** The project it belongs to; null for one of a channel. */
  project?: Maybe<Project>;
  /** The channel it belongs to; null for one of a project. */
  channel?: Maybe<Channel>;
  /**
   * Whether it posts. It is turned off when its receiver answers 410, and when nothing could be delivered for 5 days; then whoever made it, or turned it on last, gets an e-mail.
   * It is also turned off when that person no longer manages its place or their account is deactivated; others who manage the place may turn it on again, and keep it from then on.
   */
  active: Scalars['Boolean']['output'];
  /** Why it was turned off by itself; else null. */
  disabledReason?: Maybe<Scalars['String']['output']>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** The log of its posts, newest first, 30 days back. */
  deliveries: WebhookDeliveryConnection;
};


/** An address to which events of a project or channel are posted. Seen by MAINTAINER and OWNER of the project, MODERATOR and OWNER of the channel. */
export type WebhookDeliveriesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** An event that was posted to a webhook, or is to be. */
export type WebhookDelivery = {
  /** Opaque to clients; for redeliverWebhook. */
  id: Scalars['ID']['output'];
  /** The header `webhook-id`: the same at each try and when it is sent again. */
  eventId: Scalars['ID']['output'];
  /** What happened. */
  event: WebhookEvent;
  /** How often it was tried, since it was made or since it was to be sent again. */
  attempt: Scalars['Int']['output'];
  /** How far it is. */
  status: DeliveryStatus;
  /** The status that the receiver answered last; null while it has not. */
  responseStatus?: Maybe<Scalars['Int']['output']>;
  /** Why the last try failed; null where it did not. What the receiver answers beside its status is not kept. */
  error?: Maybe<Scalars['String']['output']>;
  /** When it was made. */
  at: Scalars['DateTime']['output'];
  /** When it is tried next; null where it has ended. */
  nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
};

/** One page of deliveries. */
export type WebhookDeliveryConnection = {
  /** The rows with their cursors. */
  edges: Array<WebhookDeliveryEdge>;
  /** The rows alone. */
  nodes: Array<WebhookDelivery>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A delivery and its place in the log. */
export type WebhookDeliveryEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The delivery. */
  node: WebhookDelivery;
};

/** A new webhook of a project or of a channel: exactly one of `projectId` and `channelId`. */
export type CreateWebhookInput = {
  /** The project. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  /** The channel. */
  channelId?: InputMaybe<Scalars['ID']['input']>;
  /** http or https, without user name and password, blanks, control characters and backslashes; not to the ports of mail, 25, 465 and 587. */
  url: Scalars['URL']['input'];
  /** How its posts look. */
  format?: InputMaybe<WebhookFormat>;
  /** At least one. */
  events: Array<WebhookEvent>;
};

/** A patch of a webhook: what is absent stays as it is. */
export type UpdateWebhookInput = {
  /** The webhook. */
  id: Scalars['ID']['input'];
  /** http or https, as in CreateWebhookInput; null is BAD_USER_INPUT. */
  url?: InputMaybe<Scalars['URL']['input']>;
  /** At least one. */
  events?: InputMaybe<Array<WebhookEvent>>;
  /** Whether it posts; null is BAD_USER_INPUT. true also ends that it was turned off by itself, and has whoever turns it on keep it. */
  active?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The webhook to delete. */
export type DeleteWebhookInput = {
  /** The webhook. */
  id: Scalars['ID']['input'];
};

/** The webhook that gets another secret. */
export type RotateWebhookSecretInput = {
  /** The webhook. */
  id: Scalars['ID']['input'];
};

/** What to send again: `deliveryId`, or all that was made in a range of time, `from` and `to` (exactly one of them). */
export type RedeliverWebhookInput = {
  /** The webhook. */
  webhookId: Scalars['ID']['input'];
  /** One delivery. */
  deliveryId?: InputMaybe<Scalars['ID']['input']>;
  /** The beginning of the range. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  /** The end of the range, not before `from`; of more than 1000 deliveries in it the oldest are sent. */
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A webhook and its secret. */
export type CreateWebhookPayload = {
  /** The webhook. */
  webhook: Webhook;
  /** With it receivers verify signatures: `whsec_` and base 64. Shown by this answer alone. */
  secret: Scalars['String']['output'];
};

/** The changed webhook. */
export type WebhookPayload = {
  /** As it is now. */
  webhook: Webhook;
};

/** The deleted webhook. */
export type DeleteWebhookPayload = {
  /** Its id. */
  id: Scalars['ID']['output'];
};

export type Query = {
  /** One channel by id or by code (exactly one of them); by code also to non-members; null where there is none that the viewer can see. */
  channel?: Maybe<Channel>;
  /** The viewer's channels, by name. */
  channels?: Maybe<ChannelConnection>;
  /** The viewer's own notifications, newest first; without a filter those in the inbox. */
  notifications?: Maybe<NotificationConnection>;
  /**
   * The same as a log, oldest first, for reading on behind the cursor of the last one seen: what is new, and what was sent again with a new
   * cursor (changes that joined an unread row, back from snooze). Without `after` from the oldest on. Snoozed and archived ones are left out.
   * RESYNC_REQUIRED where the cursor is none of these notifications any more: read the list again.
   */
  notificationFeed?: Maybe<NotificationFeed>;
  /** How the viewer is told of news. */
  notificationSettings?: Maybe<NotificationSettings>;
  /** What happened in the viewer's projects and channels in the last 90 days, newest first. Of personal tasks and of imports it tells nothing, nor of what lies in the trash. */
  feed?: Maybe<ActivityConnection>;
  /** Of the projects where the viewer is MAINTAINER or OWNER, and of the channels where MODERATOR or OWNER; oldest first. */
  webhooks?: Maybe<Array<Webhook>>;
  /** Work that was given up in any subgraph, newest first, of one queue or of all. For ADMIN (FORBIDDEN to others). */
  deadLetters?: Maybe<DeadLetterConnection>;
};


export type QueryChannelArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  code?: InputMaybe<Scalars['String']['input']>;
};


export type QueryChannelsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNotificationsArgs = {
  filter?: InputMaybe<NotificationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNotificationFeedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryFeedArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryDeadLettersArgs = {
  queue?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  /** Makes a channel with a new code. */
  createChannel?: Maybe<ChannelPayload>;
  /** Renames or describes. For OWNER (FORBIDDEN to other members). CONFLICT where `expectedVersion` is old and the same fields have changed. An empty patch changes nothing. */
  updateChannel?: Maybe<ChannelPayload>;
  /** Joins by code; joining twice is one membership. NOT_FOUND for an unknown code; RATE_LIMITED after 30 look-ups in vain in 15 minutes, those of invites included. */
  joinChannel?: Maybe<ChannelPayload>;
  /** Leaves. The last OWNER cannot (CONFLICT). */
  leaveChannel?: Maybe<ChannelPayload>;
  /** Gives the channel another code; the old one is dead at once, members stay. For OWNER. */
  rotateChannelCode?: Maybe<ChannelPayload>;
  /** Gives a member another role. For OWNER; the last OWNER stays one (CONFLICT). NOT_FOUND for somebody who is no member. */
  changeChannelMemberRole?: Maybe<ChannelPayload>;
  /** Removes a member below the own rank. For MODERATOR and OWNER. Removing oneself is leaving. */
  removeChannelMember?: Maybe<ChannelPayload>;
  /** Deletes the channel; nobody is a member any more, and its tasks go to the trash. For OWNER. */
  deleteChannel?: Maybe<DeleteChannelPayload>;
  /** Marks notifications as read. */
  markNotificationsRead?: Maybe<NotificationsPayload>;
  /** Takes a notification out of the list until an instant. Then it comes back on top: unread, with the same id and another cursor. NOT_FOUND for somebody else's. */
  snoozeNotification?: Maybe<NotificationsPayload>;
  /** Takes notifications out of the inbox for good; those that were archived before, or are not the viewer's, are passed over. */
  archiveNotifications?: Maybe<NotificationsPayload>;
  /** Changes how the viewer is told of news. BAD_USER_INPUT for a kind named twice, a time that is not HH:MM, or quiet hours that end when they begin. What changes nothing makes no new version. */
  updateNotificationSettings?: Maybe<NotificationSettingsPayload>;
  /** Has events of a project or channel posted to an address. For MAINTAINER and OWNER of the project, MODERATOR and OWNER of the channel (FORBIDDEN to other members). CONFLICT in an archived project, and where the project or channel has 20 already. */
  createWebhook?: Maybe<CreateWebhookPayload>;
  /** Changes where it posts, what, or whether. NOT_FOUND to whoever may not manage it, as of the others below. */
  updateWebhook?: Maybe<WebhookPayload>;
  /** Deletes a webhook with its log. What waits is not posted any more. */
  deleteWebhook?: Maybe<DeleteWebhookPayload>;
  /** Gives it another secret. For 24 hours each post is also signed with the one before, unless the secret is rotated again meanwhile. */
  rotateWebhookSecret?: Maybe<CreateWebhookPayload>;
  /** Has deliveries sent again, with the event ids they had. CONFLICT while the webhook is turned off. */
  redeliverWebhook?: Maybe<WebhookPayload>;
  /** Has dead letters run again by whoever owns them, soon after the answer. For ADMIN (FORBIDDEN to others). */
  redriveDeadLetters?: Maybe<RedriveDeadLettersPayload>;
};


export type MutationCreateChannelArgs = {
  input: CreateChannelInput;
};


export type MutationUpdateChannelArgs = {
  input: UpdateChannelInput;
};


export type MutationJoinChannelArgs = {
  input: JoinChannelInput;
};


export type MutationLeaveChannelArgs = {
  input: ChannelIdInput;
};


export type MutationRotateChannelCodeArgs = {
  input: ChannelIdInput;
};


export type MutationChangeChannelMemberRoleArgs = {
  input: ChangeChannelMemberRoleInput;
};


export type MutationRemoveChannelMemberArgs = {
  input: RemoveChannelMemberInput;
};


export type MutationDeleteChannelArgs = {
  input: ChannelIdInput;
};


export type MutationMarkNotificationsReadArgs = {
  input: MarkNotificationsReadInput;
};


export type MutationSnoozeNotificationArgs = {
  input: SnoozeNotificationInput;
};


export type MutationArchiveNotificationsArgs = {
  input: ArchiveNotificationsInput;
};


export type MutationUpdateNotificationSettingsArgs = {
  input: UpdateNotificationSettingsInput;
};


export type MutationCreateWebhookArgs = {
  input: CreateWebhookInput;
};


export type MutationUpdateWebhookArgs = {
  input: UpdateWebhookInput;
};


export type MutationDeleteWebhookArgs = {
  input: DeleteWebhookInput;
};


export type MutationRotateWebhookSecretArgs = {
  input: RotateWebhookSecretInput;
};


export type MutationRedeliverWebhookArgs = {
  input: RedeliverWebhookInput;
};


export type MutationRedriveDeadLettersArgs = {
  input: RedriveDeadLettersInput;
};

export type Subscription = {
  /**
   * The viewer's notifications as they come. With `after`, the cursor of the last one seen, it first replays what was missed; a row that is sent
   * again has the same id and a new cursor. Without it from now on. RESYNC_REQUIRED where the cursor is none any more.
   */
  notificationReceived: Notification;
};


export type SubscriptionNotificationReceivedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
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
  Channel: Channel;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Channel:
    ( { __typename: 'Channel' }
    & GraphQLRecursivePick<FederationTypes['Channel'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  cacheControl__Scope: CacheControl__Scope;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  ChannelRole: ChannelRole;
  User: ResolverTypeWrapper<User>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Project: ResolverTypeWrapper<Project>;
  Task: ResolverTypeWrapper<Task>;
  Channel: ResolverTypeWrapper<ChannelRow>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ChannelConnection: ResolverTypeWrapper<ChannelPage>;
  ChannelEdge: ResolverTypeWrapper<Omit<ChannelEdge, 'node'> & { node: ResolversTypes['Channel'] }>;
  ChannelMember: ResolverTypeWrapper<ChannelMemberRow>;
  ChannelMemberConnection: ResolverTypeWrapper<ChannelMemberPage>;
  ChannelMemberEdge: ResolverTypeWrapper<Omit<ChannelMemberEdge, 'node'> & { node: ResolversTypes['ChannelMember'] }>;
  NotificationKind: NotificationKind;
  Notification: ResolverTypeWrapper<NotificationRow>;
  NotificationConnection: ResolverTypeWrapper<NotificationPage>;
  NotificationFeed: ResolverTypeWrapper<NotificationFeedPage>;
  NotificationEdge: ResolverTypeWrapper<Omit<NotificationEdge, 'node'> & { node: ResolversTypes['Notification'] }>;
  NotificationFilter: NotificationFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DeliveryMethod: DeliveryMethod;
  NotificationPreference: ResolverTypeWrapper<NotificationPreference>;
  DigestFrequency: DigestFrequency;
  QuietHours: ResolverTypeWrapper<QuietHours>;
  NotificationSettings: ResolverTypeWrapper<Settings>;
  ActivityKind: ActivityKind;
  Activity: ResolverTypeWrapper<ActivityRow>;
  ActivityConnection: ResolverTypeWrapper<ActivityPage>;
  ActivityEdge: ResolverTypeWrapper<Omit<ActivityEdge, 'node'> & { node: ResolversTypes['Activity'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  CreateChannelInput: CreateChannelInput;
  UpdateChannelInput: UpdateChannelInput;
  ChangeChannelMemberRoleInput: ChangeChannelMemberRoleInput;
  RemoveChannelMemberInput: RemoveChannelMemberInput;
  JoinChannelInput: JoinChannelInput;
  ChannelIdInput: ChannelIdInput;
  MarkNotificationsReadInput: MarkNotificationsReadInput;
  SnoozeNotificationInput: SnoozeNotificationInput;
  ArchiveNotificationsInput: ArchiveNotificationsInput;
  NotificationPreferenceInput: NotificationPreferenceInput;
  QuietHoursInput: QuietHoursInput;
  UpdateNotificationSettingsInput: UpdateNotificationSettingsInput;
  ChannelPayload: ResolverTypeWrapper<Omit<ChannelPayload, 'channel'> & { channel?: Maybe<ResolversTypes['Channel']> }>;
  DeleteChannelPayload: ResolverTypeWrapper<DeleteChannelPayload>;
  NotificationsPayload: ResolverTypeWrapper<Omit<NotificationsPayload, 'notifications'> & { notifications: Array<ResolversTypes['Notification']> }>;
  NotificationSettingsPayload: ResolverTypeWrapper<Omit<NotificationSettingsPayload, 'settings'> & { settings: ResolversTypes['NotificationSettings'] }>;
  DeadLetter: ResolverTypeWrapper<ListedDeadLetter>;
  DeadLetterConnection: ResolverTypeWrapper<DeadLetterPage>;
  DeadLetterEdge: ResolverTypeWrapper<Omit<DeadLetterEdge, 'node'> & { node: ResolversTypes['DeadLetter'] }>;
  RedriveDeadLettersInput: RedriveDeadLettersInput;
  RedriveDeadLettersPayload: ResolverTypeWrapper<RedriveDeadLettersPayload>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  WebhookFormat: WebhookFormat;
  WebhookEvent: WebhookEvent;
  DeliveryStatus: DeliveryStatus;
  Webhook: ResolverTypeWrapper<WebhookRow>;
  WebhookDelivery: ResolverTypeWrapper<WebhookDeliveryRow>;
  WebhookDeliveryConnection: ResolverTypeWrapper<WebhookDeliveryPage>;
  WebhookDeliveryEdge: ResolverTypeWrapper<Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversTypes['WebhookDelivery'] }>;
  CreateWebhookInput: CreateWebhookInput;
  UpdateWebhookInput: UpdateWebhookInput;
  DeleteWebhookInput: DeleteWebhookInput;
  RotateWebhookSecretInput: RotateWebhookSecretInput;
  RedeliverWebhookInput: RedeliverWebhookInput;
  CreateWebhookPayload: ResolverTypeWrapper<Omit<CreateWebhookPayload, 'webhook'> & { webhook: ResolversTypes['Webhook'] }>;
  WebhookPayload: ResolverTypeWrapper<Omit<WebhookPayload, 'webhook'> & { webhook: ResolversTypes['Webhook'] }>;
  DeleteWebhookPayload: ResolverTypeWrapper<DeleteWebhookPayload>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  JSON: Scalars['JSON']['output'];
  User: User;
  ID: Scalars['ID']['output'];
  Project: Project;
  Task: Task;
  Channel: ChannelRow;
  String: Scalars['String']['output'];
  ChannelConnection: ChannelPage;
  ChannelEdge: Omit<ChannelEdge, 'node'> & { node: ResolversParentTypes['Channel'] };
  ChannelMember: ChannelMemberRow;
  ChannelMemberConnection: ChannelMemberPage;
  ChannelMemberEdge: Omit<ChannelMemberEdge, 'node'> & { node: ResolversParentTypes['ChannelMember'] };
  Notification: NotificationRow;
  NotificationConnection: NotificationPage;
  NotificationFeed: NotificationFeedPage;
  NotificationEdge: Omit<NotificationEdge, 'node'> & { node: ResolversParentTypes['Notification'] };
  NotificationFilter: NotificationFilter;
  Boolean: Scalars['Boolean']['output'];
  NotificationPreference: NotificationPreference;
  QuietHours: QuietHours;
  NotificationSettings: Settings;
  Activity: ActivityRow;
  ActivityConnection: ActivityPage;
  ActivityEdge: Omit<ActivityEdge, 'node'> & { node: ResolversParentTypes['Activity'] };
  PageInfo: PageInfo;
  CreateChannelInput: CreateChannelInput;
  UpdateChannelInput: UpdateChannelInput;
  ChangeChannelMemberRoleInput: ChangeChannelMemberRoleInput;
  RemoveChannelMemberInput: RemoveChannelMemberInput;
  JoinChannelInput: JoinChannelInput;
  ChannelIdInput: ChannelIdInput;
  MarkNotificationsReadInput: MarkNotificationsReadInput;
  SnoozeNotificationInput: SnoozeNotificationInput;
  ArchiveNotificationsInput: ArchiveNotificationsInput;
  NotificationPreferenceInput: NotificationPreferenceInput;
  QuietHoursInput: QuietHoursInput;
  UpdateNotificationSettingsInput: UpdateNotificationSettingsInput;
  ChannelPayload: Omit<ChannelPayload, 'channel'> & { channel?: Maybe<ResolversParentTypes['Channel']> };
  DeleteChannelPayload: DeleteChannelPayload;
  NotificationsPayload: Omit<NotificationsPayload, 'notifications'> & { notifications: Array<ResolversParentTypes['Notification']> };
  NotificationSettingsPayload: Omit<NotificationSettingsPayload, 'settings'> & { settings: ResolversParentTypes['NotificationSettings'] };
  DeadLetter: ListedDeadLetter;
  DeadLetterConnection: DeadLetterPage;
  DeadLetterEdge: Omit<DeadLetterEdge, 'node'> & { node: ResolversParentTypes['DeadLetter'] };
  RedriveDeadLettersInput: RedriveDeadLettersInput;
  RedriveDeadLettersPayload: RedriveDeadLettersPayload;
  URL: Scalars['URL']['output'];
  Webhook: WebhookRow;
  WebhookDelivery: WebhookDeliveryRow;
  WebhookDeliveryConnection: WebhookDeliveryPage;
  WebhookDeliveryEdge: Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversParentTypes['WebhookDelivery'] };
  CreateWebhookInput: CreateWebhookInput;
  UpdateWebhookInput: UpdateWebhookInput;
  DeleteWebhookInput: DeleteWebhookInput;
  RotateWebhookSecretInput: RotateWebhookSecretInput;
  RedeliverWebhookInput: RedeliverWebhookInput;
  CreateWebhookPayload: Omit<CreateWebhookPayload, 'webhook'> & { webhook: ResolversParentTypes['Webhook'] };
  WebhookPayload: Omit<WebhookPayload, 'webhook'> & { webhook: ResolversParentTypes['Webhook'] };
  DeleteWebhookPayload: DeleteWebhookPayload;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
};

export type CacheControlDirectiveArgs = {
  maxAge: Scalars['Int']['input'];
  scope: CacheControl__Scope;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = Context, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type TaskResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ChannelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Channel'] = ResolversParentTypes['Channel'], FederationReferenceType extends FederationReferenceTypes['Channel'] = FederationReferenceTypes['Channel']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Channel']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  viewerRole?: Resolver<Maybe<ResolversTypes['ChannelRole']>, ParentType, ContextType>;
  memberCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  members?: Resolver<Maybe<ResolversTypes['ChannelMemberConnection']>, ParentType, ContextType, Partial<ChannelMembersArgs>>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ChannelConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelConnection'] = ResolversParentTypes['ChannelConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ChannelEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Channel']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ChannelEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelEdge'] = ResolversParentTypes['ChannelEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Channel'], ParentType, ContextType>;
};

export type ChannelMemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelMember'] = ResolversParentTypes['ChannelMember']> = {
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['ChannelRole'], ParentType, ContextType>;
  joinedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ChannelMemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelMemberConnection'] = ResolversParentTypes['ChannelMemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ChannelMemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ChannelMember']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ChannelMemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelMemberEdge'] = ResolversParentTypes['ChannelMemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ChannelMember'], ParentType, ContextType>;
};

export type NotificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['NotificationKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  body?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  readAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  snoozedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  archivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type NotificationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationFeedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationFeed'] = ResolversParentTypes['NotificationFeed']> = {
  nodes?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  head?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
};

export type NotificationPreferenceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationPreference'] = ResolversParentTypes['NotificationPreference']> = {
  kind?: Resolver<ResolversTypes['NotificationKind'], ParentType, ContextType>;
  methods?: Resolver<Array<ResolversTypes['DeliveryMethod']>, ParentType, ContextType>;
};

export type QuietHoursResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QuietHours'] = ResolversParentTypes['QuietHours']> = {
  from?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type NotificationSettingsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationSettings'] = ResolversParentTypes['NotificationSettings']> = {
  preferences?: Resolver<Array<ResolversTypes['NotificationPreference']>, ParentType, ContextType>;
  quietHours?: Resolver<Maybe<ResolversTypes['QuietHours']>, ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['DigestFrequency'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ActivityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Activity'] = ResolversParentTypes['Activity']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ActivityKind'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ActivityConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActivityConnection'] = ResolversParentTypes['ActivityConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ActivityEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Activity']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ActivityEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActivityEdge'] = ResolversParentTypes['ActivityEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Activity'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ChannelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelPayload'] = ResolversParentTypes['ChannelPayload']> = {
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
};

export type DeleteChannelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteChannelPayload'] = ResolversParentTypes['DeleteChannelPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type NotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsPayload'] = ResolversParentTypes['NotificationsPayload']> = {
  notifications?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationSettingsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationSettingsPayload'] = ResolversParentTypes['NotificationSettingsPayload']> = {
  settings?: Resolver<ResolversTypes['NotificationSettings'], ParentType, ContextType>;
};

export type DeadLetterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetter'] = ResolversParentTypes['DeadLetter']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  queue?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  payload?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type DeadLetterConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterConnection'] = ResolversParentTypes['DeadLetterConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DeadLetterEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['DeadLetter']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DeadLetterEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterEdge'] = ResolversParentTypes['DeadLetterEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DeadLetter'], ParentType, ContextType>;
};

export type RedriveDeadLettersPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RedriveDeadLettersPayload'] = ResolversParentTypes['RedriveDeadLettersPayload']> = {
  redriven?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type WebhookResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Webhook'] = ResolversParentTypes['Webhook']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['WebhookFormat'], ParentType, ContextType>;
  events?: Resolver<Array<ResolversTypes['WebhookEvent']>, ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  disabledReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveries?: Resolver<ResolversTypes['WebhookDeliveryConnection'], ParentType, ContextType, Partial<WebhookDeliveriesArgs>>;
};

export type WebhookDeliveryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDelivery'] = ResolversParentTypes['WebhookDelivery']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  eventId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['WebhookEvent'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DeliveryStatus'], ParentType, ContextType>;
  responseStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type WebhookDeliveryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDeliveryConnection'] = ResolversParentTypes['WebhookDeliveryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['WebhookDeliveryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['WebhookDelivery']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type WebhookDeliveryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDeliveryEdge'] = ResolversParentTypes['WebhookDeliveryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['WebhookDelivery'], ParentType, ContextType>;
};

export type CreateWebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateWebhookPayload'] = ResolversParentTypes['CreateWebhookPayload']> = {
  webhook?: Resolver<ResolversTypes['Webhook'], ParentType, ContextType>;
  secret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type WebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookPayload'] = ResolversParentTypes['WebhookPayload']> = {
  webhook?: Resolver<ResolversTypes['Webhook'], ParentType, ContextType>;
};

export type DeleteWebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteWebhookPayload'] = ResolversParentTypes['DeleteWebhookPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType, Partial<QueryChannelArgs>>;
  channels?: Resolver<Maybe<ResolversTypes['ChannelConnection']>, ParentType, ContextType, Partial<QueryChannelsArgs>>;
  notifications?: Resolver<Maybe<ResolversTypes['NotificationConnection']>, ParentType, ContextType, Partial<QueryNotificationsArgs>>;
  notificationFeed?: Resolver<Maybe<ResolversTypes['NotificationFeed']>, ParentType, ContextType, Partial<QueryNotificationFeedArgs>>;
  notificationSettings?: Resolver<Maybe<ResolversTypes['NotificationSettings']>, ParentType, ContextType>;
  feed?: Resolver<Maybe<ResolversTypes['ActivityConnection']>, ParentType, ContextType, Partial<QueryFeedArgs>>;
  webhooks?: Resolver<Maybe<Array<ResolversTypes['Webhook']>>, ParentType, ContextType>;
  deadLetters?: Resolver<Maybe<ResolversTypes['DeadLetterConnection']>, ParentType, ContextType, Partial<QueryDeadLettersArgs>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createChannel?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationCreateChannelArgs, 'input'>>;
  updateChannel?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationUpdateChannelArgs, 'input'>>;
  joinChannel?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationJoinChannelArgs, 'input'>>;
  leaveChannel?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationLeaveChannelArgs, 'input'>>;
  rotateChannelCode?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationRotateChannelCodeArgs, 'input'>>;
  changeChannelMemberRole?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationChangeChannelMemberRoleArgs, 'input'>>;
  removeChannelMember?: Resolver<Maybe<ResolversTypes['ChannelPayload']>, ParentType, ContextType, RequireFields<MutationRemoveChannelMemberArgs, 'input'>>;
  deleteChannel?: Resolver<Maybe<ResolversTypes['DeleteChannelPayload']>, ParentType, ContextType, RequireFields<MutationDeleteChannelArgs, 'input'>>;
  markNotificationsRead?: Resolver<Maybe<ResolversTypes['NotificationsPayload']>, ParentType, ContextType, RequireFields<MutationMarkNotificationsReadArgs, 'input'>>;
  snoozeNotification?: Resolver<Maybe<ResolversTypes['NotificationsPayload']>, ParentType, ContextType, RequireFields<MutationSnoozeNotificationArgs, 'input'>>;
  archiveNotifications?: Resolver<Maybe<ResolversTypes['NotificationsPayload']>, ParentType, ContextType, RequireFields<MutationArchiveNotificationsArgs, 'input'>>;
  updateNotificationSettings?: Resolver<Maybe<ResolversTypes['NotificationSettingsPayload']>, ParentType, ContextType, RequireFields<MutationUpdateNotificationSettingsArgs, 'input'>>;
  createWebhook?: Resolver<Maybe<ResolversTypes['CreateWebhookPayload']>, ParentType, ContextType, RequireFields<MutationCreateWebhookArgs, 'input'>>;
  updateWebhook?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationUpdateWebhookArgs, 'input'>>;
  deleteWebhook?: Resolver<Maybe<ResolversTypes['DeleteWebhookPayload']>, ParentType, ContextType, RequireFields<MutationDeleteWebhookArgs, 'input'>>;
  rotateWebhookSecret?: Resolver<Maybe<ResolversTypes['CreateWebhookPayload']>, ParentType, ContextType, RequireFields<MutationRotateWebhookSecretArgs, 'input'>>;
  redeliverWebhook?: Resolver<Maybe<ResolversTypes['WebhookPayload']>, ParentType, ContextType, RequireFields<MutationRedeliverWebhookArgs, 'input'>>;
  redriveDeadLetters?: Resolver<Maybe<ResolversTypes['RedriveDeadLettersPayload']>, ParentType, ContextType, RequireFields<MutationRedriveDeadLettersArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  notificationReceived?: SubscriptionResolver<ResolversTypes['Notification'], "notificationReceived", ParentType, ContextType, Partial<SubscriptionNotificationReceivedArgs>>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  JSON?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  Channel?: ChannelResolvers<ContextType>;
  ChannelConnection?: ChannelConnectionResolvers<ContextType>;
  ChannelEdge?: ChannelEdgeResolvers<ContextType>;
  ChannelMember?: ChannelMemberResolvers<ContextType>;
  ChannelMemberConnection?: ChannelMemberConnectionResolvers<ContextType>;
  ChannelMemberEdge?: ChannelMemberEdgeResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  NotificationConnection?: NotificationConnectionResolvers<ContextType>;
  NotificationFeed?: NotificationFeedResolvers<ContextType>;
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  NotificationPreference?: NotificationPreferenceResolvers<ContextType>;
  QuietHours?: QuietHoursResolvers<ContextType>;
  NotificationSettings?: NotificationSettingsResolvers<ContextType>;
  Activity?: ActivityResolvers<ContextType>;
  ActivityConnection?: ActivityConnectionResolvers<ContextType>;
  ActivityEdge?: ActivityEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  ChannelPayload?: ChannelPayloadResolvers<ContextType>;
  DeleteChannelPayload?: DeleteChannelPayloadResolvers<ContextType>;
  NotificationsPayload?: NotificationsPayloadResolvers<ContextType>;
  NotificationSettingsPayload?: NotificationSettingsPayloadResolvers<ContextType>;
  DeadLetter?: DeadLetterResolvers<ContextType>;
  DeadLetterConnection?: DeadLetterConnectionResolvers<ContextType>;
  DeadLetterEdge?: DeadLetterEdgeResolvers<ContextType>;
  RedriveDeadLettersPayload?: RedriveDeadLettersPayloadResolvers<ContextType>;
  URL?: GraphQLScalarType;
  Webhook?: WebhookResolvers<ContextType>;
  WebhookDelivery?: WebhookDeliveryResolvers<ContextType>;
  WebhookDeliveryConnection?: WebhookDeliveryConnectionResolvers<ContextType>;
  WebhookDeliveryEdge?: WebhookDeliveryEdgeResolvers<ContextType>;
  CreateWebhookPayload?: CreateWebhookPayloadResolvers<ContextType>;
  WebhookPayload?: WebhookPayloadResolvers<ContextType>;
  DeleteWebhookPayload?: DeleteWebhookPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
