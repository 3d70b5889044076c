import { readFileSync } from 'node:fs';
import type { FieldError } from '@pika/shared';
import { normalizedPassword } from './password-hash.ts';

/** ASVS 5.0, 6.2.1: at least 8; 6.2.9: 64 and more are taken. In characters, after normalisation. */
export const passwordLengthMin = 8;
export const passwordLengthMax = 128;

const common: ReadonlySet<string> = new Set(
  readFileSync(new URL('../../src/password/common-passwords.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);

/** What it is called, what it deals with, who works with it: words that are tried first by who knows where they are. */
const ownWords =
  /(?:pika|voucher|coupon|cup[oó]n|vale|offer|oferta|market(?:place)?|business|merchant|negocio|consumer|owner|manager|redeemer|staff|support|admin|user|demo|login|password|contraseña|clave|secret)(?:e?s)?/g;

/** What is wrong with a new password: its length, or that everybody would guess it. There are no rules of composition. */
export function passwordErrors(field: string, password: string, email: string | null): FieldError[] {
  const text = normalizedPassword(password);
  const length = Array.from(text).length;
  if (length < passwordLengthMin) return [{ field, code: 'tooShort', params: { minimum: passwordLengthMin } }];
  if (length > passwordLengthMax) return [{ field, code: 'tooLong', params: { maximum: passwordLengthMax } }];
  const lower = text.toLowerCase();
  if (common.has(lower)) return [{ field, code: 'commonPassword' }];
  if (isOfOwnWords(lower)) return [{ field, code: 'passwordOfOwnWords' }];
  if (email !== null && isOfEmail(lower, email.toLowerCase())) return [{ field, code: 'passwordIsEmail' }];
  return [];
}

/** Whether there is nothing in it but such words, digits and signs. */
function isOfOwnWords(password: string): boolean {
  const without = password.replaceAll(ownWords, '');
  return without.length < password.length && !/\p{L}/u.test(without);
}

/** The address, or what stands before its @. */
function isOfEmail(password: string, email: string): boolean {
  return password === email || password === email.slice(0, email.lastIndexOf('@'));
}
