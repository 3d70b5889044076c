import type { Db } from '@pika/database';
import { accessTokenSeconds, newId } from '@pika/shared';
import type { SigningKeys } from '../signing-key/open-signing-keys.ts';
import { hashOf, newRefreshToken, successorOf } from './refresh-token.ts';
import {
  findOwnClaims,
  insertRefreshToken,
  insertSession,
  lockPerson,
  rotateToken,
  type ClaimsRow,
  type RotationRow,
} from './session.repository.ts';

/** What tokens are made with, and how long sessions live. */
export interface TokenRules {
  signingKeys: Pick<SigningKeys, 'sign'>;
  /** `refreshKeyOf` the secret. */
  refreshKey: Buffer;
  /** Without use. */
  idleSeconds: number;
  /** In all. */
  maxSeconds: number;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Of the access token, in seconds. */
  expiresIn: number;
  tokenType: 'Bearer';
}

/** An answer that was lost can be had again so long; a second exchange later than that is a theft. */
const refreshGraceSeconds = 10;

/** What a session keeps of the User-Agent header. */
export const keptUserAgent = (header: string | null): string | null => header?.slice(0, 400) ?? null;

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1_000);

/**
 * Logs a person in, in a transaction whose actor is that person: who it is has been shown by then. Null for who is
 * suspended or erased.
 */
export async function startSession(
  tx: Db,
  rules: TokenRules,
  login: { userId: string; userAgent: string | null; clientAddress: string | null; now: Date },
): Promise<(TokenPair & { sessionId: string }) | null> {
  const { userId, now } = login;
  await lockPerson(tx, userId);
  const claims = await findOwnClaims(tx);
  if (claims === null) return null;
  const sessionId = newId(now);
  const tokenId = newId(now);
  const refreshToken = newRefreshToken();
  const expiresAt = later(now, rules.maxSeconds);
  await insertSession(tx, {
    id: sessionId,
    userId,
    userAgent: keptUserAgent(login.userAgent),
    clientAddress: login.clientAddress === '' ? null : login.clientAddress,
    createdAt: now,
    expiresAt,
  });
  await insertRefreshToken(tx, {
    id: tokenId,
    sessionId,
    hash: hashOf(refreshToken),
    issuedAt: now,
    expiresAt: later(now, Math.min(rules.idleSeconds, rules.maxSeconds)),
  });
  const pair = await pairOf(rules, { claims, userId, sessionId, tokenId, issuedAt: now }, refreshToken, now);
  return { ...pair, sessionId };
}

export type Refreshed =
  | { verdict: 'rotated' | 'repeated'; pair: TokenPair }
  /** `reused` has revoked the session: tell the process's own list of them. */
  | { verdict: 'reused'; sessionId: string }
  | { verdict: 'unknown' | 'revoked' | 'expired' | 'inactive' };

/**
 * Exchanges a refresh token for a new pair: the same pair for every exchange within ten seconds, whoever comes at once;
 * later than that the session is revoked. Throws for none of it, so that the transaction commits what was decided.
 */
export async function rotateRefreshToken(
  db: Db,
  rules: TokenRules,
  { refreshToken, now }: { refreshToken: string; now: Date },
): Promise<Refreshed> {
  const successor = successorOf(refreshToken, rules.refreshKey);
  const row = await rotateToken(db, {
    tokenHash: hashOf(refreshToken),
    successorId: newId(now),
    successorHash: hashOf(successor),
    now,
    graceSeconds: refreshGraceSeconds,
    idleSeconds: rules.idleSeconds,
  });
  switch (row.verdict) {
    case 'rotated':
    case 'repeated':
      return { verdict: row.verdict, pair: await pairOf(rules, issuedBy(row), successor, now) };
    case 'reused':
      return { verdict: row.verdict, sessionId: present(row.sessionId) };
    default:
      return { verdict: row.verdict };
  }
}

interface Issued {
  claims: ClaimsRow;
  userId: string;
  sessionId: string;
  tokenId: string;
  issuedAt: Date;
}

function issuedBy({ roles, businesses, languageCode = null, ...row }: RotationRow): Issued {
  return {
    claims: { roles: present(roles), businesses: present(businesses), languageCode },
    userId: present(row.userId),
    sessionId: present(row.sessionId),
    tokenId: present(row.tokenId),
    issuedAt: present(row.issuedAt),
  };
}

function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('identity.rotate_refresh_token left a column open');
  return value;
}

/** Nothing of it depends on when it is asked again, so a repeated answer carries the very same tokens. */
async function pairOf(
  { signingKeys }: TokenRules,
  { claims, userId, sessionId, tokenId, issuedAt }: Issued,
  refreshToken: string,
  now: Date,
): Promise<TokenPair> {
  const accessToken = await signingKeys.sign({
    sub: userId,
    sid: sessionId,
    roles: claims.roles,
    businesses: claims.businesses,
    ...(claims.languageCode === null ? {} : { lang: claims.languageCode }),
    jti: tokenId,
    issuedAt,
  });
  const ageSeconds = Math.max(0, Math.floor((now.getTime() - issuedAt.getTime()) / 1_000));
  return { accessToken, refreshToken, expiresIn: accessTokenSeconds - ageSeconds, tokenType: 'Bearer' };
}
