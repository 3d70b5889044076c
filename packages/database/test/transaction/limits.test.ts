import {
  classifyDatabaseError,
  inTransaction,
  openDatabase,
  sql,
  systemContext,
  UnknownOutcomeError,
  type Transaction,
} from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWay } from './way.ts';

const system = systemContext('limit test');

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id int PRIMARY KEY);
    INSERT INTO trial.notes VALUES (1);
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON ALL TABLES IN SCHEMA trial TO pika_owner`);
});

afterAll(() => test?.close());

const failureOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) throw new Error('it succeeded');
  return failure;
};

/** What runs on the server for this database, our own looking left out. */
async function running(): Promise<string[]> {
  const { rows } = await test.pool.query<{ query: string }>(
    `SELECT query FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return rows.map(({ query }) => query);
}

describe.skipIf(!isServer())('a statement', () => {
  it('that takes too long is ended on the server, not only given up', async () => {
    const failure = await failureOf(
      inTransaction(test.database, system, (tx) => tx.$queryRaw(sql`SELECT pg_sleep(60)::text`), {
        timeoutMillis: 200,
      }),
    );
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'timeout' });
    await expect.poll(running).toEqual([]);
  });

  it('that waits too long for a lock is ended before the transaction is', async () => {
    const holder = await test.pool.connect();
    try {
      await holder.query('BEGIN; UPDATE trial.notes SET id = 1 WHERE id = 1');
      const startedAt = performance.now();
      const failure = await failureOf(
        inTransaction(test.database, system, (tx) => tx.$executeRaw(sql`DELETE FROM trial.notes WHERE id = 1`), {
          timeoutMillis: 2_000,
        }),
      );
      expect(performance.now() - startedAt).toBeLessThan(1_900);
      expect(classifyDatabaseError(failure)).toEqual({ kind: 'timeout' });
      await expect.poll(running).toHaveLength(1);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  });

  it('runs as long as STATEMENT_TIMEOUT says unless its transaction says otherwise', async () => {
    const database = openDatabase({ url: test.url, statementTimeoutMillis: 150 });
    try {
      const sleep = (tx: Transaction) => tx.$queryRaw(sql`SELECT pg_sleep(0.4)::text`);
      expect(classifyDatabaseError(await failureOf(inTransaction(database, system, sleep)))).toEqual({
        kind: 'timeout',
      });
      await inTransaction(database, system, sleep, { timeoutMillis: 5_000 });
      const read = database.public.db.$queryRaw(sql`SELECT pg_sleep(0.4)::text`);
      expect(classifyDatabaseError(await failureOf(read))).toEqual({ kind: 'timeout' });
    } finally {
      await database.close();
    }
  });
});

describe.skipIf(!isServer())('a transaction', () => {
  it('that stands idle is ended by the server and lets its locks go', async () => {
    const database = openDatabase({ url: test.url, idleTimeoutMillis: 100 });
    try {
      const failure = await failureOf(
        inTransaction(database, system, async (tx) => {
          await tx.$executeRaw(sql`UPDATE trial.notes SET id = 1 WHERE id = 1`);
          // Before any other limit of the transaction.
          await expect.poll(running, { timeout: 2_500 }).toEqual([]);
          await tx.$queryRaw(sql`SELECT 1`);
        }),
      );
      expect(['timeout', 'unavailable']).toContain(classifyDatabaseError(failure).kind);
    } finally {
      await database.close();
    }
  });

  it('that takes too long as a whole is taken back', async () => {
    const failure = await failureOf(
      inTransaction(
        test.database,
        system,
        async (tx) => {
          await tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (2)`);
          await expect.poll(running).toEqual([]);
          await tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (3)`);
        },
        { timeoutMillis: 200 },
      ),
    );
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'timeout' });
    const { rows } = await test.pool.query('SELECT id FROM trial.notes WHERE id > 1');
    expect(rows).toEqual([]);
  });

  it('waits for a connection no longer than DATABASE_TIMEOUT', async () => {
    const database = openDatabase({ url: test.url, poolSize: 1, connectionTimeoutMillis: 150 });
    try {
      await inTransaction(database, system, async (tx) => {
        await tx.$queryRaw(sql`SELECT 1`);
        const second = new Promise<unknown>((resolve) => {
          // Out of the shadow of the first, as another request is.
          outside(() =>
            failureOf(inTransaction(database, system, (other) => other.$queryRaw(sql`SELECT 1`))).then(resolve),
          );
        });
        expect(classifyDatabaseError(await second)).toEqual({ kind: 'unavailable' });
      });
      expect(database.metrics().write).toEqual({ total: 1, idle: 1, waiting: 0, max: 1 });
    } finally {
      await database.close();
    }
  });
});

const later: (() => void)[] = [];
const timer = setInterval(() => later.splice(0).forEach((run) => run()), 5);
afterAll(() => clearInterval(timer));
const outside = (work: () => Promise<void>) => later.push(() => void work());

describe.skipIf(!isServer())('COMMIT', () => {
  it.each([
    ['was done', true, [10]],
    ['was not done', false, []],
  ] as const)(
    'that is cut off and %s has an unknown outcome, and is not tried again',
    async (_, isDelivered, found) => {
      const way = await openWay(test.url);
      const database = openDatabase({ url: way.url });
      let works = 0;
      try {
        const failure = await failureOf(
          inTransaction(database, system, async (tx) => {
            works += 1;
            await tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (10)`);
            way.cutAt('COMMIT', isDelivered);
          }),
        );
        expect(failure).toBeInstanceOf(UnknownOutcomeError);
        expect(classifyDatabaseError(failure)).toEqual({ kind: 'unknownOutcome' });
        expect(works).toBe(1);
        const ids = async () =>
          (await test.pool.query<{ id: number }>('SELECT id FROM trial.notes WHERE id = 10')).rows;
        await expect.poll(ids).toEqual(found.map((id) => ({ id })));
        await test.pool.query('DELETE FROM trial.notes WHERE id = 10');
      } finally {
        await database.close();
        way.close();
      }
    },
  );

  it('on a connection whose backend was killed before never passes', async () => {
    const failure = await failureOf(
      inTransaction(test.database, system, async (tx) => {
        await tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (20)`);
        const [row] = await tx.$queryRaw<{ pid: number }[]>(sql`SELECT pg_backend_pid() AS pid`);
        await test.pool.query('SELECT pg_terminate_backend($1)', [row!.pid]);
        const isGone = async () =>
          (await test.pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [row!.pid])).rowCount === 0;
        await expect.poll(isGone).toBe(true);
      }),
    );
    const { rows } = await test.pool.query('SELECT id FROM trial.notes WHERE id = 20');
    expect(rows).toEqual([]);
    expect(['unavailable', 'unknownOutcome']).toContain(classifyDatabaseError(failure).kind);
  });
});
