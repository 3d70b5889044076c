import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { seal, unseal } from '@pika/shared';
import { Secret, TOTP } from 'otpauth';
import type { AccountKeys } from '../account-keys.ts';

const stepSeconds = 30;
/** RFC 4226 asks for 128 bits and recommends 160. */
const secretBytes = 20;

export const newTotpSecret = (): Buffer => randomBytes(secretBytes);

/** For the app that shows codes: the secret in base 32, and the address that its QR code holds. */
export function totpEnrolment(secret: Uint8Array, label: string): { secret: string; uri: string } {
  const totp = new TOTP({ issuer: 'Pika', label, secret: secretOf(secret), period: stepSeconds });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The step that a code belongs to: this one, the one before or the one after; null for a wrong code. */
export function stepOfCode(secret: Uint8Array, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = TOTP.validate({ secret: secretOf(secret), token: code, timestamp, period: stepSeconds, window: 1 });
  return delta === null ? null : TOTP.counter({ timestamp, period: stepSeconds }) + delta;
}

const secretOf = (bytes: Uint8Array) => new Secret({ buffer: new Uint8Array(bytes).buffer });

export const sealTotpSecret = ({ totpSecret }: Pick<AccountKeys, 'totpSecret'>, userId: string, secret: Uint8Array) =>
  seal(totpSecret, secret, userId);

export const openTotpSecret = ({ totpSecret }: Pick<AccountKeys, 'totpSecret'>, userId: string, sealed: Uint8Array) =>
  unseal(totpSecret, sealed, userId);

/** Without what looks like something else. */
const letters = '23456789abcdefghjkmnpqrstuvwxyz';
const backupCodeCount = 10;
const backupCodeLength = 12;

/** Ten different codes of 59 bits: `abcd-efgh-jkmn`. */
export function newBackupCodes(): string[] {
  const codes = new Set<string>();
  while (codes.size < backupCodeCount) {
    const code = Array.from({ length: backupCodeLength }, () => letters[randomInt(letters.length)]).join('');
    codes.add(code.replaceAll(/(.{4})(?!$)/g, '$1-'));
  }
  return [...codes];
}

/** As it is compared: without hyphens and spaces, in lower case. */
export const bareCode = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();

/** What is stored of a backup code. Keyed, because 59 bits alone can be tried out. */
export const backupCodeHash = ({ backupCode }: Pick<AccountKeys, 'backupCode'>, userId: string, code: string): Buffer =>
  createHmac('sha256', backupCode)
    .update(`${userId}:${bareCode(code)}`)
    .digest();
