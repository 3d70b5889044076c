import { inTransaction, jobContext, singleStatements, type Database } from '@pika/database';
import type { AccountKeys } from '../account-keys.ts';
import { findEmailLink, spendEmailLink } from '../mail/email-link.repository.ts';
import { linkTokenHash } from '../mail/email-link.ts';
import { hashPassword } from '../password/password-hash.ts';
import { identityProblems } from '../problems.ts';
import { accountRegistered, insertAccountRequest } from './account-request.ts';
import { markEmailVerified } from './account.repository.ts';

export interface AccountDeps {
  database: Database;
  keys: AccountKeys;
  now: () => Date;
}

export interface Asking {
  requestId: string;
  clientAddress: string;
}

/** Resolves alike, and after as much work, whether somebody has that address or not. */
export async function register(
  { database, keys }: AccountDeps,
  {
    email,
    password,
    displayName,
    language,
  }: { email: string; password: string; displayName: string; language: string },
  { requestId, clientAddress }: Asking,
): Promise<void> {
  const passwordHash = await hashPassword(password);
  const db = singleStatements(database, { actor: { type: 'anonymous' }, requestId, clientAddress });
  await insertAccountRequest(db, keys, {
    type: accountRegistered,
    email,
    content: { displayName, language, passwordHash },
    requestId,
  });
}

/** Throws `auth.invalidLink` for a link that is unknown, spent or expired. */
export async function verifyEmail(
  { database, now }: AccountDeps,
  token: string,
  { requestId, clientAddress }: Asking,
): Promise<void> {
  const purpose = 'verify_email';
  const anybody = singleStatements(database, jobContext('verify-email'));
  const link = await findEmailLink(anybody, { tokenHash: linkTokenHash(token), purpose, now: now() });
  if (link === null) throw identityProblems['auth.invalidLink']();
  const { userId } = link;
  await inTransaction(database, { actor: { type: 'user', id: userId }, requestId, clientAddress }, async (tx) => {
    if (!(await spendEmailLink(tx, { ...link, purpose, now: now() }))) throw identityProblems['auth.invalidLink']();
    await markEmailVerified(tx, { userId, now: now() });
  });
}
