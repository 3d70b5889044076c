import { jobContext, singleStatements, sql, type Database, type OutboxEvent } from '@pika/database';
import { invitationToken, type Logger, type Messages } from '@pika/shared';
import { z } from 'zod';
import { mailText } from '../mail/mail.text.ts';
import { MailRefusedError, type Mailer } from '../mail/mailer.ts';

/** Written by the app of businesses. */
export const invitationCreated = 'invitation.created';

export interface InvitationDeliveryDeps {
  database: Database;
  mailer: Mailer;
  messages: Messages;
  invitationSecret: string;
  /** Of the page, which the link leads to. */
  publicUrl: string;
  log: Pick<Logger, 'warn'>;
  now: () => Date;
}

const created = z.object({ invitationId: z.uuid(), language: z.string() });

/** Sends the link of an invitation that is open still; a fragment, because that is sent to no server and stands in no log. */
export async function deliverInvitation(deps: InvitationDeliveryDeps, event: OutboxEvent): Promise<void> {
  const { invitationId, language } = created.parse(event.payload);
  const invitation = await findInvitation(deps.database, invitationId, deps.now());
  if (invitation === null) return;
  const token = invitationToken(invitationId, deps.invitationSecret);
  const text = mailText(deps.messages, {
    kind: 'invitation',
    language: invitation.language ?? language,
    link: `${deps.publicUrl.replace(/\/+$/, '')}/#invitation=${token}`,
    params: { business: invitation.businessName ?? 'Pika' },
  });
  try {
    await deps.mailer.send({ ...text, to: invitation.email, id: `invitation.${invitationId}` });
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error;
    deps.log.warn({ err: error, event: String(event.id) }, 'mail: an address takes none');
  }
}

interface InvitationToSend {
  email: string;
  language: string | null;
  businessName: string | null;
}

async function findInvitation(database: Database, id: string, now: Date): Promise<InvitationToSend | null> {
  const db = singleStatements(database, jobContext('invitations'));
  const [row] = await db.$queryRaw<InvitationToSend[]>(sql`
    SELECT email, language_code AS language, business_name AS "businessName"
    FROM business.invitation_to_send(${id}::uuid, ${now}::timestamptz)`);
  return row ?? null;
}
