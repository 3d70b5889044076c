import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';
import { messageOf } from './message.ts';

interface FolderMailerOptions {
  folder: string;
  from: string;
  /** Told where each mail lies and where it leads to. */
  say: (text: string) => void;
}

/** Mail as `.eml` files, for machines without a mail server. The same mail again takes the place of its file. */
export function folderMailer({ folder, from, say }: FolderMailerOptions): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(mail) {
      const { message } = await transport.sendMail(messageOf(mail, from));
      if (!Buffer.isBuffer(message)) throw new Error('nodemailer gave no buffer');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${mail.id}.eml`);
      // Whoever watches the folder finds whole files only.
      await writeFile(`${path}.part`, message, { mode: 0o600 });
      await rename(`${path}.part`, path);
      say(
        `Mail to ${mail.to}: ${mail.subject}\n    ${[mail.link, path].filter((part) => part !== null).join('\n    ')}`,
      );
    },
    close: () => transport.close(),
  };
}
