import { jobContext, singleStatements, type Database } from '@pika/database';
import { openKeyRing, signAccessToken, type ClaimsToSign, type PublicKeySet } from '@pika/shared';
import { signingKeyRing } from './signing-key.ring.ts';

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

/** Throws `ConfigError` where the secret does not open the key that signs. */
export async function openSigningKeys(
  database: Database,
  { secret, issuer, ...options }: SigningKeysOptions,
): Promise<SigningKeys> {
  const db = singleStatements(database, jobContext('signing-keys'));
  const keys = await openKeyRing(signingKeyRing(db, secret), options);
  return {
    published: () => ({ keys: keys.published().map(({ publicJwk }) => publicJwk) }),
    async sign(claims) {
      const { key, privateKey } = keys.active();
      return signAccessToken(claims, { issuer, kid: key.kid, privateKey });
    },
    refresh: () => keys.refresh(),
    stop: () => keys.stop(),
  };
}
