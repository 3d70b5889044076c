import { hash } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { accessTokenSeconds, clockToleranceSeconds, type AccessClaims } from './access-token.ts';
import { verifyAccessToken, type TokenVerification } from './verify-access-token.ts';

const rememberedMax = 5_000;

interface Remembered {
  readonly claims: AccessClaims;
  readonly kid: string;
  readonly key: CryptoKey;
}

/**
 * `verifyAccessToken`, with the tokens that were good lately remembered by their SHA-256 until they expire or their key is
 * read anew: a verification takes 104 µs of processor time, remembering 1 µs, a small request in all 30 µs.
 */
export function rememberingVerifier(
  verification: TokenVerification,
  max: number = rememberedMax,
): (token: string) => Promise<AccessClaims> {
  const { keySet, now } = verification;
  const remembered = new Map<string, Remembered>();

  async function recall(digest: string): Promise<AccessClaims | null> {
    const found = remembered.get(digest);
    if (found === undefined) return null;
    remembered.delete(digest);
    const goodUntil = Math.min(found.claims.exp, found.claims.iat + accessTokenSeconds) + clockToleranceSeconds;
    const isExpired = goodUntil <= Math.floor(now().getTime() / 1_000);
    if (isExpired || (await keySet.find(found.kid)) !== found.key) return null;
    remembered.set(digest, found);
    return found.claims;
  }

  return async (token) => {
    const digest = hash('sha256', token, 'base64url');
    const known = await recall(digest);
    if (known !== null) return known;
    const verified = await verifyAccessToken(token, verification);
    remembered.set(digest, verified);
    const [oldest] = remembered.keys();
    if (remembered.size > max && oldest !== undefined) remembered.delete(oldest);
    return verified.claims;
  };
}
