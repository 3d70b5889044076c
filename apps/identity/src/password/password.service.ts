import {
  callerContext,
  inTransaction,
  jobContext,
  singleStatements,
  type Database,
  type RevokedSessions,
} from '@pika/database';
import { invalidRequest, newId } from '@pika/shared';
import type { AccountKeys } from '../account-keys.ts';
import { insertAccountRequest, passwordForgotten } from '../account/account-request.ts';
import { getOwnEmail, markEmailVerified, updatePassword } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { checkOwnPassword, settleOwnPassword } from '../login/check-own-password.ts';
import { emailHash } from '../login/email-hash.ts';
import { insertPasswordReset } from '../login/login-attempt.repository.ts';
import { findEmailLink, spendAllLinks, spendEmailLink } from '../mail/email-link.repository.ts';
import { linkTokenHash } from '../mail/email-link.ts';
import { requestMail } from '../mail/mail.request.ts';
import { identityProblems } from '../problems.ts';
import { revokeAllSessions } from '../session/session.repository.ts';
import type { PersonAsking } from '../totp/totp.service.ts';
import { hashPassword } from './password-hash.ts';
import { passwordErrors } from './password.rules.ts';

export interface PasswordServiceDeps {
  database: Database;
  keys: AccountKeys;
  revokedSessions: Pick<RevokedSessions, 'add'>;
  now: () => Date;
}

/** Resolves alike, and after as much work, whether somebody has that address or not. */
export async function forgetPassword(
  { database, keys }: PasswordServiceDeps,
  { email, language }: { email: string; language: string },
  { requestId, clientAddress }: Asking,
): Promise<void> {
  const db = singleStatements(database, { actor: { type: 'anonymous' }, requestId, clientAddress });
  await insertAccountRequest(db, keys, { type: passwordForgotten, email, content: { language }, requestId });
}

/**
 * Sets a new password by a link, which verifies the address too; every session ends, and failed log-ins are forgotten.
 * Throws `auth.invalidLink`, and `request.invalid` without spending the link.
 */
export async function resetPassword(
  { database, keys, revokedSessions, now }: PasswordServiceDeps,
  { token, newPassword }: { token: string; newPassword: string },
  { requestId, clientAddress, language }: Asking & { language: string },
): Promise<void> {
  const purpose = 'reset_password';
  const anybody = singleStatements(database, jobContext('reset-password'));
  const link = await findEmailLink(anybody, { tokenHash: linkTokenHash(token), purpose, now: now() });
  if (link === null) throw identityProblems['auth.invalidLink']();
  const { userId } = link;
  const context = { actor: { type: 'user' as const, id: userId }, requestId, clientAddress };
  const email = await inTransaction(database, context, (tx) => getOwnEmail(tx, userId));
  const errors = passwordErrors('newPassword', newPassword, email);
  if (errors.length > 0) throw invalidRequest(errors);
  const passwordHash = await hashPassword(newPassword);
  const ended = await inTransaction(database, context, async (tx) => {
    if (!(await spendEmailLink(tx, { ...link, purpose, now: now() }))) throw identityProblems['auth.invalidLink']();
    await updatePassword(tx, { userId, passwordHash, now: now() });
    await markEmailVerified(tx, { userId, now: now() });
    await insertPasswordReset(tx, {
      id: newId(now()),
      emailHash: emailHash(keys, email),
      clientAddress,
      now: now(),
    });
    await requestMail(tx, 'passwordChanged', { userId, language, requestId });
    return revokeAllSessions(tx, { userId, reason: 'password_changed', now: now() });
  });
  revokedSessions.add(ended);
}

/** Ends all sessions but the caller's, and the links that set a password. Throws `auth.wrongPassword`, `auth.locked`, `request.invalid`. */
export async function changePassword(
  deps: PasswordServiceDeps,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  asking: PersonAsking,
): Promise<void> {
  const { userId, sessionId } = asking.caller;
  const right = await checkOwnPassword(deps, currentPassword, asking);
  const errors = passwordErrors('newPassword', newPassword, right.email);
  const passwordHash = errors.length > 0 ? null : await hashPassword(newPassword);
  const ended = await inTransaction(deps.database, callerContext(asking.caller, asking), async (tx) => {
    await settleOwnPassword(tx, right);
    if (passwordHash === null) return [];
    const now = deps.now();
    await updatePassword(tx, { userId, passwordHash, now });
    await spendAllLinks(tx, { userId, purpose: 'reset_password', now });
    await requestMail(tx, 'passwordChanged', { userId, ...asking });
    return revokeAllSessions(tx, { userId, except: sessionId, reason: 'password_changed', now });
  });
  if (errors.length > 0) throw invalidRequest(errors);
  deps.revokedSessions.add(ended);
}
