// Generated from schema.graphql by `npm run generate`; never edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserRow, UserPage } from '../entities/user.js';
import type { SessionRow } from '../entities/session.js';
import type { ApiTokenRow } from '../entities/api-token.js';
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
  /** An absolute http or https address. */
  URL: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** For whom a cached value is good. */
export type CacheControl__Scope =
  /** For everybody who is signed in and may read: it does not depend on who asks. */
  | 'PUBLIC'
  /** For the viewer it was answered to, with the same role and the same scopes of an API token. */
  | 'PRIVATE';

/** What a person may do in the whole installation. Roles inside projects and channels are apart from it. */
export type UserRole =
  /** Manages users and dead letters; has no implicit access to content. The first registered user is ADMIN. */
  | 'ADMIN'
  /** Everybody else. */
  | 'MEMBER';

/** A person with an account. Public profile fields are visible to every signed-in user. */
export type User = {
  /** UUIDv7, opaque to clients. */
  id: Scalars['ID']['output'];
  /** Unique name for mentions and login: 3 to 32 of a-z, 0-9, _ and -. */
  handle: Scalars['String']['output'];
  /** Name to show, 1 to 100 characters. */
  name: Scalars['String']['output'];
  /** A few words about the person. */
  bio?: Maybe<Scalars['String']['output']>;
  /** Picture of the person. */
  avatarUrl?: Maybe<Scalars['URL']['output']>;
  /** IANA time zone, for example `Europe/Vienna`. Days in figures and quiet hours are counted in it. */
  timeZone: Scalars['String']['output'];
  /** Role in the installation. */
  role: UserRole;
  /** False once the account is deactivated. */
  active: Scalars['Boolean']['output'];
  /** Only to the user and to ADMIN; null to everybody else. */
  email?: Maybe<Scalars['EmailAddress']['output']>;
  /** Whether the address was confirmed by a mailed token. Visible like `email`. */
  emailVerified?: Maybe<Scalars['Boolean']['output']>;
  /** When the account was registered. */
  createdAt: Scalars['DateTime']['output'];
  /** Counts the changes of this account, from 1. */
  version: Scalars['Int']['output'];
};

/** One page of users. */
export type UserConnection = {
  /** The rows with their cursors. */
  edges: Array<UserEdge>;
  /** The rows alone. */
  nodes: Array<User>;
  /** Where this page lies. */
  pageInfo: PageInfo;
  /** How many users match in all; counted only when selected. */
  totalCount: Scalars['Int']['output'];
};

