import { createHmac } from 'node:crypto';
import type { AccountKeys } from '../account-keys.ts';

/** An e-mail address that was given, known to us or not, as it is counted. */
export const emailHash = ({ loginEmail }: Pick<AccountKeys, 'loginEmail'>, email: string): Buffer =>
  createHmac('sha256', loginEmail).update(email).digest();
