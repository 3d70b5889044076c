import { randomUUID } from 'node:crypto';
import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, openRevokedSessions, revokedSessionsAgeMax } from '../../src/index.ts';

let test: OpenTestDatabase;
const userId = randomUUID();

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(
    `INSERT INTO users.users (id, email, display_name, updated_at) VALUES ($1, 'a@b', 'A', now())`,
    [userId],
  );
});
afterAll(() => test?.close());

const onError = (error: unknown) => {
  throw error;
};

async function addSession(revokedSecondsAgo: number | null): Promise<string> {
  const id = randomUUID();
  await test.pool.query(
    `INSERT INTO identity.sessions (id, user_id, created_at, last_used_at, expires_at, revoked_at, revoke_reason)
     SELECT $1, $2, now() - interval '1 day', now(), now() + interval '1 day', revoked_at,
       CASE WHEN revoked_at IS NOT NULL THEN 'log_out' END
     FROM (SELECT now() - make_interval(secs => $3::float8) AS revoked_at) AS at`,
    [id, userId, revokedSecondsAgo],
  );
  return id;
}

it('holds those whose access tokens may still live', async () => {
  const [living, fresh, nearlyOver, over] = [
    await addSession(null),
    await addSession(1),
    await addSession(600),
    await addSession(3_600),
  ];
  const sessions = await openRevokedSessions(test.database, { onError });
  expect([living, fresh, nearlyOver, over].map((id) => sessions.has(id))).toEqual([false, true, true, false]);
  sessions.stop();
});

it('learns by itself of what another process revoked', async () => {
  const id = await addSession(null);
  const sessions = await openRevokedSessions(test.database, { onError, everySeconds: 0.05 });
  expect(sessions.has(id)).toBe(false);
  await test.pool.query(`UPDATE identity.sessions SET revoked_at = now(), revoke_reason = 'log_out' WHERE id = $1`, [
    id,
  ]);
  await expect.poll(() => sessions.has(id), { timeout: 10_000 }).toBe(true);
  sessions.stop();
});

it('knows at once what this process revoked, also where a look-up began before', async () => {
  const id = await addSession(null);
  const sessions = await openRevokedSessions(test.database, { onError });
  sessions.add([id]);
  expect(sessions.has(id)).toBe(true);
  await sessions.refresh();
  expect(sessions.has(id)).toBe(true);
  sessions.stop();
});

it('forgets what it was told when no token of it lives any more', async () => {
  const clock = testClock(new Date().toISOString());
  const sessions = await openRevokedSessions(test.database, { onError, now: clock.now });
  const id = await addSession(null);
  sessions.add([id]);
  clock.set(new Date(clock.now().getTime() + 721_000));
  await sessions.refresh();
  expect(sessions.has(id)).toBe(false);
  sessions.stop();
});

it('says 503 rather than yes once it is older than a minute, and goes on when the database is back', async () => {
  const clock = testClock(new Date().toISOString());
  const sessions = await openRevokedSessions(test.database, { onError, now: clock.now });
  const start = clock.now().getTime();
  clock.set(new Date(start + revokedSessionsAgeMax * 1_000));
  expect(sessions.has(randomUUID())).toBe(false);
  clock.set(new Date(start + revokedSessionsAgeMax * 1_000 + 1));
  expect(() => sessions.has(randomUUID())).toThrow(expect.objectContaining({ status: 503 }));
  await sessions.refresh();
  expect(sessions.has(randomUUID())).toBe(false);
  sessions.stop();
});

it('opens without a database, reports it and lets nobody in', async () => {
  const absent = openDatabase({ url: 'postgres://pika@127.0.0.1:1/pika', connectionTimeoutMillis: 500 });
  const errors: unknown[] = [];
  const sessions = await openRevokedSessions(absent, { onError: (error) => errors.push(error) });
  expect(errors).toHaveLength(1);
  expect(() => sessions.has(randomUUID())).toThrow(expect.objectContaining({ status: 503 }));
  sessions.stop();
  await absent.close();
});

it('is asked through the index', async () => {
  const results: unknown = await test.pool.query(`
    BEGIN;
    SET LOCAL enable_seqscan = off;
    EXPLAIN SELECT id FROM identity.sessions WHERE revoked_at > now() - interval '12 minutes';
    ROLLBACK`);
  expect(JSON.stringify(results)).toContain('sessions_revoked_at_idx');
});
