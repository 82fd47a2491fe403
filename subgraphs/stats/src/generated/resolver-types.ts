// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Subject, Figures, PersonalWork } from '../figures.js';
import type { Recommendation } from '../recommendation.js';
import type { Context } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
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
  /** A day as an RFC 3339 full-date, for example `2026-11-20`; a day of the viewer's own time zone. */
  Date: { input: string; output: string; }
  /** An ISO 8601 duration, for example `P7D`, `PT36H` or `-P1M`. A sign may stand in front; only seconds may have a fraction. */
  Duration: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** For whom a cached value is good. */
export type CacheControl__Scope =
  /** For everybody who is signed in and may read: it does not depend on who asks. */
  | 'PUBLIC'
  /** For the viewer it was answered to, with the same role and the same scopes of an API token. */
  | 'PRIVATE';

/** A person, owned by the user subgraph. */
export type User = {
  /** The person's id. */
  id: Scalars['ID']['output'];
  /** Figures over the tasks assigned to this user plus their personal tasks. To the user and to ADMIN; null to others. */
  stats?: Maybe<UserStats>;
  /**
   * Open tasks of this user that may be worth doing next, highest score first, as far as the user can see them; looked for among the
   * first hundred each by due date, by priority, by the last change, and of those that block others. To the user alone; null to others.
   * `first` is 1 to 50; anything else is BAD_USER_INPUT.
   */
  recommendedTasks?: Maybe<Array<TaskRecommendation>>;
};


/** A person, owned by the user subgraph. */
export type UserRecommendedTasksArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A project, owned by the project subgraph. */
export type Project = {
  /** The project's id. */
  id: Scalars['ID']['output'];
  /** Figures over its tasks. To members; null to others. */
  stats?: Maybe<ProjectStats>;
};

/** A public task channel, owned by the channel subgraph. */
export type Channel = {
  /** The channel's id. */
  id: Scalars['ID']['output'];
  /** Figures over its tasks. To members; null to others. */
  stats?: Maybe<ChannelStats>;
};

/** A task, owned by the task subgraph. */
export type Task = {
  /** The task's id. */
  id: Scalars['ID']['output'];
};

/** Tasks by status. */
export type StatusCounts = {
  /** PENDING. */
  pending: Scalars['Int']['output'];
  /** IN_PROGRESS. */
  inProgress: Scalars['Int']['output'];
  /** COMPLETED. */
  completed: Scalars['Int']['output'];
  /** CANCELLED. */
  cancelled: Scalars['Int']['output'];
};

/** Tasks of one priority. */
export type PriorityCount = {
  /** 1 (highest) to 10. */
  priority: Scalars['Int']['output'];
  /** How many. */
  count: Scalars['Int']['output'];
};

/** What was made and finished on one day. */
export type DayCount = {
  /** The day, in the viewer's time zone. */
  date: Scalars['Date']['output'];
  /** Tasks made on that day, of those that count now. */
  created: Scalars['Int']['output'];
  /** Tasks completed on that day, of those that count now and are COMPLETED. */
  completed: Scalars['Int']['output'];
};

/** What was left to do at the end of one day. */
export type BurndownPoint = {
  /** The day, in the viewer's time zone. */
  date: Scalars['Date']['output'];
  /**
   * Tasks made by the end of that day and neither completed nor cancelled by then, of those that count now. Of today and of days
   * to come: as many as are open now.
   */
  remaining: Scalars['Int']['output'];
};

/** How long tasks took: percentiles by nearest rank, each at most 2 % off, in days of 24 hours, hours, minutes and seconds. */
export type DurationPercentiles = {
  /** Half of the tasks took at most this long. */
  p50: Scalars['Duration']['output'];
  /** 85 % of the tasks took at most this long. */
  p85: Scalars['Duration']['output'];
  /** 95 % of the tasks took at most this long. */
  p95: Scalars['Duration']['output'];
  /** How many tasks were measured; at least 1. */
  samples: Scalars['Int']['output'];
};

/** Tasks of one person in a project or channel. */
export type Workload = {
  /** The person's id. */
  userId: Scalars['ID']['output'];
  /** The person. */
  user?: Maybe<User>;
  /** Tasks assigned to the person that are PENDING or IN_PROGRESS. */
  open: Scalars['Int']['output'];
  /** Tasks assigned to the person that are COMPLETED; in a channel also those assigned to nobody that the person completed. */
  completed: Scalars['Int']['output'];
};

