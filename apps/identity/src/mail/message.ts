import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './mailer.ts';

/** The mail as nodemailer takes it. */
export function messageOf({ to, subject, text, html, language, id }: Mail, from: string): SendMailOptions {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    // An object, because a text could name several.
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${id}@${domain}>`,
    // RFC 3834: no answer of a machine is wanted.
    headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
