import { orderOf, rowsAfter, runBatches, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { MemberRole, PlatformRole } from '@pika/shared';

export interface ClaimsRow {
  roles: PlatformRole[];
  businesses: Record<string, MemberRole>;
  languageCode: string | null;
}

export interface SessionRow {
  id: string;
  userAgent: string | null;
  clientAddress: string | null;
  impersonatedBy: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

interface NewSession {
  id: string;
  userId: string;
  userAgent: string | null;
  clientAddress: string | null;
  createdAt: Date;
  expiresAt: Date;
}

interface NewRefreshToken {
  id: string;
  sessionId: string;
  hash: Uint8Array;
  issuedAt: Date;
  expiresAt: Date;
}

type RevokeReason = 'log_out' | 'log_out_everywhere' | 'ended_by_user' | 'ended_by_support' | 'password_changed';

export interface RotationRow extends Partial<ClaimsRow> {
  verdict: 'rotated' | 'repeated' | 'reused' | 'unknown' | 'revoked' | 'expired' | 'inactive';
  sessionId: string | null;
  userId: string | null;
  tokenId: string | null;
  issuedAt: Date | null;
}

/** What a token says of the person the transaction acts for; null for who may not log in. */
export async function findOwnClaims(db: Db): Promise<ClaimsRow | null> {
  const [row] = await db.$queryRaw<ClaimsRow[]>(sql`
    SELECT roles, businesses, language_code AS "languageCode" FROM identity.own_claims()`);
  return row ?? null;
}

/** Who suspends or erases the person waits until the transaction ends, and finds its session. */
export async function lockPerson(db: Db, userId: string): Promise<void> {
  await db.$queryRaw(sql`SELECT id FROM users.users WHERE id = ${userId}::uuid FOR SHARE`);
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO identity.sessions (id, user_id, user_agent, client_address, created_at, last_used_at, expires_at)
    VALUES (${session.id}::uuid, ${session.userId}::uuid, ${session.userAgent}, ${session.clientAddress}::inet,
      ${session.createdAt}::timestamptz, ${session.createdAt}::timestamptz, ${session.expiresAt}::timestamptz)`);
}

export async function insertRefreshToken(db: Db, token: NewRefreshToken): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO identity.refresh_tokens (id, session_id, token_hash, issued_at, expires_at)
    VALUES (${token.id}::uuid, ${token.sessionId}::uuid, ${token.hash}, ${token.issuedAt}::timestamptz,
      ${token.expiresAt}::timestamptz)`);
}

/** For a caller who is not known yet: the database finds the session by the hash alone. */
export async function rotateToken(
  db: Db,
  rotation: {
    tokenHash: Uint8Array;
    successorId: string;
    successorHash: Uint8Array;
    now: Date;
    graceSeconds: number;
    idleSeconds: number;
  },
): Promise<RotationRow> {
  const [row] = await db.$queryRaw<RotationRow[]>(sql`
    SELECT verdict, session_id AS "sessionId", user_id AS "userId", token_id AS "tokenId", issued_at AS "issuedAt",
      roles, businesses, language_code AS "languageCode"
    FROM identity.rotate_refresh_token(
      ${rotation.tokenHash}, ${rotation.successorId}::uuid, ${rotation.successorHash}, ${rotation.now}::timestamptz,
      make_interval(secs => ${rotation.graceSeconds}::float8), make_interval(secs => ${rotation.idleSeconds}::float8)
    )`);
  if (row === undefined) throw new Error('identity.rotate_refresh_token gave no verdict');
  return row;
}

/** Whether it lived until now. Another's is not found. */
export async function revokeSession(
  db: Db,
  { userId, sessionId, reason, now }: { userId: string; sessionId: string; reason: RevokeReason; now: Date },
): Promise<boolean> {
  const revoked = await db.$executeRaw(sql`
    UPDATE identity.sessions SET revoked_at = ${now}::timestamptz, revoke_reason = ${reason}
    WHERE id = ${sessionId}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL
      AND expires_at > ${now}::timestamptz`);
  return revoked > 0;
}

/**
 * The ids of those that lived until now, all but `except`; where the transaction may see them, in support's role, also of
 * those in which the person acts as others.
 */
export async function revokeAllSessions(
  db: Db,
  { userId, except = null, reason, now }: { userId: string; except?: string | null; reason: RevokeReason; now: Date },
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    UPDATE identity.sessions SET revoked_at = ${now}::timestamptz, revoke_reason = ${reason}
    WHERE (user_id = ${userId}::uuid OR impersonated_by = ${userId}::uuid) AND revoked_at IS NULL AND id IS DISTINCT FROM ${except}::uuid
    RETURNING id`);
  return rows.map(({ id }) => id);
}

/** The latest log-in first. */
export const sessionList: PagedList<SessionRow> = {
  name: 'sessions',
  columns: [{ column: sql`id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

/** Up to `limit` living sessions. */
export function listSessions(
  db: Db,
  { userId, now, after, limit }: { userId: string; now: Date; after: readonly PageKey[] | null; limit: number },
): Promise<SessionRow[]> {
  return db.$queryRaw<SessionRow[]>(sql`
    SELECT id, user_agent AS "userAgent", host(client_address) AS "clientAddress",
      impersonated_by AS "impersonatedBy", created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
    FROM identity.sessions
    WHERE user_id = ${userId}::uuid AND revoked_at IS NULL AND expires_at > ${now}::timestamptz
      AND ${rowsAfter(sessionList, after)}
    ORDER BY ${orderOf(sessionList)}
    LIMIT ${limit}::integer`);
}

/** Deletes what expired before then, batch by batch. */
export async function pruneRefreshTokens(db: Db, before: Date, signal: AbortSignal): Promise<void> {
  await runBatches(1_000, signal, (limit) =>
    db.$queryRaw(sql`SELECT identity.prune_refresh_tokens(${before}::timestamptz, ${limit}::integer) AS done`),
  );
}
