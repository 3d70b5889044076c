import { createTransport } from 'nodemailer';
import { MailRefusedError, type Mailer } from './mailer.ts';
import { messageOf } from './message.ts';

const waitMillis = 10_000;

/** Mail through the server of `smtp://user:password@host:port` or `smtps://…`. */
export function smtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    connectionTimeout: waitMillis,
    greetingTimeout: waitMillis,
    socketTimeout: waitMillis,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail(messageOf(mail, from));
      } catch (error) {
        throw withoutAddress(error);
      }
    },
    close: () => transport.close(),
  };
}

/** What nodemailer adds to its errors. */
interface SmtpFault {
  code?: string;
  responseCode?: number;
  command?: string;
}

/** Replies of servers repeat the address, and what is thrown here is logged and kept in the outbox. */
function withoutAddress(error: unknown): Error {
  const { code, responseCode, command } = (error instanceof Error ? error : {}) as SmtpFault;
  const text = [code ?? 'failed', responseCode ?? '', command ?? ''].join(' ').trim();
  const isForGood = code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500;
  return isForGood ? new MailRefusedError(`SMTP: ${text}`) : new Error(`SMTP: ${text}`);
}
