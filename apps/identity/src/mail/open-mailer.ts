import { join, resolve } from 'node:path';
import { dataFolder } from '@pika/database';
import { folderMailer } from './folder-mailer.ts';
import type { Mailer } from './mailer.ts';
import { smtpMailer } from './smtp-mailer.ts';

export interface MailSettings {
  SMTP_URL?: string | undefined;
  MAIL_DIR?: string | undefined;
  MAIL_FROM: string;
}

/** The server of SMTP_URL; without one a folder, beside the embedded database unless MAIL_DIR says otherwise. */
export function openMailer(settings: MailSettings, say: (text: string) => void): Mailer {
  const { SMTP_URL: url, MAIL_DIR: folder, MAIL_FROM: from } = settings;
  if (url !== undefined) return smtpMailer({ url, from });
  return folderMailer({ folder: folder === undefined ? join(dataFolder(), 'mail') : resolve(folder), from, say });
}
