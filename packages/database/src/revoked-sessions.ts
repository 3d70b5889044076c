import { accessTokenSeconds, unavailable } from '@pika/shared';
import type { Database } from './client.ts';
import { jobContext } from './context.ts';
import { sql } from './db.ts';
import { singleStatements } from './single-statements.ts';

export interface RevokedSessions {
  /** Whether the session was revoked within the life of an access token. Throws 503 where the list is too old to say. */
  has(sessionId: string): boolean;
  /** For who revoked them: known to this process at once. After the commit. */
  add(sessionIds: readonly string[]): void;
  refresh(): Promise<void>;
  stop(): void;
}

export interface RevokedSessionsOptions {
  /** Told of look-ups that failed. */
  onError: (error: unknown) => void;
  everySeconds?: number;
  now?: () => Date;
}

/** How old the list may be: a revoked session is refused everywhere within that time, or nobody is let in. */
export const revokedSessionsAgeMax = 60;
/** Longer than an access token lives, for a transaction that revokes may take its time to commit, and clocks differ. */
const rememberedSeconds = accessTokenSeconds + 120;
const retryAfterSeconds = 5;

/** Keeps the sessions that were revoked lately in memory, looked up every 15 seconds. Waits for the first look-up. */
export async function openRevokedSessions(
  database: Database,
  { onError, everySeconds = 15, now = () => new Date() }: RevokedSessionsOptions,
): Promise<RevokedSessions> {
  const db = singleStatements(database, jobContext('revoked-sessions'), { retries: 0 });
  const added = new Map<string, number>();
  let listed: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<void> {
    const askedAt = now().getTime();
    const since = new Date(askedAt - rememberedSeconds * 1_000);
    const rows = await db.$queryRaw<{ id: string }[]>(sql`
      SELECT id FROM identity.list_revoked_sessions(${since}::timestamptz)`);
    listed = new Set(rows.map(({ id }) => id));
    readAt = askedAt;
    for (const [id, at] of added) if (at < since.getTime()) added.delete(id);
  }

  const tryRefresh = () => refresh().catch(onError);
  await tryRefresh();
  const timer = setInterval(() => void tryRefresh(), everySeconds * 1_000);
  timer.unref();

  return {
    has(sessionId) {
      if (now().getTime() - readAt > revokedSessionsAgeMax * 1_000) {
        throw unavailable(retryAfterSeconds, new Error('The list of revoked sessions is too old.'));
      }
      return listed.has(sessionId) || added.has(sessionId);
    },
    add(sessionIds) {
      for (const id of sessionIds) added.set(id, now().getTime());
    },
    refresh,
    stop: () => clearInterval(timer),
  };
}
