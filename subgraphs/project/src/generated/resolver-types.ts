// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { VisibleProject, ProjectPage } from '../entities/project.js';
import type { ProjectMemberRow, ProjectMemberPage } from '../entities/project-member.js';
import type { VisibleInvite } from '../entities/project-invite.js';
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
  /** An e-mail address, at most 254 characters. Compared without regard to case. */
  EmailAddress: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** For whom a cached value is good. */
export type CacheControl__Scope =
  /** For everybody who is signed in and may read: it does not depend on who asks. */
  | 'PUBLIC'
  /** For the viewer it was answered to, with the same role and the same scopes of an API token. */
  | 'PRIVATE';

/** What a member may do in a project, highest first. */
export type ProjectRole =
  /** Everything, also rename, archive and set roles. A project always has one. */
  | 'OWNER'
  /** Adds, invites and removes members below the own rank; deletes any task. */
  | 'MAINTAINER'
  /** Creates, edits and completes tasks. */
  | 'MEMBER'
  /** Sees and comments. */
  | 'VIEWER';

/** Whether a project can be written to. */
export type ProjectStatus =
  /** In use. */
  | 'ACTIVE'
  /** Read-only: every write but restoreProject is CONFLICT. */
  | 'ARCHIVED';

/** A person, owned by the user subgraph. */
export type User = {
  /** The person's id. */
  id: Scalars['ID']['output'];
};

/** A place where members work on tasks together. Visible to members only. */
export type Project = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** 2 to 10 of A-Z and 0-9, unique in the installation; its tasks show as KEY-12. */
  key: Scalars['String']['output'];
  /** 1 to 100 characters. */
  name: Scalars['String']['output'];
  /** Markdown, at most 64 KiB. */
  description?: Maybe<Scalars['String']['output']>;
  /** Archived projects are read-only. */
  status: ProjectStatus;
  /** Who made it. */
  createdBy?: Maybe<User>;
  /** The viewer's own role. */
  viewerRole?: Maybe<ProjectRole>;
  /** Members, in the order in which they joined. */
  members: ProjectMemberConnection;
  /** Invites that can still be accepted, oldest first; at most 200. To OWNER and MAINTAINER, null to others. */
  invites?: Maybe<Array<ProjectInvite>>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it or its members last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes of the project and its members, from 1. */
  version: Scalars['Int']['output'];
};


/** A place where members work on tasks together. Visible to members only. */
export type ProjectMembersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One page of projects. */
export type ProjectConnection = {
  /** The rows with their cursors. */
  edges: Array<ProjectEdge>;
  /** The rows alone. */
  nodes: Array<Project>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many projects match in all; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A project and its place in the list. */
export type ProjectEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The project. */
  node: Project;
};

/** A person's membership of a project. */
export type ProjectMember = {
  /** The member's id, known even when the user subgraph is away. */
  userId: Scalars['ID']['output'];
  /** The member; null when the user subgraph is away. */
  user?: Maybe<User>;
  /** What the member may do. */
  role: ProjectRole;
  /** Since when. */
  joinedAt: Scalars['DateTime']['output'];
};

/** One page of members. */
export type ProjectMemberConnection = {
  /** The rows with their cursors. */
  edges: Array<ProjectMemberEdge>;
  /** The rows alone. */
  nodes: Array<ProjectMember>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many members there are; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A member and its place in the list. */
export type ProjectMemberEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The member. */
  node: ProjectMember;
};

/** A way into a project: an open one has a code for whoever is given it, one for an e-mail address is mailed to it. */
export type ProjectInvite = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** Of an open invite: 8 letters of Crockford's base 32. Null for one by e-mail, and to a MAINTAINER where the role is not below MAINTAINER. */
  code?: Maybe<Scalars['String']['output']>;
  /** What those who accept become. */
  role: ProjectRole;
  /** The one address that may accept it; null for an open invite. */
  email?: Maybe<Scalars['EmailAddress']['output']>;
  /** Until when it can be accepted. */
  expiresAt: Scalars['DateTime']['output'];
  /** How many may still accept it; null where there is no limit. */
  usesLeft?: Maybe<Scalars['Int']['output']>;
  /** When the e-mail was handed to the mail server; null until then, and for an open invite. */
  mailedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
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

/** A new project; its maker becomes OWNER. */
export type CreateProjectInput = {
  /** Client-made UUIDv7; sending the same input again with it is the same create. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 2 to 10 of A-Z and 0-9. Taken: CONFLICT. */
  key: Scalars['String']['input'];
  /** 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** Markdown, at most 64 KiB. */
  description?: InputMaybe<Scalars['String']['input']>;
};

