import { sign } from 'node:crypto';
import { jobContext, singleStatements, type Database } from '@pika/database';
import { openKeyRing, type StoredKey } from '@pika/shared';
import {
  signVoucherToken,
  writeRevocationFilter,
  type SignedVoucherToken,
  type VoucherKey,
  type VoucherTokenKind,
} from '@pika/shared/voucher-token';
import { voucherKeyRing } from './voucher-key.ring.ts';

export interface VoucherKeys {
  /** What verifies, for `verifyVoucherToken`; keys that will sign too. */
  published(): VoucherKey[];
  /** The text of a QR code. Asks no database, so it may stand in a transaction. */
  sign(token: { kind: VoucherTokenKind; id: string; expiresAt: Date }): SignedVoucherToken;
  signRevocations(ids: readonly string[], madeAt: Date): Uint8Array;
  refresh(): Promise<void>;
  stop(): void;
}

interface VoucherKeysOptions {
  secret: string;
  now: () => Date;
  /** Told of look-ups that failed; what was known stays in use. */
  onError: (error: unknown) => void;
  everySeconds?: number;
}

/** Throws `ConfigError` where the secret does not open the key that signs. */
export async function openVoucherKeys(
  database: Database,
  { secret, ...options }: VoucherKeysOptions,
): Promise<VoucherKeys> {
  const db = singleStatements(database, jobContext('voucher-keys'));
  const keys = await openKeyRing(voucherKeyRing(db, secret), options);

  function signer() {
    const { key, privateKey } = keys.active();
    return { key: publicPartOf(key), sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) };
  }

  return {
    published: () => keys.published().map(publicPartOf),
    sign(token) {
      const { key, sign: signBytes } = signer();
      return signVoucherToken(token, key, signBytes);
    },
    signRevocations(ids, madeAt) {
      const { key, sign: signBytes } = signer();
      return writeRevocationFilter(ids, { madeAt, kid: key.kid, sign: signBytes });
    },
    refresh: () => keys.refresh(),
    stop: () => keys.stop(),
  };
}

function publicPartOf({ kid, publicJwk, activeFrom, retiresAt }: StoredKey): VoucherKey {
  const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
  return { kid, x: publicJwk.x, nbf: seconds(activeFrom), exp: seconds(retiresAt) };
}
