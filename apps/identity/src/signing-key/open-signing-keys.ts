import type { KeyObject } from 'node:crypto';
import { jobContext, singleStatements, type Database } from '@pika/database';
import { signAccessToken, type ClaimsToSign, type PublicKeySet } from '@pika/shared';
import { openPrivateKey } from './private-key.ts';
import type { StoredKey } from './signing-key.repository.ts';
import { activeKey, ensureSigningKeys } from './signing-key.service.ts';

export interface SigningKeys {
  /** The public halves, of keys that will sign too. */
  published(): PublicKeySet;
  /** The access token with these claims. Asks no database, so it may stand in a transaction. */
  sign(claims: ClaimsToSign): Promise<string>;
  refresh(): Promise<void>;
  stop(): void;
}

interface SigningKeysOptions {
  secret: string;
  issuer: string;
  now: () => Date;
  /** Told of look-ups that failed; what was known stays in use. */
  onError: (error: unknown) => void;
  everySeconds?: number;
}

/**
 * Keeps the keys at hand, looked up every minute; where none signs, one is made. Throws `ConfigError` where the secret does
 * not open the one that signs, because a new one in its place would end every session's tokens.
 */
export async function openSigningKeys(
  database: Database,
  { secret, issuer, now, onError, everySeconds = 60 }: SigningKeysOptions,
): Promise<SigningKeys> {
  const db = singleStatements(database, jobContext('signing-keys'));
  const opened = new Map<string, KeyObject>();
  let keys: readonly StoredKey[] = [];

  function privateKeyOf({ kid, encryptedPrivateKey }: StoredKey): KeyObject {
    const known = opened.get(kid) ?? openPrivateKey(encryptedPrivateKey, kid, secret);
    opened.set(kid, known);
    return known;
  }

  async function refresh(): Promise<void> {
    const found = await ensureSigningKeys(db, { secret, now: now() });
    const active = activeKey(found, now());
    if (active !== undefined) privateKeyOf(active);
    keys = found;
    for (const kid of opened.keys()) if (!found.some((key) => key.kid === kid)) opened.delete(kid);
  }

  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), everySeconds * 1_000);
  timer.unref();

  return {
    published: () => ({ keys: keys.filter(({ retiresAt }) => retiresAt > now()).map(({ publicJwk }) => publicJwk) }),
    async sign(claims) {
      const key = activeKey(keys, now());
      if (key === undefined) throw new Error('No key signs access tokens.');
      return signAccessToken(claims, { issuer, kid: key.kid, privateKey: privateKeyOf(key) });
    },
    refresh,
    stop: () => clearInterval(timer),
  };
}
