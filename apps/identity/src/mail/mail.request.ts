import { insertOutboxEvent, type Db } from '@pika/database';
import { newId } from '@pika/shared';
import type { AccountKeys } from '../account-keys.ts';
import { linkToken, linkTokenHash, type EmailLinkPurpose } from './email-link.ts';
import { insertEmailLink, wasLinkMadeSince } from './email-link.repository.ts';
import type { MailKind } from './mail.text.ts';

export const mailRequested = 'mail.requested';

/** What waits in the outbox: neither the address nor the token. */
interface MailRequest {
  kind: MailKind;
  /** Of who asked, for a person who has chosen none. */
  language: string;
  link: { id: string; purpose: EmailLinkPurpose } | null;
}

export interface Addressee {
  userId: string;
  language: string;
  requestId?: string;
}

/** A mail to the person the transaction acts for: it is sent if and only if that commits. */
export async function requestMail(
  tx: Db,
  kind: MailKind,
  to: Addressee,
  link: MailRequest['link'] = null,
): Promise<void> {
  const payload: MailRequest = { kind, language: to.language, link };
  await insertOutboxEvent(tx, {
    aggregateType: 'user',
    aggregateId: to.userId,
    type: mailRequested,
    payload,
    ...(to.requestId === undefined ? {} : { requestId: to.requestId }),
  });
}

const lifeSeconds: Readonly<Record<EmailLinkPurpose, number>> = { verify_email: 86_400, reset_password: 3_600 };
/** Nobody fills another's letter box: a second mail of a purpose is not sent so soon. */
const linkPauseSeconds = 300;

const purposes = {
  verifyEmail: 'verify_email',
  accountExists: 'reset_password',
  resetPassword: 'reset_password',
} as const;

/** The same with a link, unless one of its purpose was sent in the last five minutes. */
export async function requestLinkMail(
  tx: Db,
  kind: keyof typeof purposes,
  { keys, now, ...to }: Addressee & { keys: Pick<AccountKeys, 'emailLink'>; now: Date },
): Promise<void> {
  const purpose = purposes[kind];
  const { userId } = to;
  const since = new Date(now.getTime() - linkPauseSeconds * 1_000);
  if (await wasLinkMadeSince(tx, { userId, purpose, since })) return;
  const id = newId(now);
  const expiresAt = new Date(now.getTime() + lifeSeconds[purpose] * 1_000);
  const tokenHash = linkTokenHash(linkToken(keys.emailLink, id));
  await insertEmailLink(tx, { id, userId, purpose, tokenHash, createdAt: now, expiresAt });
  await requestMail(tx, kind, to, { id, purpose });
}
