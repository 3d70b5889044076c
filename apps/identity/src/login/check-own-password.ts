import { callerContext, inTransaction, type Db } from '@pika/database';
import type { UserCaller } from '@pika/shared';
import { getOwnEmail, lockPassword } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { identityProblems } from '../problems.ts';
import { settleLoginAttempt, type LoginOutcome } from './login-attempt.repository.ts';
import { checkPassword, type PasswordDeps, type RightPassword } from './check-password.ts';

/**
 * Who holds an access token still has to know the password where the ways into the account are changed, and has no more
 * tries than at log-in. Throws `auth.wrongPassword`, `auth.locked`.
 */
export async function checkOwnPassword(
  deps: PasswordDeps,
  password: string,
  asking: Asking & { caller: UserCaller },
): Promise<RightPassword & { email: string }> {
  const { caller } = asking;
  const { requestId, clientAddress } = asking;
  const context = callerContext(caller, { requestId, clientAddress });
  const email = await inTransaction(deps.database, context, (tx) => getOwnEmail(tx, caller.userId));
  const right = await checkPassword(deps, { email, password }, asking);
  if (right === null || right.credential.userId !== caller.userId) throw identityProblems['auth.wrongPassword']();
  return { ...right, email };
}

/**
 * In the transaction of what the password was given for: says how that ended. Throws `auth.wrongPassword`, and the try
 * counts as a failure, where another password was set in between; until the transaction ends none is.
 */
export async function settleOwnPassword(
  tx: Db,
  { attemptId, credential }: RightPassword,
  outcome: LoginOutcome = 'success',
): Promise<void> {
  if (!(await lockPassword(tx, credential))) throw identityProblems['auth.wrongPassword']();
  await settleLoginAttempt(tx, attemptId, outcome);
}
