import { createHash, createHmac } from 'node:crypto';

export type EmailLinkPurpose = 'verify_email' | 'reset_password';

/** What a link carries. It follows from its id, so that whoever sends it needs not be told. */
export const linkToken = (linkKey: Uint8Array, linkId: string): string =>
  createHmac('sha256', linkKey).update(linkId).digest('base64url');

/** What is stored of it. */
export const linkTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

const fragments: Readonly<Record<EmailLinkPurpose, string>> = { verify_email: 'verify', reset_password: 'reset' };

/** To the page. A fragment is sent to no server, so no log holds the token. */
export function linkAddress(publicUrl: string, purpose: EmailLinkPurpose, token: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/#${fragments[purpose]}=${token}`;
}
