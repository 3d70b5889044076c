import { bearerAuthentication, openKeySet, type Authenticate, type KeySet } from '@pika/shared';
import { openApiKeys, type ApiKeys } from './api-key/open-api-keys.ts';
import type { Database } from './client.ts';
import { jobContext } from './context.ts';
import { sql } from './db.ts';
import { openRevokedSessions, type RevokedSessions } from './revoked-sessions.ts';
import { singleStatements } from './single-statements.ts';
import { listVerificationKeys } from './verification-keys.ts';

export interface AuthenticationOptions {
  settings: { AUTH_ISSUER: string; AUTH_JWKS_URL?: string | undefined };
  /** Told of look-ups of keys and of revoked sessions that failed. */
  onError: (error: unknown) => void;
  /** Whether the session of each token is looked up: for processes that promise to refuse a revoked one at once. */
  asksSessions?: boolean;
  now?: () => Date;
}

export interface Authentication {
  authenticate: Authenticate;
  keySet: KeySet;
  revokedSessions: RevokedSessions;
  apiKeys: ApiKeys;
  stop(): void;
}

/** What settles the callers of an app: the published keys, and the sessions that were revoked lately. */
export async function openAuthentication(
  database: Database,
  { settings, onError, asksSessions = false, now = () => new Date() }: AuthenticationOptions,
): Promise<Authentication> {
  const keySet = await openKeySet({
    source: settings.AUTH_JWKS_URL ?? (() => listVerificationKeys(database, now())),
    onError,
  });
  const revokedSessions = await openRevokedSessions(database, { onError, now });
  const apiKeys = openApiKeys(database, { now });
  const authenticate = bearerAuthentication({
    keySet,
    issuer: settings.AUTH_ISSUER,
    now,
    isRevoked: (sessionId) => revokedSessions.has(sessionId),
    ...(asksSessions
      ? { isSessionAlive: (sessionId, userId) => isSessionAlive(database, sessionId, userId, now()) }
      : {}),
    apiKey: (token, request) => apiKeys.authenticate(token, request),
  });
  return {
    authenticate,
    keySet,
    revokedSessions,
    apiKeys,
    stop() {
      keySet.stop();
      revokedSessions.stop();
    },
  };
}

async function isSessionAlive(database: Database, sessionId: string, userId: string, now: Date): Promise<boolean> {
  const db = singleStatements(database, jobContext('authentication'));
  const [row] = await db.$queryRaw<{ isAlive: boolean }[]>(sql`
    SELECT identity.is_session_alive(${sessionId}::uuid, ${userId}::uuid, ${now}::timestamptz) AS "isAlive"`);
  return row?.isAlive === true;
}
