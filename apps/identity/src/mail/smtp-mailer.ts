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

/** Replies of servers repeat the address, and what is thrown here is logged and kept in the outbox. */
function withoutAddress(error: unknown): Error {
  const { code, responseCode, command } = (error instanceof Error ? error : {}) as Record<string, unknown>;
  const text = [code, responseCode, command].filter((part) => part !== undefined).join(' ');
  const isForGood = code === 'EENVELOPE' && typeof responseCode === 'number' && responseCode >= 500;
  return isForGood ? new MailRefusedError(`SMTP: ${text}`) : new Error(`SMTP: ${text || 'failed'}`);
}
