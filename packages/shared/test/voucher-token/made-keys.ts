import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { VoucherKey } from '../../src/voucher-token/index.ts';

export interface MadeKey extends VoucherKey {
  privateKey: KeyObject;
  sign: (bytes: Uint8Array) => Uint8Array;
}

export function makeKey({ nbf, exp }: { nbf: number; exp: number }): MadeKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kid, x, nbf, exp, privateKey, sign: (bytes) => sign(null, bytes, privateKey) };
}

/** One whose name begins like another's, which tokens do not tell apart. */
export function makeKeyLike(other: MadeKey): MadeKey {
  for (;;) {
    const key = makeKey(other);
    if (key.kid[0] === other.kid[0]) return key;
  }
}
