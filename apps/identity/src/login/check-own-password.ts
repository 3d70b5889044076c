import { callerContext, inTransaction } from '@pika/database';
import { sharedProblems, type UserCaller } from '@pika/shared';
import { getOwnEmail } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { identityProblems } from '../problems.ts';
import { checkPassword, type PasswordDeps, type RightPassword } from './check-password.ts';

/**
 * Who holds an access token still has to know the password where the ways into the account are changed, and has no more
 * tries than at log-in. Throws `auth.wrongPassword`, `auth.locked`, and `access.denied` for who acts as another person.
 */
export async function checkOwnPassword(
  deps: PasswordDeps,
  password: string,
  asking: Asking & { caller: UserCaller },
): Promise<RightPassword & { email: string }> {
  const { caller } = asking;
  if (caller.impersonatedBy !== undefined) throw sharedProblems['access.denied']();
  const { requestId, clientAddress } = asking;
  const context = callerContext(caller, { requestId, clientAddress });
  const email = await inTransaction(deps.database, context, (tx) => getOwnEmail(tx, caller.userId));
  const right = await checkPassword(deps, { email, password }, asking);
  if (right === null || right.credential.userId !== caller.userId) throw identityProblems['auth.wrongPassword']();
  return { ...right, email };
}
