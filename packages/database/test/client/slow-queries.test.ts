import { inTransaction, openDatabase, sql, systemContext, type Database, type SlowQuery } from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const slow: SlowQuery[] = [];
let test: OpenTestDatabase;
let database: Database;

beforeAll(async () => {
  test = await openTestDatabase();
  const kind = test.kind === 'embedded' ? 'embedded' : 'server';
  database = openDatabase({ url: test.url, kind, slowQueryMillis: 150, onSlowQuery: (query) => slow.push(query) });
});

beforeEach(() => void slow.splice(0));

afterAll(async () => {
  await database?.close();
  await test?.close();
});

const secret = 'canary@pika.example';

describe('statements that take longer than the threshold', () => {
  it.skipIf(!isServer())('are told without any value, however they were sent', async () => {
    await inTransaction(database, systemContext('test'), async (tx) => {
      await tx.$queryRaw(sql`SELECT pg_sleep(0.2)::text, ${secret}::text AS address`);
      await tx.$queryRaw(sql`SELECT pg_sleep(0.2)::text, 'canary@pika.example' AS address, $x$canary@pika.example$x$`);
    });
    await database.public.pool.query('SELECT pg_sleep(0.2), $1::text', [secret]);
    await database.public.db.$queryRaw(sql`SELECT pg_sleep(0.2)::text, ${secret}::text`);
    expect(slow.map(({ statement, parameterCount }) => [statement, parameterCount])).toEqual([
      ['SELECT pg_sleep(0.2)::text, $1::text AS address', 1],
      ["SELECT pg_sleep(0.2)::text, '…' AS address, '…'", 0],
      ['SELECT pg_sleep(0.2), $1::text', 1],
      ['SELECT pg_sleep(0.2)::text, $1::text', 1],
    ]);
    for (const { milliseconds } of slow) expect(milliseconds).toBeGreaterThanOrEqual(200);
    expect(JSON.stringify(slow)).not.toContain('canary');
  });

  it.skipIf(!isServer())('are told when they fail, too', async () => {
    const failing = inTransaction(
      database,
      systemContext('test'),
      (tx) => tx.$queryRaw(sql`SELECT pg_sleep(30)::text`),
      {
        timeoutMillis: 200,
      },
    );
    await expect(failing).rejects.toThrow('statement timeout');
    expect(slow.map(({ statement }) => statement)).toEqual(['SELECT pg_sleep(30)::text']);
  });

  it('are the only ones', async () => {
    await database.public.pool.query('SELECT 1');
    await database.public.pool.query('SELECT 1');
    expect(slow.filter(({ statement }) => statement === 'SELECT 1').length).toBeLessThan(2);
  });
});
