import { tokenBytes, type VoucherTokenContent } from './signed-bytes.ts';
import type { VoucherKey } from './voucher-key.ts';
import { minutesMax, writeVoucherToken } from './voucher-token-text.ts';

export interface SignedVoucherToken {
  text: string;
  /** What was wished, or up to a minute earlier. */
  expiresAt: Date;
}

/** Throws `RangeError` where it would outlive its key, or expires before the key began. */
export function signVoucherToken(
  { kind, id, expiresAt }: VoucherTokenContent,
  { kid, nbf, exp }: Omit<VoucherKey, 'x'>,
  sign: (bytes: Uint8Array) => Uint8Array,
): SignedVoucherToken {
  const minutes = Math.floor((expiresAt.getTime() / 1_000 - nbf) / 60);
  const expiry = nbf + minutes * 60;
  if (minutes < 0 || minutes > minutesMax || expiry > exp) {
    throw new RangeError('A voucher token lives no longer than its key.');
  }
  const content = { kind, id: id.toLowerCase(), expiresAt: new Date(expiry * 1_000) };
  const signature = Uint8Array.from(sign(tokenBytes(content, kid)));
  return {
    text: writeVoucherToken({ kind, id: content.id, keyTag: kid.charAt(0), minutes, signature }),
    expiresAt: content.expiresAt,
  };
}
