export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** A BCP-47 tag. */
  language: string;
  /** The same for every copy of one mail. */
  id: string;
  /** Where it leads to, for whoever reads no mail. */
  link: string | null;
}

/** Where mail goes: to a server, or into a folder. */
export interface Mailer {
  /** Resolves when it was taken. Throws `MailRefusedError` where it never will be, anything else where it may be later. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** The address cannot receive mail. It is not named here, because errors are logged. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}