/** A user and its place in the list. */
export type UserEdge = {
  /** Pass as `after` to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The user. */
  node: User;
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

/** A signed-in session of the viewer. */
export type Session = {
  /** Opaque. */
  id: Scalars['ID']['output'];
  /** What the browser or program called itself when the session was last refreshed, at most 256 characters. */
  userAgent?: Maybe<Scalars['String']['output']>;
  /** Address from which the session was last refreshed, as the gateway saw it. */
  ip?: Maybe<Scalars['String']['output']>;
  /** When the session was opened. */
  createdAt: Scalars['DateTime']['output'];
  /** When the session was last refreshed; an access token in use does not move it. */
  lastSeenAt: Scalars['DateTime']['output'];
  /** Whether this is the session that asks. */
  current: Scalars['Boolean']['output'];
};

/** What a personal API token may be used for. A token has exactly the scopes it was made with; none includes another. */
export type ApiScope =
  /** Queries and subscriptions. */
  | 'READ'
  /** Mutations, other than those of accounts (see `ApiToken`). */
  | 'WRITE'
  /** Whatever needs the role ADMIN, for owners who have it. Without this scope the token acts as MEMBER. */
  | 'ADMIN';

/**
 * A personal API token: `Authorization: Bearer <secret>`. It acts as its owner, within its scopes. It can never call mutations
 * that register, sign in or out, change a password, an address or a role, or deal with sessions and tokens: FORBIDDEN.
 */
export type ApiToken = {
  /** Opaque; not the secret. */
  id: Scalars['ID']['output'];
  /** What the owner calls it, 1 to 100 characters. */
  name: Scalars['String']['output'];
  /** What it may be used for. */
  scopes: Array<ApiScope>;
  /** When it was last used, to the minute; null where it never was. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ends by itself; null where it does not. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
};

/** Where the refresh token of a session lives. */
export type SessionMode =
  /** In the answer, for programs that keep it themselves. */
  | 'TOKEN'
  /** In an httpOnly, SameSite=Strict, Secure cookie that scripts cannot read, for browsers; over HTTP only. */
  | 'COOKIE';

/** A fresh session. */
export type AuthPayload = {
  /** JWT for the `Authorization: Bearer` header and for `connection_init`. Lives ACCESS_TOKEN_EXPIRE_MINUTES (default 15). */
  accessToken: Scalars['String']['output'];
  /** When `accessToken` ends. */
  accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** Single-use token for `refreshSession`; keep it secret. Null in COOKIE mode: the cookie holds it. */
  refreshToken?: Maybe<Scalars['String']['output']>;
  /** Who signed in. */
  user: User;
};

/** A new account. */
export type RegisterInput = {
  /** Client-made UUIDv7. Sending the same registration again with the same id and password signs in (24 h). */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 3 to 32 of a-z, 0-9, _ and -; upper case is folded. Taken: CONFLICT. */
  handle: Scalars['String']['input'];
  /** Taken: CONFLICT. */
  email: Scalars['EmailAddress']['input'];
  /** 8 to 256 characters, stored as an argon2id hash. */
  password: Scalars['String']['input'];
  /** 1 to 100 characters; the handle where absent. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** IANA name; UTC where absent. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
  /** In production the first account becomes ADMIN only with the installation's BOOTSTRAP_TOKEN. */
  bootstrapToken?: InputMaybe<Scalars['String']['input']>;
  /** Where the refresh token is to live. */
  session?: InputMaybe<SessionMode>;
};

/** Credentials. */
export type LoginInput = {
  /** Handle or e-mail address, in any case. */
  login: Scalars['String']['input'];
  /** The password. */
  password: Scalars['String']['input'];
  /** Where the refresh token is to live. */
  session?: InputMaybe<SessionMode>;
};

/** The refresh token of a session. */
export type RefreshSessionInput = {
  /** The newest refresh token of the session; absent, the cookie's. Single use; using a spent one later than 10 s ends the session. */
  refreshToken?: InputMaybe<Scalars['String']['input']>;
};

/** Which sessions to end. */
export type LogoutInput = {
  /** Every session of the viewer instead of this one. API tokens live on. */
  everywhere?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A new password. */
export type ChangePasswordInput = {
  /** The present one; counts as a password check. */
  currentPassword: Scalars['String']['input'];
  /** 8 to 256 characters. */
  newPassword: Scalars['String']['input'];
};

/** Whose password to reset. */
export type RequestPasswordResetInput = {
  /** Address of the account. The answer does not tell whether there is one. */
  email: Scalars['EmailAddress']['input'];
};

/** A new password by a mailed token. */
export type ResetPasswordInput = {
  /** From the mail: good once, for 30 minutes. Any other is BAD_USER_INPUT. */
  token: Scalars['String']['input'];
  /** 8 to 256 characters. */
  newPassword: Scalars['String']['input'];
};

/** Proof of an address. */
export type VerifyEmailInput = {
  /** From the mail: good once, for 24 hours. Any other is BAD_USER_INPUT. */
  token: Scalars['String']['input'];
};

/** A new address. */
export type ChangeEmailInput = {
  /** Gets a mail with a token. The answer does not tell whether another account has it. */
  email: Scalars['EmailAddress']['input'];
  /** The account's password; counts as a password check. */
  password: Scalars['String']['input'];
};

/** A patch of the own profile: absent keeps, null clears what can be null. */
export type UpdateProfileInput = {
  /** 1 to 100 characters; not null. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** At most 1000 characters. */
  bio?: InputMaybe<Scalars['String']['input']>;
  /** Picture of the person. */
  avatarUrl?: InputMaybe<Scalars['URL']['input']>;
  /** IANA name; not null. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
  /** Version that the patch was made from: CONFLICT when one of its fields has changed since. Later ones are BAD_USER_INPUT. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** A new role. */
export type SetUserRoleInput = {
  /** Whose. */
  userId: Scalars['ID']['input'];
  /** The last ADMIN cannot become MEMBER: CONFLICT. */
  role: UserRole;
};

/** An account. */
export type DeactivateUserInput = {
  /** Whose. */
  userId: Scalars['ID']['input'];
};

/** A new API token. */
export type CreateApiTokenInput = {
  /** 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** At least one. ADMIN only for those who have that role: FORBIDDEN. */
  scopes: Array<ApiScope>;
  /** In the future; absent, the token does not end by itself. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** An API token of the viewer. */
export type RevokeApiTokenInput = {
  /** Its id. */
  id: Scalars['ID']['input'];
};

/** A session of the viewer. */
export type RevokeSessionInput = {
  /** Its id. */
  id: Scalars['ID']['input'];
};

/** It was done. */
export type OkPayload = {
  /** Always true. */
  ok: Scalars['Boolean']['output'];
};

/** The session has ended. */
export type LogoutPayload = {
  /** Always true. */
  ok: Scalars['Boolean']['output'];
};

/** The same for known and unknown addresses. */
export type RequestPasswordResetPayload = {
  /** Always true. */
  ok: Scalars['Boolean']['output'];
};

/** An account after the change. */
export type UserPayload = {
  /** As it is now. */
  user: User;
};

/** A new API token. */
export type CreateApiTokenPayload = {
  /** The token. */
  token: ApiToken;
  /** Shown here only. Sending the same mutation again with its Idempotency-Key shows it again (24 h). */
  secret: Scalars['String']['output'];
};

/** The token is dead, everywhere within 5 s. */
export type RevokeApiTokenPayload = {
  /** Its id. */
  id: Scalars['ID']['output'];
};

/** The session is dead, everywhere within 5 s. */
export type RevokeSessionPayload = {
  /** Its id. */
  id: Scalars['ID']['output'];
};

export type Query = {
  /** The signed-in user. UNAUTHENTICATED without a token. */
  me?: Maybe<User>;
  /** One user by id or by handle (exactly one of them); null where there is none. */
  user?: Maybe<User>;
  /** Active users whose handle or name starts with `search` (all where absent; at most 100 characters), by handle. */
  users?: Maybe<UserConnection>;
  /** The viewer's live sessions, the one last seen first. */
  sessions?: Maybe<Array<Session>>;
  /** The viewer's API tokens that were not revoked, the newest first. */
  apiTokens?: Maybe<Array<ApiToken>>;
};


export type QueryUserArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  handle?: InputMaybe<Scalars['String']['input']>;
};


export type QueryUsersArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  /**
   * Makes an account and signs in. CONFLICT when handle or e-mail is taken: the one place that tells whether somebody has it, and so
   * RATE_LIMITED after 20 such answers to one address in 15 minutes.
   */
  register?: Maybe<AuthPayload>;
  /**
   * Signs in by handle or e-mail. UNAUTHENTICATED, alike in text and time, for an unknown login and a wrong password.
   * RATE_LIMITED after 10 password checks for one account in 15 minutes.
   */
  login?: Maybe<AuthPayload>;
  /** Swaps a refresh token, from the input or from the httpOnly cookie, for a new pair. UNAUTHENTICATED when it is unknown, expired or spent. */
  refreshSession?: Maybe<AuthPayload>;
  /** Ends this session or all of them; their access tokens and sockets are dead within 5 s. */
  logout?: Maybe<LogoutPayload>;
  /**
   * Changes the password and ends every other session; this one goes on, with a new refresh token. UNAUTHENTICATED for a wrong
   * `currentPassword`, RATE_LIMITED after 10 password checks for one account in 15 minutes.
   */
  changePassword?: Maybe<AuthPayload>;
  /**
   * Mails a one-time token to the address, if it is the one of an active account. Answers alike, in text and time, whether or not
   * it is. RATE_LIMITED after 5 mails to one address in an hour, known or not.
   */
  requestPasswordReset?: Maybe<RequestPasswordResetPayload>;
  /** Sets a new password, ends every session and signs in. */
  resetPassword?: Maybe<AuthPayload>;
  /** Mails a one-time token to the own address, unless it is verified. RATE_LIMITED after 5 mails in an hour. */
  requestEmailVerification?: Maybe<OkPayload>;
  /**
   * Takes the token of a mail: the address counts as verified; after `changeEmail` it becomes the account's. CONFLICT where another
   * account has taken the address meanwhile.
   */
  verifyEmail?: Maybe<UserPayload>;
  /**
   * Mails a one-time token to a new address, which becomes the account's with `verifyEmail`. UNAUTHENTICATED for a wrong password,
   * RATE_LIMITED after 10 password checks in 15 minutes or 5 mails in an hour.
   */
  changeEmail?: Maybe<UserPayload>;
  /** Changes the own profile. An empty patch changes nothing. CONFLICT see `expectedVersion`. */
  updateProfile?: Maybe<UserPayload>;
  /** ADMIN only. CONFLICT for the last active ADMIN. */
  setUserRole?: Maybe<UserPayload>;
  /**
   * ADMIN or the user: nobody can sign in to the account any more, its sessions and API tokens are dead within 5 s, its tasks stay.
   * CONFLICT for the last active ADMIN.
   */
  deactivateUser?: Maybe<UserPayload>;
  /** ADMIN only: the account can sign in again. Its ended sessions stay ended; its API tokens live again. */
  reactivateUser?: Maybe<UserPayload>;
  /** Makes an API token and shows its secret, once. At most 100 that live: CONFLICT. */
  createApiToken?: Maybe<CreateApiTokenPayload>;
  /** Ends an API token of the viewer. NOT_FOUND for any other. */
  revokeApiToken?: Maybe<RevokeApiTokenPayload>;
  /** Ends a session of the viewer, which may be this one. NOT_FOUND for any other. */
  revokeSession?: Maybe<RevokeSessionPayload>;
};


export type MutationRegisterArgs = {
  input: RegisterInput;
};


export type MutationLoginArgs = {
  input: LoginInput;
};


export type MutationRefreshSessionArgs = {
  input: RefreshSessionInput;
};


export type MutationLogoutArgs = {
  input?: InputMaybe<LogoutInput>;
};


export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


export type MutationRequestPasswordResetArgs = {
  input: RequestPasswordResetInput;
};


export type MutationResetPasswordArgs = {
  input: ResetPasswordInput;
};


export type MutationVerifyEmailArgs = {
  input: VerifyEmailInput;
};


export type MutationChangeEmailArgs = {
  input: ChangeEmailInput;
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationSetUserRoleArgs = {
  input: SetUserRoleInput;
};


export type MutationDeactivateUserArgs = {
  input: DeactivateUserInput;
};


export type MutationReactivateUserArgs = {
  input: DeactivateUserInput;
};


export type MutationCreateApiTokenArgs = {
  input: CreateApiTokenInput;
};


export type MutationRevokeApiTokenArgs = {
  input: RevokeApiTokenInput;
};


export type MutationRevokeSessionArgs = {
  input: RevokeSessionInput;
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
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  cacheControl__Scope: CacheControl__Scope;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  EmailAddress: ResolverTypeWrapper<Scalars['EmailAddress']['output']>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  UserRole: UserRole;
  User: ResolverTypeWrapper<UserRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  UserConnection: ResolverTypeWrapper<UserPage>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Session: ResolverTypeWrapper<SessionRow>;
  ApiScope: ApiScope;
  ApiToken: ResolverTypeWrapper<ApiTokenRow>;
  SessionMode: SessionMode;
  AuthPayload: ResolverTypeWrapper<Omit<AuthPayload, 'user'> & { user: ResolversTypes['User'] }>;
  RegisterInput: RegisterInput;
  LoginInput: LoginInput;
  RefreshSessionInput: RefreshSessionInput;
  LogoutInput: LogoutInput;
  ChangePasswordInput: ChangePasswordInput;
  RequestPasswordResetInput: RequestPasswordResetInput;
  ResetPasswordInput: ResetPasswordInput;
  VerifyEmailInput: VerifyEmailInput;
  ChangeEmailInput: ChangeEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  SetUserRoleInput: SetUserRoleInput;
  DeactivateUserInput: DeactivateUserInput;
  CreateApiTokenInput: CreateApiTokenInput;
  RevokeApiTokenInput: RevokeApiTokenInput;
  RevokeSessionInput: RevokeSessionInput;
  OkPayload: ResolverTypeWrapper<OkPayload>;
  LogoutPayload: ResolverTypeWrapper<LogoutPayload>;
  RequestPasswordResetPayload: ResolverTypeWrapper<RequestPasswordResetPayload>;
  UserPayload: ResolverTypeWrapper<Omit<UserPayload, 'user'> & { user: ResolversTypes['User'] }>;
  CreateApiTokenPayload: ResolverTypeWrapper<Omit<CreateApiTokenPayload, 'token'> & { token: ResolversTypes['ApiToken'] }>;
  RevokeApiTokenPayload: ResolverTypeWrapper<RevokeApiTokenPayload>;
  RevokeSessionPayload: ResolverTypeWrapper<RevokeSessionPayload>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  EmailAddress: Scalars['EmailAddress']['output'];
  URL: Scalars['URL']['output'];
  User: UserRow;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
  UserConnection: UserPage;
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
  PageInfo: PageInfo;
  Session: SessionRow;
  ApiToken: ApiTokenRow;
  AuthPayload: Omit<AuthPayload, 'user'> & { user: ResolversParentTypes['User'] };
  RegisterInput: RegisterInput;
  LoginInput: LoginInput;
  RefreshSessionInput: RefreshSessionInput;
  LogoutInput: LogoutInput;
  ChangePasswordInput: ChangePasswordInput;
  RequestPasswordResetInput: RequestPasswordResetInput;
  ResetPasswordInput: ResetPasswordInput;
  VerifyEmailInput: VerifyEmailInput;
  ChangeEmailInput: ChangeEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  SetUserRoleInput: SetUserRoleInput;
  DeactivateUserInput: DeactivateUserInput;
  CreateApiTokenInput: CreateApiTokenInput;
  RevokeApiTokenInput: RevokeApiTokenInput;
  RevokeSessionInput: RevokeSessionInput;
  OkPayload: OkPayload;
  LogoutPayload: LogoutPayload;
  RequestPasswordResetPayload: RequestPasswordResetPayload;
  UserPayload: Omit<UserPayload, 'user'> & { user: ResolversParentTypes['User'] };
  CreateApiTokenPayload: Omit<CreateApiTokenPayload, 'token'> & { token: ResolversParentTypes['ApiToken'] };
  RevokeApiTokenPayload: RevokeApiTokenPayload;
  RevokeSessionPayload: RevokeSessionPayload;
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

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  handle?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bio?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  avatarUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['UserRole'], ParentType, ContextType>;
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['EmailAddress']>, ParentType, ContextType>;
  emailVerified?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ip?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastSeenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ApiTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiToken'] = ResolversParentTypes['ApiToken']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['ApiScope']>, ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AuthPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuthPayload'] = ResolversParentTypes['AuthPayload']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type OkPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OkPayload'] = ResolversParentTypes['OkPayload']> = {
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type LogoutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutPayload'] = ResolversParentTypes['LogoutPayload']> = {
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type RequestPasswordResetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestPasswordResetPayload'] = ResolversParentTypes['RequestPasswordResetPayload']> = {
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type UserPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserPayload'] = ResolversParentTypes['UserPayload']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type CreateApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateApiTokenPayload'] = ResolversParentTypes['CreateApiTokenPayload']> = {
  token?: Resolver<ResolversTypes['ApiToken'], ParentType, ContextType>;
  secret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RevokeApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeApiTokenPayload'] = ResolversParentTypes['RevokeApiTokenPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RevokeSessionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionPayload'] = ResolversParentTypes['RevokeSessionPayload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, Partial<QueryUserArgs>>;
  users?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, Partial<QueryUsersArgs>>;
  sessions?: Resolver<Maybe<Array<ResolversTypes['Session']>>, ParentType, ContextType>;
  apiTokens?: Resolver<Maybe<Array<ResolversTypes['ApiToken']>>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  register?: Resolver<Maybe<ResolversTypes['AuthPayload']>, ParentType, ContextType, RequireFields<MutationRegisterArgs, 'input'>>;
  login?: Resolver<Maybe<ResolversTypes['AuthPayload']>, ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  refreshSession?: Resolver<Maybe<ResolversTypes['AuthPayload']>, ParentType, ContextType, RequireFields<MutationRefreshSessionArgs, 'input'>>;
  logout?: Resolver<Maybe<ResolversTypes['LogoutPayload']>, ParentType, ContextType, Partial<MutationLogoutArgs>>;
  changePassword?: Resolver<Maybe<ResolversTypes['AuthPayload']>, ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  requestPasswordReset?: Resolver<Maybe<ResolversTypes['RequestPasswordResetPayload']>, ParentType, ContextType, RequireFields<MutationRequestPasswordResetArgs, 'input'>>;
  resetPassword?: Resolver<Maybe<ResolversTypes['AuthPayload']>, ParentType, ContextType, RequireFields<MutationResetPasswordArgs, 'input'>>;
  requestEmailVerification?: Resolver<Maybe<ResolversTypes['OkPayload']>, ParentType, ContextType>;
  verifyEmail?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationVerifyEmailArgs, 'input'>>;
  changeEmail?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationChangeEmailArgs, 'input'>>;
  updateProfile?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  setUserRole?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationSetUserRoleArgs, 'input'>>;
  deactivateUser?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationDeactivateUserArgs, 'input'>>;
  reactivateUser?: Resolver<Maybe<ResolversTypes['UserPayload']>, ParentType, ContextType, RequireFields<MutationReactivateUserArgs, 'input'>>;
  createApiToken?: Resolver<Maybe<ResolversTypes['CreateApiTokenPayload']>, ParentType, ContextType, RequireFields<MutationCreateApiTokenArgs, 'input'>>;
  revokeApiToken?: Resolver<Maybe<ResolversTypes['RevokeApiTokenPayload']>, ParentType, ContextType, RequireFields<MutationRevokeApiTokenArgs, 'input'>>;
  revokeSession?: Resolver<Maybe<ResolversTypes['RevokeSessionPayload']>, ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'input'>>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  EmailAddress?: GraphQLScalarType;
  URL?: GraphQLScalarType;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  ApiToken?: ApiTokenResolvers<ContextType>;
  AuthPayload?: AuthPayloadResolvers<ContextType>;
  OkPayload?: OkPayloadResolvers<ContextType>;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  RequestPasswordResetPayload?: RequestPasswordResetPayloadResolvers<ContextType>;
  UserPayload?: UserPayloadResolvers<ContextType>;
  CreateApiTokenPayload?: CreateApiTokenPayloadResolvers<ContextType>;
  RevokeApiTokenPayload?: RevokeApiTokenPayloadResolvers<ContextType>;
  RevokeSessionPayload?: RevokeSessionPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
