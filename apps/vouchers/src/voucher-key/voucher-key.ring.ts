import type { Db } from '@pika/database';
import type { KeyRing } from '@pika/shared';
import { insertVoucherKey, listVoucherKeys } from './voucher-key.repository.ts';

/** What a QR code is good for, at most: a till without network learns of nothing that happens meanwhile. */
export const voucherTokenSeconds = 900;

/** So long a till may have been without network, and knows the key of every token that it is shown. */
const publishedAheadSeconds = 7 * 86_400;

/** The keys of voucher tokens and of revocation filters. */
export function voucherKeyRing(db: Db, secret: string): KeyRing {
  return {
    store: { list: () => listVoucherKeys(db), insert: (key, rules) => insertVoucherKey(db, key, rules) },
    secret,
    purpose: 'pika.voucher-key',
    signs: 'voucher tokens',
    secretName: 'VOUCHER_SECRET',
    tokenSeconds: voucherTokenSeconds,
    publishedAheadSeconds,
  };
}
