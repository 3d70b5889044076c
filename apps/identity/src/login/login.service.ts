import { inTransaction, type Database, type Transaction } from '@pika/database';
import type { AccountKeys } from '../account-keys.ts';
import { lockPassword, updateHash } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { hashPassword, isOutdated } from '../password/password-hash.ts';
import { startSession, type TokenPair, type TokenRules } from '../session/session.service.ts';
import { spendCode } from '../totp/spend-code.ts';
import { isTotpOn } from '../totp/totp.repository.ts';
import { checkPassword, type RightPassword } from './check-password.ts';
import { settleLoginAttempt } from './login-attempt.repository.ts';

export interface LoginDeps {
  database: Database;
  keys: AccountKeys;
  tokenRules: TokenRules;
  now: () => Date;
}

interface LoginRequest extends Asking {
  email: string;
  password: string;
  code: string | undefined;
  userAgent: string | null;
}

export type LoginVerdict =
  | { verdict: 'success'; pair: TokenPair }
  /** Those after the first are told only to who knows the password. */
  | { verdict: 'wrongCredentials' | 'codeRequired' | 'wrongCode' };

/** Throws for no verdict but `auth.locked`, so that what was decided is committed. */
export async function logIn(deps: LoginDeps, asked: LoginRequest): Promise<LoginVerdict> {
  const right = await checkPassword(deps, asked, asked);
  if (right === null) return { verdict: 'wrongCredentials' };
  const { userId, passwordHash } = right.credential;
  const newHash = isOutdated(passwordHash) ? await hashPassword(asked.password) : null;
  const { requestId, clientAddress } = asked;
  return inTransaction(deps.database, { actor: { type: 'user', id: userId }, requestId, clientAddress }, async (tx) => {
    if (!(await lockPassword(tx, { userId, passwordHash }))) return { verdict: 'wrongCredentials' };
    if (newHash !== null) await updateHash(tx, { userId, from: passwordHash, to: newHash });
    return decide(deps, tx, right, asked);
  });
}

async function decide(
  { keys, tokenRules, now: clock }: LoginDeps,
  tx: Transaction,
  { attemptId, credential: { userId } }: RightPassword,
  { code, userAgent, clientAddress }: LoginRequest,
): Promise<LoginVerdict> {
  const now = clock();
  if (await isTotpOn(tx, userId)) {
    if (code === undefined) {
      await settleLoginAttempt(tx, attemptId, 'incomplete');
      return { verdict: 'codeRequired' };
    }
    if (!(await spendCode(tx, keys, { userId, code, now }))) {
      await settleLoginAttempt(tx, attemptId, 'wrong_code');
      return { verdict: 'wrongCode' };
    }
  }
  const session = await startSession(tx, tokenRules, { userId, userAgent, clientAddress, now });
  if (session === null) return { verdict: 'wrongCredentials' };
  await settleLoginAttempt(tx, attemptId, 'success');
  const { sessionId: _, ...pair } = session;
  return { verdict: 'success', pair };
}
