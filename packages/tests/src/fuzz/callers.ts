import { isForMembers, type Access, type Caller } from '@pika/shared';
import type { Operation } from './operations.ts';

/** Somebody who calls: what they send in `Authorization`, and who that makes them. */
export interface TestCaller {
  readonly token: string | null;
  readonly caller: Caller;
}

export type TestCallers = Readonly<Record<string, TestCaller>>;

/** Not one of the callers' tokens. */
export const badToken = 'not.a.token';

export function authorizationOf({ token }: Pick<TestCaller, 'token'>): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Whether some request of this kind could be answered with a success; of a member's route, for one business or another. */
export function mayEverCall(
  { access, impersonated }: Pick<Operation, 'access' | 'impersonated'>,
  caller: Caller,
): boolean {
  if (access === 'public') return true;
  if (caller.kind === 'user' && caller.impersonatedBy !== undefined && !impersonated) return false;
  if (caller.kind === 'anonymous') return false;
  if (access === 'authenticated') return caller.kind === 'user';
  if ('roles' in access) return caller.kind === 'user' && access.roles.some((role) => caller.roles.includes(role));
  if ('persons' in access) return caller.kind === 'user' || caller.scopes.includes(access.scope);
  return businessesFor(access, caller).length > 0;
}

/** The businesses that a caller may use a member's route for. */
export function businessesFor(access: Access, caller: Caller): string[] {
  if (!isForMembers(access) || caller.kind === 'anonymous') return [];
  if (caller.kind === 'apiKey') {
    return access.scope !== undefined && caller.scopes.includes(access.scope) ? [caller.businessId] : [];
  }
  return Object.entries(caller.businesses).flatMap(([id, role]) => (access.member.includes(role) ? [id] : []));
}
