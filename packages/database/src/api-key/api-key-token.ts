import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface NewApiKey {
  /** `pika_<prefix>_<secret>`: to be shown once. */
  token: string;
  /** With `pika_` before it, as it is stored. */
  prefix: string;
  secretHash: Buffer;
}

export interface ApiKeyToken {
  prefix: string;
  secretHash: Buffer;
}

const prefixBytes = 6;
const secretBytes = 32;
const form = /^(pika_[a-z0-9]{8,16})_([\w-]{43})$/;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

/** The secret has 256 random bits, so that its plain hash cannot be guessed back. */
export function newApiKey(): NewApiKey {
  const prefix = `pika_${randomBytes(prefixBytes).toString('hex')}`;
  const secret = randomBytes(secretBytes).toString('base64url');
  return { token: `${prefix}_${secret}`, prefix, secretHash: hashOf(secret) };
}

/** Null for what is no key of ours. */
export function readApiKeyToken(token: string): ApiKeyToken | null {
  const [, prefix, secret] = form.exec(token) ?? [];
  return prefix === undefined || secret === undefined ? null : { prefix, secretHash: hashOf(secret) };
}

/** In the same time wherever they differ. */
export const isSameHash = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
