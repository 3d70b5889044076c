import { createHash, createHmac, randomBytes } from 'node:crypto';
import { deriveKey } from '@pika/shared';

export const refreshKeyOf = (secret: string): Buffer => deriveKey(secret, 'pika.refresh-token');

/** 256 random bits. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/**
 * What a token is exchanged for. It follows from the token, so that a lost answer can be given again though only hashes
 * are stored; without the server's key nobody can tell it.
 */
export const successorOf = (token: string, refreshKey: Buffer): string =>
  createHmac('sha256', refreshKey).update(token).digest('base64url');

/** What is stored of a token. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
