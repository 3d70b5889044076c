import { inTransaction, type Database } from '@pika/database';
import { newId } from '@pika/shared';
import type { AccountKeys } from '../account-keys.ts';
import { findCredential, type CredentialRow } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { verifyPassword } from '../password/password-hash.ts';
import { identityProblems } from '../problems.ts';
import { emailHash } from './email-hash.ts';
import { openLoginAttempt } from './login-attempt.repository.ts';

export interface PasswordDeps {
  database: Database;
  keys: Pick<AccountKeys, 'loginEmail'>;
  now: () => Date;
}

export interface RightPassword {
  /** To be settled in the transaction of what the password was given for: it counts as a failure until then. */
  attemptId: string;
  credential: CredentialRow;
}

/**
 * Whose password it is; null alike for an unknown address, a wrong password who may not log in and
 * who has not verified the address, after as much work: who registers an address would learn otherwise whether it was free.
 * Throws `auth.locked` while too many failures stand against the address or the account, known or not.
 */
export async function checkPassword(
  { database, keys, now }: PasswordDeps,
  { email, password }: { email: string; password: string },
  { requestId, clientAddress }: Asking,
): Promise<RightPassword | null> {
  const attemptId = newId(now());
  const { credential, waitSeconds } = await inTransaction(
    database,
    { actor: { type: 'anonymous' }, requestId, clientAddress },
    async (tx) => {
      const found = await findCredential(tx, email);
      const wait = await openLoginAttempt(tx, {
        id: attemptId,
        emailHash: emailHash(keys, email),
        clientAddress,
        failure: found === null ? 'unknown_email' : 'wrong_password',
        now: now(),
      });
      return { credential: found, waitSeconds: wait };
    },
  );
  if (waitSeconds > 0) {
    throw identityProblems['auth.locked']({
      params: { seconds: waitSeconds },
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }
  const isRight = await verifyPassword(credential?.passwordHash ?? null, password);
  return isRight && credential?.isActive === true && credential.isVerified ? { attemptId, credential } : null;
}
