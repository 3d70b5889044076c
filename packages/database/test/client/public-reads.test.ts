import { classifyDatabaseError, openDatabase, sql } from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});

afterAll(() => test?.close());

const standing = sql`
  SELECT current_user AS role, current_setting('default_transaction_read_only') AS "readOnly",
    current_setting('statement_timeout') AS timeout`;

describe.skipIf(!isServer())('the public side', () => {
  it('reads as pika_public, read-only and under a timeout, from the first statement on', async () => {
    const expected = [{ role: 'pika_public', readOnly: 'on', timeout: '15s' }];
    expect(await test.database.public.db.$queryRaw(standing)).toEqual(expected);
    expect((await test.database.public.pool.query(standing.text)).rows).toEqual(expected);
  });

  it('cannot write, whatever the login may do', async () => {
    const attempt = test.database.public.db.$executeRaw(sql`DELETE FROM marketplace.cards`);
    await expect(attempt).rejects.toThrow(/read-only|permission denied/);
    const raised = test.database.public.db.$executeRaw(sql`SELECT set_config('transaction_read_only', 'off', false)`);
    await raised.catch(() => undefined);
    await expect(test.database.public.db.$executeRaw(sql`DELETE FROM marketplace.cards`)).rejects.toThrow(
      /read-only|permission denied/,
    );
  });

  it('reads by the login of DATABASE_PUBLIC_URL where there is one', async () => {
    const login = `pika_web_${crypto.randomUUID().slice(0, 8)}`;
    await test.pool.query(`
      CREATE ROLE ${login} LOGIN IN ROLE pika_public;
      ALTER ROLE ${login} SET default_transaction_read_only = on;
      ALTER ROLE ${login} SET statement_timeout = '4s'`);
    const url = new URL(test.url);
    url.username = login;
    const database = openDatabase({ url: test.url, publicUrl: url.href });
    try {
      expect(await database.public.db.$queryRaw(standing)).toEqual([{ role: login, readOnly: 'on', timeout: '4s' }]);
      expect(await database.public.db.$queryRaw(sql`SELECT FROM marketplace.cards`)).toEqual([]);
    } finally {
      await database.close();
      await test.pool.query(`DROP ROLE ${login}`);
    }
  });

  it('asks again on another connection where one was killed', async () => {
    const database = openDatabase({ url: test.url, poolSize: 3 });
    const ask = () => database.public.db.$queryRaw<{ pid: number }[]>(sql`SELECT pg_backend_pid() AS pid`);
    const askDirectly = () => database.public.pool.query('SELECT 1 AS one');
    try {
      for (let round = 0; round < 10; round++) {
        const pids = (await Promise.all([ask(), ask(), ask()])).map(([row]) => row!.pid);
        await test.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
        // At once, before pg has heard of it.
        const answers = await Promise.all([ask(), askDirectly(), ask()]);
        expect(answers[1]).toMatchObject({ rows: [{ one: 1 }] });
      }
    } finally {
      await database.close();
    }
  });

  it('does not ask again what is wrong, nor wait twice for a connection', async () => {
    const database = openDatabase({ url: test.url, poolSize: 1, connectionTimeoutMillis: 200 });
    try {
      const busy = database.public.pool.query('SELECT pg_sleep(0.8)');
      const startedAt = performance.now();
      const failure = await database.public.pool.query('SELECT 1').catch((error: unknown) => error);
      expect(classifyDatabaseError(failure)).toEqual({ kind: 'unavailable' });
      expect(performance.now() - startedAt).toBeLessThan(390);
      await busy;
    } finally {
      await database.close();
    }
  });
});

it('counts its connections', async () => {
  const { database } = test;
  await database.public.pool.query('SELECT 1');
  await test.asOwner((tx) => tx.$queryRaw(sql`SELECT 1`));
  const { write, public: reads } = database.metrics();
  expect(write.max).toBe(10);
  expect(reads.max).toBe(10);
  expect(write.total).toBeGreaterThan(0);
  expect(write.idle).toBe(write.total);
  expect(reads.idle).toBe(reads.total);
  expect([write.waiting, reads.waiting]).toEqual([0, 0]);
});

it.skipIf(!isServer())('counts who waits', async () => {
  const database = openDatabase({ url: test.url, poolSize: 1 });
  const asked = [1, 2, 3].map(() => database.public.pool.query('SELECT pg_sleep(0.1)'));
  await expect
    .poll(() => database.metrics().public, { interval: 5 })
    .toEqual({ total: 1, idle: 0, waiting: 2, max: 1 });
  await Promise.all(asked);
  await database.close();
});
