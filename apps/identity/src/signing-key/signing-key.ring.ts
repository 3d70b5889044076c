import type { Db } from '@pika/database';
import { accessTokenSeconds, type KeyRing } from '@pika/shared';
import { insertSigningKey, listSigningKeys } from './signing-key.repository.ts';

/** Verifiers look the published keys up every five minutes, and may be given an answer five minutes old. */
const publishedAheadSeconds = 3_600;

/** The keys of access tokens. */
export function signingKeyRing(db: Db, secret: string): KeyRing {
  return {
    store: { list: () => listSigningKeys(db), insert: (key, rules) => insertSigningKey(db, key, rules) },
    secret,
    purpose: 'pika.signing-key',
    signs: 'access tokens',
    secretName: 'IDENTITY_SECRET',
    tokenSeconds: accessTokenSeconds,
    publishedAheadSeconds,
  };
}
