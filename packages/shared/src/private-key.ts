import { createPrivateKey, type KeyObject } from 'node:crypto';
import { deriveKey } from './derived-key.ts';
import { seal, unseal } from './sealed.ts';

/** PKCS #8, sealed for one purpose and under the name of the key. */
export function sealPrivateKey(privateKey: KeyObject, kid: string, { secret, purpose }: KeySealing): Buffer {
  return seal(deriveKey(secret, purpose), privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
}

export interface KeySealing {
  secret: string;
  /** What keeps the keys of one purpose from opening those of another under the same secret. */
  purpose: string;
}

/** Throws where it was sealed under another secret, purpose or name. */
export function openPrivateKey(sealed: Uint8Array, kid: string, { secret, purpose }: KeySealing): KeyObject {
  return createPrivateKey({ key: unseal(deriveKey(secret, purpose), sealed, kid), format: 'der', type: 'pkcs8' });
}
