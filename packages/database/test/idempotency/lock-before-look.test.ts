import { randomUUID } from 'node:crypto';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deferred, notesByKey, notesSchema, post, startNotes } from './notes-api.ts';

/** Not one of ours: a request called late waits for it before it tries for its key. */
const gate = 4711;

let test: OpenTestDatabase;
let notes: Awaited<ReturnType<typeof startNotes>>;
const entered = deferred();
const opened = deferred();
beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
  await test.pool.query(`
    ALTER FUNCTION security.lock_idempotency_key(text, text, text) RENAME TO lock_at_once;
    CREATE FUNCTION security.lock_idempotency_key(p_caller text, p_operation text, p_key text) RETURNS boolean
    LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('app.request_id') = 'late' THEN
        PERFORM pg_advisory_xact_lock_shared(${gate});
      END IF;
      RETURN security.lock_at_once(p_caller, p_operation, p_key);
    END
    $$`);
  notes = await startNotes(test.database, {
    beforeCommit: async (headers) => {
      if (headers['x-test-hold'] === undefined) return;
      entered.resolve();
      await opened.promise;
    },
  });
});
afterAll(async () => {
  await notes?.close();
  await test?.close();
});

it('who gets the key after another has committed sees its answer, however late it is', async (context) => {
  requireServer(context);
  const request = { author: randomUUID(), key: 'late' };
  const first = post(notes.url, { ...request, headers: { 'x-test-hold': '1' } });
  await entered.promise;
  const client = await test.pool.connect();
  let late;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [gate]);
    late = post(notes.url, { ...request, headers: { 'X-Request-Id': 'late' } });
    const waiting = async () =>
      (await client.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`, [gate]))
        .rowCount;
    await expect.poll(waiting).toBe(1);
    opened.resolve();
    expect(await first).toMatchObject({ status: 201, isReplayed: false });
  } finally {
    await client.query('SELECT pg_advisory_unlock_all()');
    client.release();
  }
  expect(await late).toMatchObject({ status: 201, isReplayed: true, text: (await first).text });
  expect((await notesByKey(test.pool)).get('late')).toHaveLength(1);
});
