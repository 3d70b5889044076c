import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { Db } from '@pika/database';
import { accessTokenSeconds, type PublicKey } from '@pika/shared';
import { sealPrivateKey } from './private-key.ts';
import { insertSigningKey, listSigningKeys, type StoredKey } from './signing-key.repository.ts';

const daySeconds = 86_400;
const rotatedAfterSeconds = 30 * daySeconds;
/** Verifiers look the published keys up every five minutes, and may be given an answer five minutes old. */
const publishedAheadSeconds = 3_600;
/** The last token of a key lives ten minutes; the rest is for a process that has not heard of the next key yet. */
const overlapSeconds = 3_600;
/** A key that nobody rotates signs for so long and is followed then. */
const livesSeconds = 90 * daySeconds;

interface KeyRules {
  secret: string;
  now: Date;
}

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1_000);

/** The key that signs: of those that began, the newest, while it outlives a token. */
export function activeKey<Key extends Pick<StoredKey, 'activeFrom' | 'retiresAt'>>(
  keys: readonly Key[],
  now: Date,
): Key | undefined {
  const outlives = later(now, accessTokenSeconds);
  return keys.findLast(({ activeFrom, retiresAt }) => activeFrom <= now && retiresAt > outlives);
}

/** Every key, after one that signs at once was made where there was none: one, however many processes start together. */
export async function ensureSigningKeys(db: Db, { secret, now }: KeyRules): Promise<StoredKey[]> {
  const keys = await listSigningKeys(db);
  if (activeKey(keys, now) !== undefined) return keys;
  await insertSigningKey(db, newKey({ secret, now, activeFrom: now }), {
    overlapSeconds,
    newestKid: keys.at(-1)?.kid ?? null,
  });
  return listSigningKeys(db);
}

type Rotation = { outcome: 'rotated'; kid: string; activeFrom: Date } | { outcome: 'pending'; activeFrom: Date };

/**
 * Publishes the next key, which begins to sign an hour later; those before it retire an hour after that. `pending` where
 * the next one is published already. `atOnce`, for a key that was stolen: the next signs now, and nothing that was signed
 * before is good any more.
 */
export async function rotateSigningKeys(
  db: Db,
  { secret, now, atOnce = false }: KeyRules & { atOnce?: boolean },
): Promise<Rotation> {
  const newest = (await listSigningKeys(db)).at(-1);
  if (newest !== undefined && newest.activeFrom > now && !atOnce) {
    return { outcome: 'pending', activeFrom: newest.activeFrom };
  }
  const isFirst = newest === undefined || newest.retiresAt <= now;
  const key = newKey({ secret, now, activeFrom: atOnce || isFirst ? now : later(now, publishedAheadSeconds) });
  const isInserted = await insertSigningKey(db, key, {
    overlapSeconds: atOnce ? 0 : overlapSeconds,
    newestKid: newest?.kid ?? null,
  });
  if (isInserted) return { outcome: 'rotated', kid: key.kid, activeFrom: key.activeFrom };
  return rotateSigningKeys(db, { secret, now, atOnce });
}

/** What time asks: the next key where the newest has signed for thirty days. */
export async function rotateDueSigningKeys(db: Db, rules: KeyRules): Promise<Rotation | null> {
  const newest = (await ensureSigningKeys(db, rules)).at(-1);
  if (newest === undefined || newest.activeFrom > later(rules.now, -rotatedAfterSeconds)) return null;
  return rotateSigningKeys(db, rules);
}

function newKey({ secret, now, activeFrom }: KeyRules & { activeFrom: Date }): StoredKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const kid = thumbprint({ crv: 'Ed25519', kty: 'OKP', x });
  const publicJwk: PublicKey = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
  return {
    kid,
    publicJwk,
    encryptedPrivateKey: sealPrivateKey(privateKey, kid, secret),
    publishedAt: now,
    activeFrom,
    retiresAt: later(activeFrom, livesSeconds),
  };
}

/** RFC 7638: of the members that are required, in this order. */
function thumbprint(jwk: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
}
