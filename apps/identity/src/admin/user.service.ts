import {
  callerContext,
  databaseProblem,
  inTransaction,
  lockVersion,
  type Database,
  type Db,
  type RevokedSessions,
  type Transaction,
} from '@pika/database';
import { accessTokenSeconds, newId, sharedProblems, type PlatformRole, type UserCaller } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { keptUserAgent } from '../session/session.service.ts';
import type { SigningKeys } from '../signing-key/open-signing-keys.ts';
import {
  deleteRole,
  findUser,
  insertRole,
  listOpenSessions,
  lockUser,
  revokeSessions,
  startImpersonation,
  updateState,
  type UserDetailRow,
} from './user.repository.ts';

export interface UserDeps {
  database: Database;
  signingKeys: Pick<SigningKeys, 'sign'>;
  revokedSessions: Pick<RevokedSessions, 'add'>;
  cursorSecret: string;
  now: () => Date;
}

interface OperatorAsking {
  caller: UserCaller;
  requestId: string;
  clientAddress: string;
}

export const operatorContext = ({ caller, requestId, clientAddress }: OperatorAsking) =>
  callerContext(caller, { role: 'pika_support', requestId, clientAddress });

export async function getUser(tx: Db, id: string, now: Date): Promise<UserDetailRow> {
  const row = await findUser(tx, id, now);
  if (row === null) throw sharedProblems['record.notFound']();
  return row;
}

/** Runs a change of another's account and makes known which sessions it ended. Nobody changes their own. */
async function change(
  { database, revokedSessions, now }: UserDeps,
  asking: OperatorAsking,
  { id, ifMatch }: { id: string; ifMatch?: string | undefined },
  work: (tx: Transaction, user: UserDetailRow) => Promise<unknown>,
): Promise<UserDetailRow> {
  if (id === asking.caller.userId) throw identityProblems['admin.ownAccount']();
  const { ended, row } = await inTransaction(database, operatorContext(asking), async (tx) => {
    await lockVersion(tx, lockUser(id), ifMatch);
    const before = await listOpenSessions(tx, id);
    await work(tx, await getUser(tx, id, now()));
    const open = new Set(await listOpenSessions(tx, id));
    return { ended: before.filter((session) => !open.has(session)), row: await getUser(tx, id, now()) };
  }).catch((error: unknown) => {
    throw databaseProblem(error, { role_grants_last_admin: identityProblems['admin.lastAdmin'] }) ?? error;
  });
  revokedSessions.add(ended);
  return row;
}

/**
 * Suspends or reactivates; whoever is suspended has no session any more. Operators are suspended by admins alone. Throws
 * `record.changed`, `admin.ownAccount`, `admin.lastAdmin`; an erased person is no more (`record.notFound`).
 */
export function changeState(
  deps: UserDeps,
  asking: OperatorAsking,
  {
    id,
    state,
    reason,
    ifMatch,
  }: { id: string; state: 'active' | 'suspended'; reason: string; ifMatch?: string | undefined },
): Promise<UserDetailRow> {
  return change(deps, asking, { id, ifMatch }, async (tx, user) => {
    if (user.state === 'erased') throw sharedProblems['record.notFound']();
    if (user.roles.length > 0 && !asking.caller.roles.includes('admin')) throw sharedProblems['access.denied']();
    if (user.state !== state) await updateState(tx, id, state, reason);
  });
}

interface ChangedRole {
  id: string;
  role: PlatformRole;
  ifMatch: string | undefined;
}

/** Access tokens say so from their next refresh on. */
export function grantRole(
  deps: UserDeps,
  asking: OperatorAsking,
  { id, role, ifMatch }: ChangedRole,
): Promise<UserDetailRow> {
  return change(deps, asking, { id, ifMatch }, async (tx, user) => {
    if (user.state !== 'active') throw identityProblems['admin.notActive']();
    await insertRole(tx, { id, role, by: asking.caller.userId });
  });
}

/** Ends the person's sessions, whose tokens say that they hold it still. Throws `record.notFound` for who does not. */
export function withdrawRole(
  deps: UserDeps,
  asking: OperatorAsking,
  { id, role, ifMatch }: ChangedRole,
): Promise<UserDetailRow> {
  return change(deps, asking, { id, ifMatch }, async (tx) => {
    if (!(await deleteRole(tx, id, role))) throw sharedProblems['record.notFound']();
    await revokeSessions(tx, id, 'role_withdrawn', deps.now());
  });
}

/**
 * An access token with which the operator acts as somebody, for as long as it lives: a session of its own, which the person
 * sees in their list, with the reason in the audit log. Throws `admin.isOperator` and `admin.notActive`.
 */
export async function impersonate(
  { database, signingKeys, now }: UserDeps,
  asking: OperatorAsking,
  { id, reason, userAgent }: { id: string; reason: string; userAgent: string | null },
): Promise<string> {
  const issuedAt = now();
  const sessionId = newId(issuedAt);
  const claims = await inTransaction(database, operatorContext(asking), async (tx) => {
    await getUser(tx, id, issuedAt);
    const expiresAt = new Date(issuedAt.getTime() + accessTokenSeconds * 1_000);
    return startImpersonation(tx, {
      id: sessionId,
      userId: id,
      reason,
      userAgent: keptUserAgent(userAgent),
      clientAddress: asking.clientAddress === '' ? null : asking.clientAddress,
      now: issuedAt,
      expiresAt,
    });
  });
  if (claims === null) throw identityProblems['admin.notActive']();
  if (claims.isOperator) throw identityProblems['admin.isOperator']();
  return signingKeys.sign({
    sub: id,
    sid: sessionId,
    roles: [],
    businesses: claims.businesses,
    ...(claims.languageCode === null ? {} : { lang: claims.languageCode }),
    imp: asking.caller.userId,
    jti: newId(issuedAt),
    issuedAt,
  });
}
