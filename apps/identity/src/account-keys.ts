import { deriveKey } from '@pika/shared';

/** One key for each use, all of the one secret. */
export interface AccountKeys {
  /** Makes the tokens of links from their ids. */
  emailLink: Buffer;
  /** Hashes e-mail addresses that were given to log in. */
  loginEmail: Buffer;
  /** Seals what waits in the outbox to be done. */
  request: Buffer;
  totpSecret: Buffer;
  backupCode: Buffer;
}

export function accountKeysOf(secret: string): AccountKeys {
  return {
    emailLink: deriveKey(secret, 'pika.email-link'),
    loginEmail: deriveKey(secret, 'pika.login-email'),
    request: deriveKey(secret, 'pika.account-request'),
    totpSecret: deriveKey(secret, 'pika.totp-secret'),
    backupCode: deriveKey(secret, 'pika.backup-code'),
  };
}
