/** Says of the set that its keys verify voucher tokens and revocation filters, and nothing else. */
export const voucherKeySetType = 'pika-voucher-keys';

/** A public key as /.well-known/voucher-keys.json has it, without what is the same in all. */
export interface VoucherKey {
  readonly kid: string;
  /** base64url of the 32 bytes. */
  readonly x: string;
  /** From when it signs, in seconds: what tokens count their minutes from. */
  readonly nbf: number;
  /** From when nothing that it signed is good, in seconds. */
  readonly exp: number;
}

/** The Ed25519 keys of a downloaded set; null where it is no set of voucher keys. */
export function readVoucherKeys(set: unknown): VoucherKey[] | null {
  if (!isRecord(set) || set['typ'] !== voucherKeySetType || !Array.isArray(set['keys'])) return null;
  const keys: VoucherKey[] = [];
  for (const key of set['keys'] as unknown[]) {
    if (!isVoucherKey(key)) return null;
    keys.push({ kid: key.kid, x: key.x, nbf: key.nbf, exp: key.exp });
  }
  return keys;
}

function isVoucherKey(key: unknown): key is VoucherKey {
  return (
    isRecord(key) &&
    key['kty'] === 'OKP' &&
    key['crv'] === 'Ed25519' &&
    typeof key['kid'] === 'string' &&
    /^[\w-]{43}$/.test(key['kid']) &&
    typeof key['x'] === 'string' &&
    /^[\w-]{43}$/.test(key['x']) &&
    Number.isSafeInteger(key['nbf']) &&
    Number.isSafeInteger(key['exp'])
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether the key signed these bytes. Rejects where this runtime has no Ed25519. */
export async function isSignedBy(
  { x }: Pick<VoucherKey, 'x'>,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x };
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, bytes);
}
