import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { PublicKey } from './key-set.ts';
import { sealPrivateKey, type KeySealing } from './private-key.ts';

export interface StoredKey {
  kid: string;
  publicJwk: PublicKey;
  encryptedPrivateKey: Uint8Array;
  publishedAt: Date;
  activeFrom: Date;
  retiresAt: Date;
}

/** Where the keys of one purpose lie. */
export interface KeyStore {
  /** Every key, the one that begins to sign last at the end. */
  list(): Promise<StoredKey[]>;
  /** Whether it was published: not where `newestKid` is the newest no more. Those before it retire so long after it begins. */
  insert(key: StoredKey, rules: { overlapSeconds: number; newestKid: string | null }): Promise<boolean>;
}

export interface KeyRing extends KeySealing {
  store: KeyStore;
  /** What the keys sign, and the setting that opens them, for who reads that it does not. */
  signs: string;
  secretName: string;
  /** How long what they sign is good, at most. */
  tokenSeconds: number;
  /** How long before it signs a key is published: as long as a verifier may have been without news. */
  publishedAheadSeconds: number;
}

const daySeconds = 86_400;
const rotatedAfterSeconds = 30 * daySeconds;
/** Tokens live less than this; the rest is for a process that has not heard of the next key yet. */
const overlapSeconds = 3_600;
/** A key that nobody rotates signs for so long and is followed then. */
const livesSeconds = 90 * daySeconds;

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1_000);

/** The key that signs: of those that began, the newest, while it outlives a token. */
export function activeKey<Key extends Pick<StoredKey, 'activeFrom' | 'retiresAt'>>(
  keys: readonly Key[],
  now: Date,
  tokenSeconds: number,
): Key | undefined {
  const outlives = later(now, tokenSeconds);
  return keys.findLast(({ activeFrom, retiresAt }) => activeFrom <= now && retiresAt > outlives);
}

/** Every key, after one that signs at once was made where there was none: one, however many processes start together. */
export async function ensureKeys(ring: KeyRing, now: Date): Promise<StoredKey[]> {
  const keys = await ring.store.list();
  if (activeKey(keys, now, ring.tokenSeconds) !== undefined) return keys;
  await ring.store.insert(newKey(ring, { now, activeFrom: now }), {
    overlapSeconds,
    newestKid: keys.at(-1)?.kid ?? null,
  });
  return ring.store.list();
}

type Rotation = { outcome: 'rotated'; kid: string; activeFrom: Date } | { outcome: 'pending'; activeFrom: Date };

/**
 * Publishes the next key, which begins to sign a while later; those before it retire an hour after that. `pending` where
 * the next one is published already. `atOnce`, for a key that was stolen: the next signs now, and nothing that was signed
 * before is good any more.
 */
export async function rotateKeys(
  ring: KeyRing,
  { now, atOnce = false }: { now: Date; atOnce?: boolean },
): Promise<Rotation> {
  const newest = (await ring.store.list()).at(-1);
  if (newest !== undefined && newest.activeFrom > now && !atOnce) {
    return { outcome: 'pending', activeFrom: newest.activeFrom };
  }
  const isFirst = newest === undefined || newest.retiresAt <= now;
  const activeFrom = atOnce || isFirst ? now : later(now, ring.publishedAheadSeconds);
  const key = newKey(ring, { now, activeFrom });
  const isInserted = await ring.store.insert(key, {
    overlapSeconds: atOnce ? 0 : overlapSeconds,
    newestKid: newest?.kid ?? null,
  });
  if (isInserted) return { outcome: 'rotated', kid: key.kid, activeFrom: key.activeFrom };
  return rotateKeys(ring, { now, atOnce });
}

/** What time asks: the next key where the newest has signed for thirty days. */
export async function rotateDueKeys(ring: KeyRing, now: Date): Promise<Rotation | null> {
  const newest = (await ensureKeys(ring, now)).at(-1);
  if (newest === undefined || newest.activeFrom > later(now, -rotatedAfterSeconds)) return null;
  return rotateKeys(ring, { now });
}

function newKey(ring: KeyRing, { now, activeFrom }: { now: Date; activeFrom: Date }): StoredKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const kid = thumbprint({ crv: 'Ed25519', kty: 'OKP', x });
  return {
    kid,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' },
    encryptedPrivateKey: sealPrivateKey(privateKey, kid, ring),
    publishedAt: now,
    activeFrom,
    retiresAt: later(activeFrom, livesSeconds),
  };
}

/** RFC 7638: of the members that are required, in this order. */
function thumbprint(jwk: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
}