/** A task that may be worth doing next. */
export type TaskRecommendation = {
  /** The task's id. */
  taskId: Scalars['ID']['output'];
  /** The task. */
  task?: Maybe<Task>;
  /**
   * 0 to 100, the higher the sooner: up to 40 for the due date, 25 each for tasks that wait for it and for its priority, 10 for a
   * recent change; half of that where it waits for another task itself.
   */
  score: Scalars['Float']['output'];
  /**
   * What the score is made of, in English, for example `Overdue by 3 days`, `Blocks 2 other tasks`, `Priority 1`, `Recently touched`;
   * at least one.
   */
  reasons: Array<Scalars['String']['output']>;
};

/** A person's figures. */
export type UserStats = {
  /** All tasks that count. */
  total: Scalars['Int']['output'];
  /** By status. */
  byStatus: StatusCounts;
  /** By priority, 1 to 10, those that occur. */
  byPriority: Array<PriorityCount>;
  /** Open and due before now. */
  overdue: Scalars['Int']['output'];
  /** completed / (total − cancelled), 0 where that is empty. */
  completionRate: Scalars['Float']['output'];
  /**
   * What was created and completed on each day from `from` to `to`, both included, days on which nothing happened too. At most 366 days;
   * more, or `to` before `from`, is BAD_USER_INPUT.
   */
  daily: Array<DayCount>;
  /** The instant up to which the figures are complete: that of the log heard of longest ago. */
  asOf: Scalars['DateTime']['output'];
};


/** A person's figures. */
export type UserStatsDailyArgs = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};

/** A project's figures. */
export type ProjectStats = {
  /** All tasks that count. */
  total: Scalars['Int']['output'];
  /** By status. */
  byStatus: StatusCounts;
  /** By priority, 1 to 10, those that occur. */
  byPriority: Array<PriorityCount>;
  /** Open and due before now. */
  overdue: Scalars['Int']['output'];
  /** completed / (total − cancelled), 0 where that is empty. */
  completionRate: Scalars['Float']['output'];
  /**
   * What was created and completed on each day from `from` to `to`, both included, days on which nothing happened too. At most 366 days;
   * more, or `to` before `from`, is BAD_USER_INPUT.
   */
  daily: Array<DayCount>;
  /**
   * What was left to do at the end of each day from `from` to `to`, both included. At most 366 days; more, or `to` before `from`, is
   * BAD_USER_INPUT.
   */
  burndown: Array<BurndownPoint>;
  /** From the first time a task was IN_PROGRESS until it was completed, over COMPLETED tasks that ever were; null where there is none. */
  cycleTime?: Maybe<DurationPercentiles>;
  /** From the making of a task until it was completed, over COMPLETED tasks; null where there is none. */
  leadTime?: Maybe<DurationPercentiles>;
  /** Everybody with an open or completed task, most open ones first; at most 1000 people. */
  workload: Array<Workload>;
  /** The instant up to which the figures are complete: that of the log heard of longest ago. */
  asOf: Scalars['DateTime']['output'];
};


/** A project's figures. */
export type ProjectStatsDailyArgs = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};


/** A project's figures. */
export type ProjectStatsBurndownArgs = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};

/** A channel's figures. */
export type ChannelStats = {
  /** All tasks that count. */
  total: Scalars['Int']['output'];
  /** By status. */
  byStatus: StatusCounts;
  /** Open and due before now. */
  overdue: Scalars['Int']['output'];
  /** completed / (total − cancelled), 0 where that is empty. */
  completionRate: Scalars['Float']['output'];
  /** Who has done the most: most completed tasks first, then most open ones. `first` is 1 to 100; anything else is BAD_USER_INPUT. */
  topContributors: Array<Workload>;
  /** The instant up to which the figures are complete: that of the log heard of longest ago. */
  asOf: Scalars['DateTime']['output'];
};


