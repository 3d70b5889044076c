import { sharedProblems } from './problem.ts';

/** Operators; everybody is a consumer. */
export type PlatformRole = 'support' | 'admin';

/** What a person is in a business. */
export type MemberRole = 'owner' | 'manager' | 'redeemer';

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

export interface UserCaller {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly PlatformRole[];
  /** The businesses this person belongs to, by id: the `tokenBusinessesMax` oldest. */
  readonly businesses: Readonly<Record<string, MemberRole>>;
  /** The stored wish of the person: a BCP-47 tag. */
  readonly language?: string;
  /** The operator who acts as this person. */
  readonly impersonatedBy?: string;
}

export interface ApiKeyCaller {
  readonly kind: 'apiKey';
  readonly keyId: string;
  readonly businessId: string;
  readonly scopes: readonly string[];
}

/** Who sent a request. */
export type Caller = AnonymousCaller | UserCaller | ApiKeyCaller;

export const anonymous: AnonymousCaller = { kind: 'anonymous' };

/**
 * Who may call: everybody; any person; operators; members of the business that the request names, or of the one that what
 * it names belongs to, or their keys.
 */
export type Access = 'public' | 'authenticated' | OperatorAccess | PersonAccess | MemberAccess | OwnerAccess;

/** Any person, for herself or for a business of hers, and keys with that scope: whose it is, the handler finds out. */
export interface PersonAccess {
  readonly persons: 'all';
  readonly scope: string;
}

export interface OperatorAccess {
  readonly roles: readonly PlatformRole[];
}

export interface MemberAccess {
  readonly member: readonly MemberRole[];
  /** The path parameter, query parameter or field of the body that holds the id of the business. */
  readonly business: string;
  /** Keys of that business with this scope may call too. */
  readonly scope?: string;
}

export interface OwnerAccess {
  readonly member: readonly MemberRole[];
  /** Finds, by the path's `id`, the business that what it names belongs to; null where there is no such thing. */
  readonly businessOf: (id: string) => Promise<string | null>;
  /** Keys of that business with this scope may call too. */
  readonly scope?: string;
}

export type CallerOf<Allowed extends Access> = Allowed extends 'public'
  ? Caller
  : Allowed extends MemberAccess | OwnerAccess | PersonAccess
    ? UserCaller | ApiKeyCaller
    : UserCaller;

/** The business that was decided for; undefined where the route is for no business. */
export type BusinessIdOf<Allowed extends Access> = Allowed extends MemberAccess | OwnerAccess ? string : undefined;

/** Settles a bearer token. Throws `auth.invalidToken`, the same for whatever is wrong with it. */
export type Authenticate = (
  token: string,
  request: { readonly origin: string | undefined; readonly clientAddress: string },
) => Promise<Caller>;

/** Whether a route is for the members of a business. */
export const isForMembers = (access: Access): access is MemberAccess | OwnerAccess =>
  typeof access === 'object' && 'member' in access;

/**
 * Refuses, before the request is read, whom no input could help: 401 without a caller, 403 for the wrong kind, and for who
 * acts as somebody else where that is not allowed.
 */
export function assertMayAsk(access: Access, caller: Caller, { impersonated }: { impersonated: boolean }): void {
  if (access === 'public') return;
  if (caller.kind === 'anonymous') throw authRequired();
  if (caller.kind === 'user' && caller.impersonatedBy !== undefined && !impersonated) {
    throw sharedProblems['access.denied']();
  }
  if (isForMembers(access) || (typeof access === 'object' && 'persons' in access)) {
    if (caller.kind === 'user') return;
    if (access.scope === undefined || !caller.scopes.includes(access.scope)) throw sharedProblems['access.denied']();
    return;
  }
  if (caller.kind !== 'user') throw sharedProblems['access.denied']();
  if (access !== 'authenticated' && !access.roles.some((role) => caller.roles.includes(role))) {
    throw sharedProblems['access.denied']();
  }
}

/** How many businesses a token names at most: of who has more it does not say which others there are. */
export const tokenBusinessesMax = 100;

/** Whether there may be other businesses than those that the caller's token names. */
export const isCutShort = (businesses: UserCaller['businesses']): boolean =>
  Object.keys(businesses).length >= tokenBusinessesMax;

/**
 * The business that the caller asks to act for; undefined where the route is for none. Throws `record.notFound` for one
 * that is not the caller's, and for what belongs to it, as for what does not exist; 403 for members without the role. One
 * that a full token does not name passes: as for every other, `assertBusinessRole` decides in the handler's transaction.
 */
export async function businessToActFor(
  access: Access,
  caller: Caller,
  valueOf: (name: string) => unknown,
): Promise<string | undefined> {
  if (!isForMembers(access)) return undefined;
  const businessId =
    'business' in access ? textIn(access.business, valueOf) : await access.businessOf(textIn('id', valueOf));
  if (businessId === null) throw sharedProblems['record.notFound']();
  assertMayActFor(access, caller, businessId);
  return businessId;
}

function textIn(name: string, valueOf: (name: string) => unknown): string {
  const value = valueOf(name);
  if (typeof value !== 'string') throw new Error(`No id in ${name}.`);
  return value;
}

function assertMayActFor(access: MemberAccess | OwnerAccess, caller: Caller, businessId: string): void {
  if (caller.kind === 'apiKey' && caller.businessId === businessId) return;
  const role =
    caller.kind === 'user' && Object.hasOwn(caller.businesses, businessId) ? caller.businesses[businessId] : undefined;
  if (role === undefined) {
    if (caller.kind === 'user' && isCutShort(caller.businesses)) return;
    throw sharedProblems['record.notFound']();
  }
  if (!access.member.includes(role)) throw sharedProblems['access.denied']();
}

function authRequired() {
  return sharedProblems['auth.required']({ headers: { 'WWW-Authenticate': 'Bearer' } });
}

/** The one answer to every token that is not good, whatever is wrong with it. */
export function invalidToken(cause?: unknown) {
  return sharedProblems['auth.invalidToken']({
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    cause,
  });
}

const bearer = /^Bearer +([^\s]+)$/i;

/** The token of an Authorization header; null without one. Throws `auth.invalidToken` for any other scheme. */
export function bearerTokenOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw invalidToken();
  return token;
}
