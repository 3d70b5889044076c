import { callerContext, databaseProblem, inTransaction, type RevokedSessions } from '@pika/database';
import { sharedProblems, type UserCaller } from '@pika/shared';
import type { Asking } from '../account/account.service.ts';
import { checkOwnPassword, settleOwnPassword } from '../login/check-own-password.ts';
import type { PasswordDeps } from '../login/check-password.ts';
import { emailHash } from '../login/email-hash.ts';
import { identityProblems } from '../problems.ts';
import { erasePerson } from './erasure.repository.ts';
import { assertProfile } from './profile.service.ts';

export interface ErasureDeps extends PasswordDeps {
  revokedSessions: Pick<RevokedSessions, 'add'>;
}

/**
 * Erases the caller: what told who it was is gone, their key of the audit log is destroyed, and all their sessions have
 * ended. Throws what `checkOwnPassword` does, `me.soleOwner` (naming the businesses), `admin.lastAdmin` and, where
 * If-Match names another version of the profile, `record.changed`; nothing is changed then.
 */
export async function erase(
  deps: ErasureDeps,
  { password, ifMatch }: { password: string; ifMatch: string | undefined },
  asking: Asking & { caller: UserCaller },
): Promise<void> {
  const { caller } = asking;
  const right = await checkOwnPassword(deps, password, asking);
  const erased = await inTransaction(deps.database, callerContext(caller, asking), async (tx) => {
    await settleOwnPassword(tx, right);
    await assertProfile(tx, caller, ifMatch);
    return erasePerson(tx, deps.now(), emailHash(deps.keys, right.email));
  }).catch((error: unknown) => {
    throw databaseProblem(error, { role_grants_last_admin: identityProblems['admin.lastAdmin'] }) ?? error;
  });
  if (erased.verdict === 'unknown') throw sharedProblems['record.notFound']();
  if (erased.verdict === 'soleOwner') {
    throw identityProblems['me.soleOwner']({ params: { businesses: erased.businessIds } });
  }
  deps.revokedSessions.add(erased.sessionIds);
}
