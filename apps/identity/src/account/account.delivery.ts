import {
  consumeOnce,
  inTransaction,
  jobContext,
  singleStatements,
  type Database,
  type OutboxEvent,
  type Transaction,
} from '@pika/database';
import { newId } from '@pika/shared';
import { z } from 'zod';
import type { AccountKeys } from '../account-keys.ts';
import { spendAllLinks } from '../mail/email-link.repository.ts';
import { requestLinkMail, type Addressee } from '../mail/mail.request.ts';
import { readAccountRequest } from './account-request.ts';
import { findCredential, insertCredential, insertUser, type CredentialRow } from './account.repository.ts';

export interface AccountDeliveryDeps {
  database: Database;
  keys: Pick<AccountKeys, 'request' | 'emailLink'>;
  now: () => Date;
}

const registration = z.object({
  email: z.string(),
  displayName: z.string(),
  language: z.string(),
  passwordHash: z.string(),
});

/**
 * Adds the person and sends the link that verifies the address; who has an account already is told so instead, with a link
 * that sets a new password. Where that account's address is not verified yet, the link that would verify it with the
 * password of whoever came first is void.
 */
export async function deliverRegistration(deps: AccountDeliveryDeps, event: OutboxEvent): Promise<void> {
  const asked = readAccountRequest(deps.keys, event, registration);
  const known = await findCredential(anybody(deps.database), asked.email);
  if (known !== null) return sendLink(deps, event, 'accountExists', known, asked.language);
  const now = deps.now();
  const userId = newId(now);
  await asPerson(deps, event, userId, async (tx) => {
    if (!(await insertUser(tx, { ...asked, id: userId, now }))) return;
    await insertCredential(tx, { userId, passwordHash: asked.passwordHash, now });
    await requestLinkMail(tx, 'verifyEmail', { ...addressee(event, userId, asked.language), keys: deps.keys, now });
  });
}

const forgotten = z.object({ email: z.string(), language: z.string() });

/** Sends the link that sets a new password, to who has one. */
export async function deliverForgottenPassword(deps: AccountDeliveryDeps, event: OutboxEvent): Promise<void> {
  const asked = readAccountRequest(deps.keys, event, forgotten);
  const known = await findCredential(anybody(deps.database), asked.email);
  if (known !== null) await sendLink(deps, event, 'resetPassword', known, asked.language);
}

async function sendLink(
  deps: AccountDeliveryDeps,
  event: OutboxEvent,
  kind: 'accountExists' | 'resetPassword',
  { userId, isActive, isVerified }: CredentialRow,
  language: string,
): Promise<void> {
  if (!isActive) return;
  const now = deps.now();
  await asPerson(deps, event, userId, async (tx) => {
    if (kind === 'accountExists' && !isVerified) await spendAllLinks(tx, { userId, purpose: 'verify_email', now });
    await requestLinkMail(tx, kind, { ...addressee(event, userId, language), keys: deps.keys, now });
  });
}

const anybody = (database: Database) => singleStatements(database, jobContext('accounts'));

async function asPerson(
  { database }: AccountDeliveryDeps,
  { id, type, requestId }: OutboxEvent,
  userId: string,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const context = { actor: { type: 'user' as const, id: userId }, ...(requestId === null ? {} : { requestId }) };
  await inTransaction(database, context, (tx) => consumeOnce(tx, type, id, () => work(tx)));
}

const addressee = ({ requestId }: OutboxEvent, userId: string, language: string): Addressee => ({
  userId,
  language,
  ...(requestId === null ? {} : { requestId }),
});
