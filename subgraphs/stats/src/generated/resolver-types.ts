// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Subject } from '../figures.js';
import type { Context } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
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

/** A person, owned by the user subgraph. */
export type User = {
  /** The person's id. */
  id: Scalars['ID']['output'];
  /** Figures over the tasks assigned to this user plus their personal tasks. To the user and to ADMIN; null to others. */
  stats?: Maybe<UserStats>;
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
  /** The instant up to which the figures are complete. */
  asOf: Scalars['DateTime']['output'];
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
  /** The instant up to which the figures are complete. */
  asOf: Scalars['DateTime']['output'];
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
  /** The instant up to which the figures are complete. */
  asOf: Scalars['DateTime']['output'];
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
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  User: ResolverTypeWrapper<Subject>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Project: ResolverTypeWrapper<Subject>;
  Channel: ResolverTypeWrapper<Subject>;
  StatusCounts: ResolverTypeWrapper<StatusCounts>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  PriorityCount: ResolverTypeWrapper<PriorityCount>;
  UserStats: ResolverTypeWrapper<UserStats>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ProjectStats: ResolverTypeWrapper<ProjectStats>;
  ChannelStats: ResolverTypeWrapper<ChannelStats>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  User: Subject;
  ID: Scalars['ID']['output'];
  Project: Subject;
  Channel: Subject;
  StatusCounts: StatusCounts;
  Int: Scalars['Int']['output'];
  PriorityCount: PriorityCount;
  UserStats: UserStats;
  Float: Scalars['Float']['output'];
  ProjectStats: ProjectStats;
  ChannelStats: ChannelStats;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  stats?: Resolver<Maybe<ResolversTypes['UserStats']>, ParentType, ContextType>;
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

export type UserStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserStats'] = ResolversParentTypes['UserStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  byPriority?: Resolver<Array<ResolversTypes['PriorityCount']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProjectStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectStats'] = ResolversParentTypes['ProjectStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  byPriority?: Resolver<Array<ResolversTypes['PriorityCount']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ChannelStatsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChannelStats'] = ResolversParentTypes['ChannelStats']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byStatus?: Resolver<ResolversTypes['StatusCounts'], ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completionRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  Channel?: ChannelResolvers<ContextType>;
  StatusCounts?: StatusCountsResolvers<ContextType>;
  PriorityCount?: PriorityCountResolvers<ContextType>;
  UserStats?: UserStatsResolvers<ContextType>;
  ProjectStats?: ProjectStatsResolvers<ContextType>;
  ChannelStats?: ChannelStatsResolvers<ContextType>;
};