/** A patch: absent keeps, null clears what can be null. */
export type UpdateProjectInput = {
  /** The project. */
  id: Scalars['ID']['input'];
  /** 1 to 100 characters; null is BAD_USER_INPUT. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Markdown, at most 64 KiB; null clears it. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Version the patch was made from. Fields that others changed since are CONFLICT with `fields` and `current`; other fields merge. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** Which project. */
export type ProjectIdInput = {
  /** The project. */
  id: Scalars['ID']['input'];
};

/** Who joins which project as what. */
export type AddProjectMemberInput = {
  /** The project. */
  projectId: Scalars['ID']['input'];
  /** The person who joins. */
  userId: Scalars['ID']['input'];
  /** At most the role below one's own; OWNER may give any. */
  role?: InputMaybe<ProjectRole>;
};

/** Who gets which role in which project. */
export type ChangeProjectMemberRoleInput = {
  /** The project. */
  projectId: Scalars['ID']['input'];
  /** The member. */
  userId: Scalars['ID']['input'];
  /** The role from now on. */
  role: ProjectRole;
};

/** Who leaves which project. */
export type RemoveProjectMemberInput = {
  /** The project. */
  projectId: Scalars['ID']['input'];
  /** The person who leaves; one's own id to leave. */
  userId: Scalars['ID']['input'];
};

/** Whom to invite into which project as what: whoever is given the code, or one person by `email`. */
export type CreateProjectInviteInput = {
  /** The project. */
  projectId: Scalars['ID']['input'];
  /** At most the role below one's own; OWNER may give any. */
  role?: InputMaybe<ProjectRole>;
  /** Mails a single-use code to this address; only the account with this address can use it. Absent for an open invite. */
  email?: InputMaybe<Scalars['EmailAddress']['input']>;
  /** How many may accept, 1 to 10,000; absent or null for no limit. An invite by e-mail is for one: anything else than 1 is BAD_USER_INPUT. */
  maxUses?: InputMaybe<Scalars['Int']['input']>;
  /** Until when it can be accepted: in the future, at most 90 days ahead; 7 days from now where absent or null. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Which invite. */
export type RevokeProjectInviteInput = {
  /** The invite. */
  id: Scalars['ID']['input'];
};

/** The code of an invite. */
export type AcceptProjectInviteInput = {
  /** 8 letters of Crockford's base 32; case, spaces and hyphens do not matter, O is 0, I and L are 1. */
  code: Scalars['String']['input'];
};

/** The new invite. */
export type CreateProjectInvitePayload = {
  /** The invite, with its code where it has one to show. */
  invite: ProjectInvite;
  /** The project. */
  project: Project;
};

/** The revoked invite. */
export type RevokeProjectInvitePayload = {
  /** Its id. */
  id: Scalars['ID']['output'];
};

/** The changed project. */
export type ProjectPayload = {
  /** Null where the caller no longer sees it. */
  project?: Maybe<Project>;
};

export type Query = {
  /** One project by id or by key (exactly one of them); null where there is none that the viewer can see. */
  project?: Maybe<Project>;
  /** The viewer's projects, by name. `search`, at most 100 characters, is looked for in the name and at the start of the key, without regard to case. */
  projects?: Maybe<ProjectConnection>;
};


export type QueryProjectArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  key?: InputMaybe<Scalars['String']['input']>;
};


export type QueryProjectsArgs = {
  status?: InputMaybe<ProjectStatus>;
  search?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  /** Makes a project. CONFLICT when the key is taken. */
  createProject?: Maybe<ProjectPayload>;
  /** Changes name or description; OWNER. An empty patch changes nothing. */
  updateProject?: Maybe<ProjectPayload>;
  /** Makes a project read-only; OWNER. From then on every write in it is CONFLICT, this one too. */
  archiveProject?: Maybe<ProjectPayload>;
  /** Ends being archived; OWNER. Changes nothing in a project that is not archived. */
  restoreProject?: Maybe<ProjectPayload>;
  /** Adds a member; MAINTAINER or OWNER. Adding a member again with the same role changes nothing, with another one is CONFLICT. */
  addProjectMember?: Maybe<ProjectPayload>;
  /** Gives a member another role; OWNER. The last OWNER cannot be demoted (CONFLICT). The role the member has changes nothing. */
  changeProjectMemberRole?: Maybe<ProjectPayload>;
  /** Removes a member below the own rank, or leaves. The last OWNER cannot (CONFLICT). */
  removeProjectMember?: Maybe<ProjectPayload>;
  /** Invites by a code or by e-mail; MAINTAINER or OWNER. A project has at most 200 invites at a time (CONFLICT); one person mails at most 50 an hour (RATE_LIMITED). */
  createProjectInvite?: Maybe<CreateProjectInvitePayload>;
  /** Ends an invite before its time; MAINTAINER or OWNER, as far as they could make it. */
  revokeProjectInvite?: Maybe<RevokeProjectInvitePayload>;
  /** Joins by the code of an invite; a member stays what they are, and no use is counted. A code that cannot be used, for whatever reason, is NOT_FOUND; 30 such in 15 minutes are RATE_LIMITED. */
  acceptProjectInvite?: Maybe<ProjectPayload>;
};


export type MutationCreateProjectArgs = {
  input: CreateProjectInput;
};


export type MutationUpdateProjectArgs = {
  input: UpdateProjectInput;
};


export type MutationArchiveProjectArgs = {
  input: ProjectIdInput;
};


export type MutationRestoreProjectArgs = {
  input: ProjectIdInput;
};


export type MutationAddProjectMemberArgs = {
  input: AddProjectMemberInput;
};


export type MutationChangeProjectMemberRoleArgs = {
  input: ChangeProjectMemberRoleInput;
};


export type MutationRemoveProjectMemberArgs = {
  input: RemoveProjectMemberInput;
};


export type MutationCreateProjectInviteArgs = {
  input: CreateProjectInviteInput;
};


export type MutationRevokeProjectInviteArgs = {
  input: RevokeProjectInviteInput;
};


export type MutationAcceptProjectInviteArgs = {
  input: AcceptProjectInviteInput;
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
  Project: Project;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Project:
    ( { __typename: 'Project' }
    & GraphQLRecursivePick<FederationTypes['Project'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  cacheControl__Scope: CacheControl__Scope;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  EmailAddress: ResolverTypeWrapper<Scalars['EmailAddress']['output']>;
  ProjectRole: ProjectRole;
  ProjectStatus: ProjectStatus;
  User: ResolverTypeWrapper<User>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Project: ResolverTypeWrapper<VisibleProject>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ProjectConnection: ResolverTypeWrapper<ProjectPage>;
  ProjectEdge: ResolverTypeWrapper<Omit<ProjectEdge, 'node'> & { node: ResolversTypes['Project'] }>;
  ProjectMember: ResolverTypeWrapper<ProjectMemberRow>;
  ProjectMemberConnection: ResolverTypeWrapper<ProjectMemberPage>;
  ProjectMemberEdge: ResolverTypeWrapper<Omit<ProjectMemberEdge, 'node'> & { node: ResolversTypes['ProjectMember'] }>;
  ProjectInvite: ResolverTypeWrapper<VisibleInvite>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CreateProjectInput: CreateProjectInput;
  UpdateProjectInput: UpdateProjectInput;
  ProjectIdInput: ProjectIdInput;
  AddProjectMemberInput: AddProjectMemberInput;
  ChangeProjectMemberRoleInput: ChangeProjectMemberRoleInput;
  RemoveProjectMemberInput: RemoveProjectMemberInput;
  CreateProjectInviteInput: CreateProjectInviteInput;
  RevokeProjectInviteInput: RevokeProjectInviteInput;
  AcceptProjectInviteInput: AcceptProjectInviteInput;
  CreateProjectInvitePayload: ResolverTypeWrapper<Omit<CreateProjectInvitePayload, 'invite' | 'project'> & { invite: ResolversTypes['ProjectInvite'], project: ResolversTypes['Project'] }>;
  RevokeProjectInvitePayload: ResolverTypeWrapper<RevokeProjectInvitePayload>;
  ProjectPayload: ResolverTypeWrapper<Omit<ProjectPayload, 'project'> & { project?: Maybe<ResolversTypes['Project']> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  EmailAddress: Scalars['EmailAddress']['output'];
  User: User;
  ID: Scalars['ID']['output'];
  Project: VisibleProject;
  String: Scalars['String']['output'];
  ProjectConnection: ProjectPage;
  ProjectEdge: Omit<ProjectEdge, 'node'> & { node: ResolversParentTypes['Project'] };
  ProjectMember: ProjectMemberRow;
  ProjectMemberConnection: ProjectMemberPage;
  ProjectMemberEdge: Omit<ProjectMemberEdge, 'node'> & { node: ResolversParentTypes['ProjectMember'] };
  ProjectInvite: VisibleInvite;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  CreateProjectInput: CreateProjectInput;
  UpdateProjectInput: UpdateProjectInput;
  ProjectIdInput: ProjectIdInput;
  AddProjectMemberInput: AddProjectMemberInput;
  ChangeProjectMemberRoleInput: ChangeProjectMemberRoleInput;
  RemoveProjectMemberInput: RemoveProjectMemberInput;
  CreateProjectInviteInput: CreateProjectInviteInput;
  RevokeProjectInviteInput: RevokeProjectInviteInput;
  AcceptProjectInviteInput: AcceptProjectInviteInput;
  CreateProjectInvitePayload: Omit<CreateProjectInvitePayload, 'invite' | 'project'> & { invite: ResolversParentTypes['ProjectInvite'], project: ResolversParentTypes['Project'] };
  RevokeProjectInvitePayload: RevokeProjectInvitePayload;
  ProjectPayload: Omit<ProjectPayload, 'project'> & { project?: Maybe<ResolversParentTypes['Project']> };
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
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

export interface EmailAddressScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['EmailAddress'], any> {
  name: 'EmailAddress';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'], FederationReferenceType extends FederationReferenceTypes['Project'] = FederationReferenceTypes['Project']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Project']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ProjectStatus'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  viewerRole?: Resolver<Maybe<ResolversTypes['ProjectRole']>, ParentType, ContextType>;
  members?: Resolver<ResolversTypes['ProjectMemberConnection'], ParentType, ContextType, Partial<ProjectMembersArgs>>;
  invites?: Resolver<Maybe<Array<ResolversTypes['ProjectInvite']>>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProjectConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectConnection'] = ResolversParentTypes['ProjectConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProjectEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Project']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProjectEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectEdge'] = ResolversParentTypes['ProjectEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
};

export type ProjectMemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectMember'] = ResolversParentTypes['ProjectMember']> = {
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['ProjectRole'], ParentType, ContextType>;
  joinedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProjectMemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectMemberConnection'] = ResolversParentTypes['ProjectMemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProjectMemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ProjectMember']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProjectMemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectMemberEdge'] = ResolversParentTypes['ProjectMemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ProjectMember'], ParentType, ContextType>;
};

export type ProjectInviteResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectInvite'] = ResolversParentTypes['ProjectInvite']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['ProjectRole'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['EmailAddress']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  usesLeft?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  mailedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CreateProjectInvitePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateProjectInvitePayload'] = ResolversParentTypes['CreateProjectInvitePayload']> = {
  invite?: Resolver<ResolversTypes['ProjectInvite'], ParentType, ContextType>;
  project?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
};

export type RevokeProjectInvitePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeProjectInvitePayload'] = ResolversParentTypes['RevokeProjectInvitePayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProjectPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectPayload'] = ResolversParentTypes['ProjectPayload']> = {
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, Partial<QueryProjectArgs>>;
  projects?: Resolver<Maybe<ResolversTypes['ProjectConnection']>, ParentType, ContextType, Partial<QueryProjectsArgs>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createProject?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationCreateProjectArgs, 'input'>>;
  updateProject?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationUpdateProjectArgs, 'input'>>;
  archiveProject?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationArchiveProjectArgs, 'input'>>;
  restoreProject?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationRestoreProjectArgs, 'input'>>;
  addProjectMember?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationAddProjectMemberArgs, 'input'>>;
  changeProjectMemberRole?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationChangeProjectMemberRoleArgs, 'input'>>;
  removeProjectMember?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationRemoveProjectMemberArgs, 'input'>>;
  createProjectInvite?: Resolver<Maybe<ResolversTypes['CreateProjectInvitePayload']>, ParentType, ContextType, RequireFields<MutationCreateProjectInviteArgs, 'input'>>;
  revokeProjectInvite?: Resolver<Maybe<ResolversTypes['RevokeProjectInvitePayload']>, ParentType, ContextType, RequireFields<MutationRevokeProjectInviteArgs, 'input'>>;
  acceptProjectInvite?: Resolver<Maybe<ResolversTypes['ProjectPayload']>, ParentType, ContextType, RequireFields<MutationAcceptProjectInviteArgs, 'input'>>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  EmailAddress?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  ProjectConnection?: ProjectConnectionResolvers<ContextType>;
  ProjectEdge?: ProjectEdgeResolvers<ContextType>;
  ProjectMember?: ProjectMemberResolvers<ContextType>;
  ProjectMemberConnection?: ProjectMemberConnectionResolvers<ContextType>;
  ProjectMemberEdge?: ProjectMemberEdgeResolvers<ContextType>;
  ProjectInvite?: ProjectInviteResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  CreateProjectInvitePayload?: CreateProjectInvitePayloadResolvers<ContextType>;
  RevokeProjectInvitePayload?: RevokeProjectInvitePayloadResolvers<ContextType>;
  ProjectPayload?: ProjectPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