/** A channel's figures. */
export type ChannelStatsTopContributorsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
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
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  cacheControl__Scope: CacheControl__Scope;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  User: ResolverTypeWrapper<Subject>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Project: ResolverTypeWrapper<Subject>;
  Channel: ResolverTypeWrapper<Subject>;
  Task: ResolverTypeWrapper<Subject>;
  StatusCounts: ResolverTypeWrapper<StatusCounts>;
  PriorityCount: ResolverTypeWrapper<PriorityCount>;
  DayCount: ResolverTypeWrapper<DayCount>;
  BurndownPoint: ResolverTypeWrapper<BurndownPoint>;
  DurationPercentiles: ResolverTypeWrapper<DurationPercentiles>;
  Workload: ResolverTypeWrapper<PersonalWork>;
  TaskRecommendation: ResolverTypeWrapper<Recommendation>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UserStats: ResolverTypeWrapper<Figures>;
  ProjectStats: ResolverTypeWrapper<Figures>;
  ChannelStats: ResolverTypeWrapper<Figures>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Duration: Scalars['Duration']['output'];
  User: Subject;
  ID: Scalars['ID']['output'];
  Project: Subject;
  Channel: Subject;
  Task: Subject;
  StatusCounts: StatusCounts;
  PriorityCount: PriorityCount;
  DayCount: DayCount;
  BurndownPoint: BurndownPoint;
  DurationPercentiles: DurationPercentiles;
  Workload: PersonalWork;
  TaskRecommendation: Recommendation;
  Float: Scalars['Float']['output'];
  String: Scalars['String']['output'];
  UserStats: Figures;
  ProjectStats: Figures;
  ChannelStats: Figures;
  Int: Scalars['Int']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type CacheControlDirectiveArgs = {
  maxAge: Scalars['Int']['input'];
  scope: CacheControl__Scope;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = Context, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  stats?: Resolver<Maybe<ResolversTypes['UserStats']>, ParentType, ContextType>;
  recommendedTasks?: Resolver<Maybe<Array<ResolversTypes['TaskRecommendation']>>, ParentType, ContextType, RequireFields<UserRecommendedTasksArgs, 'first'>>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'], FederationReferenceType extends FederationReferenceTypes['Project'] = FederationReferenceTypes['Project']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Project']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  stats?: Resolver<Maybe<ResolversTypes['ProjectStats']>, ParentType, ContextType>;
};

export type ChannelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Channel'] = ResolversParentTypes['Channel'], FederationReferenceType extends FederationReferenceTypes['Channel'] = FederationReferenceTypes['Channel']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Channel']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  stats?: Resolver<Maybe<ResolversTypes['ChannelStats']>, ParentType, ContextType>;
};

export type TaskResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type StatusCountsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StatusCounts'] = ResolversParentTypes['StatusCounts']> = {
  pending?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inProgress?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cancelled?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PriorityCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PriorityCount'] = ResolversParentTypes['PriorityCount']> = {
  priority?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DayCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DayCount'] = ResolversParentTypes['DayCount']> = {
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  created?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BurndownPointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BurndownPoint'] = ResolversParentTypes['BurndownPoint']> = {
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DurationPercentilesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DurationPercentiles'] = ResolversParentTypes['DurationPercentiles']> = {
  p50?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  p85?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  p95?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  samples?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WorkloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Workload'] = ResolversParentTypes['Workload']> = {
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  open?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TaskRecommendationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskRecommendation'] = ResolversParentTypes['TaskRecommendation']> = {
  taskId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  reasons?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserStats'] = ResolversParentTypes['UserStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  byPriority?: Resolver<Array<ResolversTypes['PriorityCount']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  daily?: Resolver<Array<ResolversTypes['DayCount']>, ParentType, ContextType, RequireFields<UserStatsDailyArgs, 'from' | 'to'>>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProjectStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectStats'] = ResolversParentTypes['ProjectStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  byPriority?: Resolver<Array<ResolversTypes['PriorityCount']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  daily?: Resolver<Array<ResolversTypes['DayCount']>, ParentType, ContextType, RequireFields<ProjectStatsDailyArgs, 'from' | 'to'>>;
  burndown?: Resolver<Array<ResolversTypes['BurndownPoint']>, ParentType, ContextType, RequireFields<ProjectStatsBurndownArgs, 'from' | 'to'>>;
  cycleTime?: Resolver<Maybe<ResolversTypes['DurationPercentiles']>, ParentType, ContextType>;
  leadTime?: Resolver<Maybe<ResolversTypes['DurationPercentiles']>, ParentType, ContextType>;
  workload?: Resolver<Array<ResolversTypes['Workload']>, ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ChannelStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelStats'] = ResolversParentTypes['ChannelStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  topContributors?: Resolver<Array<ResolversTypes['Workload']>, ParentType, ContextType, RequireFields<ChannelStatsTopContributorsArgs, 'first'>>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Duration?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  Channel?: ChannelResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  StatusCounts?: StatusCountsResolvers<ContextType>;
  PriorityCount?: PriorityCountResolvers<ContextType>;
  DayCount?: DayCountResolvers<ContextType>;
  BurndownPoint?: BurndownPointResolvers<ContextType>;
  DurationPercentiles?: DurationPercentilesResolvers<ContextType>;
  Workload?: WorkloadResolvers<ContextType>;
  TaskRecommendation?: TaskRecommendationResolvers<ContextType>;
  UserStats?: UserStatsResolvers<ContextType>;
  ProjectStats?: ProjectStatsResolvers<ContextType>;
  ChannelStats?: ChannelStatsResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
