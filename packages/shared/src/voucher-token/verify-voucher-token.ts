import { tokenBytes } from './signed-bytes.ts';
import { isSignedBy, type VoucherKey } from './voucher-key.ts';
import { readVoucherToken, type VoucherTokenKind } from './voucher-token-text.ts';

export interface VoucherTokenRules {
  now: Date;
  /** Of a downloaded filter; without it nothing is known to be revoked. */
  revoked?: { has(id: string): boolean };
}

export type VoucherTokenVerdict =
  | { isGood: true; kind: VoucherTokenKind; id: string; expiresAt: Date; kid: string }
  | { isGood: false; reason: 'malformed' | 'unknownKey' | 'badSignature' | 'expired' }
  /** Or, once in about a million, the filter mistakes it: ask the network. */
  | { isGood: false; reason: 'revoked'; kind: VoucherTokenKind; id: string; expiresAt: Date; kid: string };

/**
 * What a token is good for now, by the keys at hand and without network. Says nothing of what happened since the filter
 * was made. Rejects where this runtime has no Ed25519.
 */
export async function verifyVoucherToken(
  text: string,
  keys: readonly VoucherKey[],
  { now, revoked }: VoucherTokenRules,
): Promise<VoucherTokenVerdict> {
  const parts = readVoucherToken(text);
  if (parts === null) return { isGood: false, reason: 'malformed' };
  const { kind, id, keyTag, minutes, signature } = parts;
  const fitting = keys.filter((key) => key.kid.startsWith(keyTag) && key.exp * 1_000 > now.getTime());
  if (fitting.length === 0) return { isGood: false, reason: 'unknownKey' };
  for (const { kid, x, nbf, exp } of fitting) {
    const expiry = nbf + minutes * 60;
    const expiresAt = new Date(expiry * 1_000);
    if (!(await isSignedBy({ x }, signature, tokenBytes({ kind, id, expiresAt }, kid)))) continue;
    if (expiresAt <= now || expiry > exp) return { isGood: false, reason: 'expired' };
    if (revoked?.has(id) === true) return { isGood: false, reason: 'revoked', kind, id, expiresAt, kid };
    return { isGood: true, kind, id, expiresAt, kid };
  }
  return { isGood: false, reason: 'badSignature' };
}
