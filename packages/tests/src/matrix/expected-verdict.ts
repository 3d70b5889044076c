import { isForMembers, type Access, type Caller } from '@pika/shared';

/** Whose an object is. Everybody may see a public one. */
type Owner = 'everybody' | { readonly userId: string } | { readonly businessId: string };

export interface MatrixObject {
  readonly id: string;
  /** Null where there is no such object. */
  readonly owner: Owner | null;
  /** The business that an object belongs to which others may see too. */
  readonly businessId?: string;
}

export type Verdict = 'allowed' | 'invalid' | 'unauthenticated' | 'denied' | 'notFound';

interface Cell {
  readonly access: Access;
  /** Whether it is open to an operator who acts as somebody. */
  readonly impersonated: boolean;
  /** Null for a token that is none. */
  readonly caller: Caller | null;
  /** The business that the request names, where the access is a member's. */
  readonly businessId: string | null;
  /** What the path names beside the business. */
  readonly objects: readonly MatrixObject[];
  readonly hasExtra: boolean;
}

/**
 * No caller: 401. The wrong kind of caller: 403, before the request is read. A field too many: 400. A business or an object
 * that is not the caller's: 404, as one that is not there. A member without the role: 403.
 */
export function expectedVerdict({ access, impersonated, caller, objects, hasExtra, ...named }: Cell): Verdict {
  if (caller === null || (caller.kind === 'anonymous' && access !== 'public')) return 'unauthenticated';
  if (isWrongKind(access, caller) || isActing(access, caller, impersonated)) return 'denied';
  if (hasExtra) return 'invalid';
  const isOwned = typeof access === 'object' && 'businessOf' in access;
  const businessId = isOwned ? ownerOf(objects[0]) : named.businessId;
  if (isOwned && businessId === null) return 'notFound';
  const refusal = businessId === null ? null : refusalOfBusiness(access, caller, businessId);
  if (refusal !== null) return refusal;
  if (isOwned)
    return objects.slice(1).every(({ owner }) => isVisible(access, caller, businessId, owner)) ? 'allowed' : 'notFound';
  return objects.every(({ owner }) => isVisible(access, caller, businessId, owner)) ? 'allowed' : 'notFound';
}

/** The business that the first thing a path names belongs to. */
function ownerOf(object: MatrixObject | undefined): string | null {
  const owner = object?.owner ?? null;
  if (typeof owner === 'object' && owner !== null && 'businessId' in owner) return owner.businessId;
  return object?.businessId ?? null;
}

function isWrongKind(access: Access, caller: Caller): boolean {
  if (access === 'public') return false;
  if (access === 'authenticated') return caller.kind !== 'user';
  if ('roles' in access) return caller.kind !== 'user' || !access.roles.some((role) => caller.roles.includes(role));
  return caller.kind === 'apiKey' && (access.scope === undefined || !caller.scopes.includes(access.scope));
}

const isActing = (access: Access, caller: Caller, impersonated: boolean) =>
  access !== 'public' && caller.kind === 'user' && caller.impersonatedBy !== undefined && !impersonated;

function refusalOfBusiness(access: Access, caller: Caller, businessId: string): Verdict | null {
  if (!isForMembers(access)) return null;
  if (caller.kind === 'apiKey') return caller.businessId === businessId ? null : 'notFound';
  const role = caller.kind === 'user' ? caller.businesses[businessId] : undefined;
  if (role === undefined) return 'notFound';
  return access.member.includes(role) ? null : 'denied';
}

function isVisible(access: Access, caller: Caller, businessId: string | null, owner: Owner | null): boolean {
  if (owner === null) return false;
  if (owner === 'everybody') return true;
  if (typeof access === 'object' && 'roles' in access) return true;
  if ('userId' in owner) return caller.kind === 'user' && caller.userId === owner.userId;
  if (businessId !== null) return owner.businessId === businessId;
  return caller.kind === 'user' && Object.hasOwn(caller.businesses, owner.businessId);
}

/** Statuses and problem codes that a verdict may be answered with. */
export function isAnswered(verdict: Verdict, status: number, code: string | undefined): boolean {
  if (verdict === 'allowed') return status >= 200 && status < 300;
  if (verdict === 'notFound') return status === 404 && code !== undefined && code !== 'route.notFound';
  return refusals[verdict].some((refusal) => refusal === `${status} ${code}`);
}

const refusals: Readonly<Record<Exclude<Verdict, 'allowed' | 'notFound'>, readonly string[]>> = {
  invalid: ['400 request.invalid'],
  unauthenticated: ['401 auth.required', '401 auth.invalidToken'],
  denied: ['403 access.denied'],
};
