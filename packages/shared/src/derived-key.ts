import { hkdfSync } from 'node:crypto';

/** 256 bits of a secret for one purpose: who has those of one learns nothing of another's. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}
