// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ChannelRow, ChannelPage } from '../entities/channel.js';
import type { ChannelMemberRow, ChannelMemberPage } from '../entities/channel-member.js';
import type { NotificationRow, NotificationPage } from '../entities/notification.js';
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
  _FieldSet: { input: unknown; output: unknown; }
};

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
  /** A task that one is assigned to changed; changes within 5 minutes join one unread row. */
  | 'TASK_UPDATED'
  /** A task that one created or is assigned to was completed. */
  | 'TASK_COMPLETED'
  /** A task that one created or is assigned to was reopened. */
  | 'TASK_REOPENED'
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
  /** Place in the viewer's list. */
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
  /** How many of the viewer's notifications are unread; counted only when selected. */
  unreadCount: Scalars['Int']['output'];
};

/** A notification and its place in the list. */
export type NotificationEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The notification. */
  node: Notification;
};

/** Which notifications. */
export type NotificationFilter = {
  /** true: only unread; false: only read. */
  unread?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only these kinds. */
  kind?: InputMaybe<Array<NotificationKind>>;
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
  /** Every unread one. */
  all?: InputMaybe<Scalars['Boolean']['input']>;
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
  /** How many are unread now. */
  unreadCount: Scalars['Int']['output'];
};

export type Query = {
  /** One channel by id or by code (exactly one of them); by code also to non-members; null where there is none that the viewer can see. */
  channel?: Maybe<Channel>;
  /** The viewer's channels, by name. */
  channels?: Maybe<ChannelConnection>;
  /** The viewer's own notifications, newest first. */
  notifications?: Maybe<NotificationConnection>;
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

export type Mutation = {
  /** Makes a channel with a new code. */
  createChannel?: Maybe<ChannelPayload>;
  /** Renames or describes. For OWNER (FORBIDDEN to other members). CONFLICT where `expectedVersion` is old and the same fields have changed. An empty patch changes nothing. */
  updateChannel?: Maybe<ChannelPayload>;
  /** Joins by code; joining twice is one membership. NOT_FOUND for an unknown code; RATE_LIMITED after 30 look-ups in vain in 15 minutes. */
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
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  ChannelRole: ChannelRole;
  User: ResolverTypeWrapper<User>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Project: ResolverTypeWrapper<Project>;
  Task: ResolverTypeWrapper<Task>;
  Channel: ResolverTypeWrapper<ChannelRow>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ChannelConnection: ResolverTypeWrapper<ChannelPage>;
  ChannelEdge: ResolverTypeWrapper<Omit<ChannelEdge, 'node'> & { node: ResolversTypes['Channel'] }>;
  ChannelMember: ResolverTypeWrapper<ChannelMemberRow>;
  ChannelMemberConnection: ResolverTypeWrapper<ChannelMemberPage>;
  ChannelMemberEdge: ResolverTypeWrapper<Omit<ChannelMemberEdge, 'node'> & { node: ResolversTypes['ChannelMember'] }>;
  NotificationKind: NotificationKind;
  Notification: ResolverTypeWrapper<NotificationRow>;
  NotificationConnection: ResolverTypeWrapper<NotificationPage>;
  NotificationEdge: ResolverTypeWrapper<Omit<NotificationEdge, 'node'> & { node: ResolversTypes['Notification'] }>;
  NotificationFilter: NotificationFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  CreateChannelInput: CreateChannelInput;
  UpdateChannelInput: UpdateChannelInput;
  ChangeChannelMemberRoleInput: ChangeChannelMemberRoleInput;
  RemoveChannelMemberInput: RemoveChannelMemberInput;
  JoinChannelInput: JoinChannelInput;
  ChannelIdInput: ChannelIdInput;
  MarkNotificationsReadInput: MarkNotificationsReadInput;
  ChannelPayload: ResolverTypeWrapper<Omit<ChannelPayload, 'channel'> & { channel?: Maybe<ResolversTypes['Channel']> }>;
  DeleteChannelPayload: ResolverTypeWrapper<DeleteChannelPayload>;
  NotificationsPayload: ResolverTypeWrapper<Omit<NotificationsPayload, 'notifications'> & { notifications: Array<ResolversTypes['Notification']> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  User: User;
  ID: Scalars['ID']['output'];
  Project: Project;
  Task: Task;
  Channel: ChannelRow;
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  ChannelConnection: ChannelPage;
  ChannelEdge: Omit<ChannelEdge, 'node'> & { node: ResolversParentTypes['Channel'] };
  ChannelMember: ChannelMemberRow;
  ChannelMemberConnection: ChannelMemberPage;
  ChannelMemberEdge: Omit<ChannelMemberEdge, 'node'> & { node: ResolversParentTypes['ChannelMember'] };
  Notification: NotificationRow;
  NotificationConnection: NotificationPage;
  NotificationEdge: Omit<NotificationEdge, 'node'> & { node: ResolversParentTypes['Notification'] };
  NotificationFilter: NotificationFilter;
  Boolean: Scalars['Boolean']['output'];
  PageInfo: PageInfo;
  CreateChannelInput: CreateChannelInput;
  UpdateChannelInput: UpdateChannelInput;
  ChangeChannelMemberRoleInput: ChangeChannelMemberRoleInput;
  RemoveChannelMemberInput: RemoveChannelMemberInput;
  JoinChannelInput: JoinChannelInput;
  ChannelIdInput: ChannelIdInput;
  MarkNotificationsReadInput: MarkNotificationsReadInput;
  ChannelPayload: Omit<ChannelPayload, 'channel'> & { channel?: Maybe<ResolversParentTypes['Channel']> };
  DeleteChannelPayload: DeleteChannelPayload;
  NotificationsPayload: Omit<NotificationsPayload, 'notifications'> & { notifications: Array<ResolversParentTypes['Notification']> };
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
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
};

export type NotificationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
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

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  channel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType, Partial<QueryChannelArgs>>;
  channels?: Resolver<Maybe<ResolversTypes['ChannelConnection']>, ParentType, ContextType, Partial<QueryChannelsArgs>>;
  notifications?: Resolver<Maybe<ResolversTypes['NotificationConnection']>, ParentType, ContextType, Partial<QueryNotificationsArgs>>;
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
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
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
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  ChannelPayload?: ChannelPayloadResolvers<ContextType>;
  DeleteChannelPayload?: DeleteChannelPayloadResolvers<ContextType>;
  NotificationsPayload?: NotificationsPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
};

