import {
  callerContext,
  databaseProblem,
  inTransaction,
  singleStatements,
  type Database,
  type RevokedSessions,
} from '@pika/database';
import { sharedProblems, type UserCaller } from '@pika/shared';
import { verify } from '@node-rs/argon2';
import { identityProblems } from '../problems.ts';
import { erasePerson, findPasswordHash } from './erasure.repository.ts';

export interface ErasureDeps {
  database: Database;
  revokedSessions: Pick<RevokedSessions, 'add'>;
  now: () => Date;
}

/**
 * Erases the caller: what told who it was is gone, their key of the audit log is destroyed, and all their sessions have
 * ended. Throws `auth.wrongPassword`, `me.soleOwner` (naming the businesses) and `admin.lastAdmin`; nothing is changed
 * then. The transaction names no address, for its entries in the log stay.
 */
export async function erase(
  { database, revokedSessions, now }: ErasureDeps,
  { caller, password, requestId }: { caller: UserCaller; password: string; requestId: string },
): Promise<void> {
  if (caller.impersonatedBy !== undefined) throw identityProblems['me.impersonated']();
  const context = callerContext(caller, { requestId });
  const passwordHash = await findPasswordHash(singleStatements(database, context), caller.userId);
  if (passwordHash === null) throw sharedProblems['record.notFound']();
  if (!(await verify(passwordHash, password))) throw identityProblems['auth.wrongPassword']();
  const erased = await inTransaction(database, context, (tx) => erasePerson(tx, now())).catch((error: unknown) => {
    throw databaseProblem(error, { role_grants_last_admin: identityProblems['admin.lastAdmin'] }) ?? error;
  });
  if (erased.verdict === 'unknown') throw sharedProblems['record.notFound']();
  if (erased.verdict === 'soleOwner') {
    throw identityProblems['me.soleOwner']({ params: { businesses: erased.businessIds } });
  }
  revokedSessions.add(erased.sessionIds);
}
