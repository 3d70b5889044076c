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

/** Who may call: everybody; any person; operators; members of the business that the request names, or its keys. */
export type Access = 'public' | 'authenticated' | OperatorAccess | MemberAccess;

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

export type CallerOf<Allowed extends Access> = Allowed extends 'public'
  ? Caller
  : Allowed extends MemberAccess
    ? UserCaller | ApiKeyCaller
    : UserCaller;

/** Settles a bearer token. Throws `auth.invalidToken`, the same for whatever is wrong with it. */
export type Authenticate = (
  token: string,
  request: { readonly origin: string | undefined; readonly clientAddress: string },
) => Promise<Caller>;

const isMember = (access: Access): access is MemberAccess => typeof access === 'object' && 'member' in access;

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
  if (isMember(access)) {
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
 * Refuses a business that is not the caller's as one that does not exist; 403 for members without the role. One that a full
 * token does not name passes: as for every other, `assertBusinessRole` decides in the handler's transaction.
 */
export function assertMayActFor(access: Access, caller: Caller, valueOf: (name: string) => unknown): void {
  if (!isMember(access)) return;
  const businessId = valueOf(access.business);
  if (typeof businessId !== 'string') throw new Error(`No id of a business in ${access.business}.`);
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
