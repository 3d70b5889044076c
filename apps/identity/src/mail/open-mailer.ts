import { join, resolve } from 'node:path';
import { dataFolder } from '@pika/database';
import { folderMailer } from './folder-mailer.ts';
import type { Mailer } from './mailer.ts';
import { smtpMailer } from './smtp-mailer.ts';

interface MailSettings {
  SMTP_URL?: string | undefined;
  MAIL_DIR?: string | undefined;
  MAIL_FROM: string;
}

/** Where mails are files, without SMTP_URL: MAIL_DIR, else beside the embedded database. Null where they are sent. */
export function mailFolder({ SMTP_URL: url, MAIL_DIR: folder }: Omit<MailSettings, 'MAIL_FROM'>): string | null {
  if (url !== undefined) return null;
  return folder === undefined ? join(dataFolder(), 'mail') : resolve(folder);
}

export function openMailer(settings: MailSettings, say: (text: string) => void): Mailer {
  const { SMTP_URL: url, MAIL_FROM: from } = settings;
  const folder = mailFolder(settings);
  return folder === null ? smtpMailer({ url: url ?? '', from }) : folderMailer({ folder, from, say });
}
