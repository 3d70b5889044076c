import { singleStatements, sql, type Database, type OutboxEvent } from '@pika/database';
import type { Logger, Messages } from '@pika/shared';
import { z } from 'zod';
import type { AccountKeys } from '../account-keys.ts';
import { linkAddress, linkToken } from './email-link.ts';
import { mailKinds, mailText } from './mail.text.ts';
import { MailRefusedError, type Mailer } from './mailer.ts';

export interface MailDeliveryDeps {
  database: Database;
  mailer: Mailer;
  messages: Messages;
  keys: Pick<AccountKeys, 'emailLink'>;
  /** Of the page, which links lead to. */
  publicUrl: string;
  log: Pick<Logger, 'warn'>;
}

const mailRequest = z.object({
  kind: z.enum(mailKinds),
  language: z.string(),
  link: z.object({ id: z.uuid(), purpose: z.enum(['verify_email', 'reset_password']) }).nullable(),
});

/**
 * Sends what was asked for, to where the person is to be reached by now; to nobody who was erased. A process that dies
 * after the server took the mail has it sent again with the same Message-ID.
 */
export async function deliverMail(deps: MailDeliveryDeps, event: OutboxEvent): Promise<void> {
  const { kind, language, link } = mailRequest.parse(event.payload);
  const addressee = await findAddressee(deps.database, event.aggregateId);
  if (addressee === null) return;
  const address = link && linkAddress(deps.publicUrl, link.purpose, linkToken(deps.keys.emailLink, link.id));
  const text = mailText(deps.messages, { kind, language: addressee.language ?? language, link: address });
  const id = `${event.occurredAt.toISOString().replaceAll(/\D/g, '')}.${event.id}`;
  try {
    await deps.mailer.send({ ...text, to: addressee.email, id });
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error;
    deps.log.warn({ err: error, event: String(event.id) }, 'mail: an address takes none');
  }
}

async function findAddressee(
  database: Database,
  userId: string,
): Promise<{ email: string; language: string | null } | null> {
  const db = singleStatements(database, { actor: { type: 'user', id: userId } });
  const [row] = await db.$queryRaw<{ email: string; language: string | null }[]>(sql`
    SELECT email, language_code AS language FROM users.users WHERE id = ${userId}::uuid AND state <> 'erased'`);
  return row ?? null;
}
