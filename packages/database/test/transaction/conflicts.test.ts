import {
  classifyDatabaseError,
  inTransaction,
  openDatabase,
  sql,
  systemContext,
  type Transaction,
} from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const system = systemContext('conflict test');

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.counters (id int PRIMARY KEY, n int NOT NULL);
    INSERT INTO trial.counters SELECT id, 0 FROM generate_series(1, 20) AS id;
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON ALL TABLES IN SCHEMA trial TO pika_owner`);
});

afterAll(() => test?.close());

const add = (tx: Transaction, id: number) => tx.$executeRaw(sql`UPDATE trial.counters SET n = n + 1 WHERE id = ${id}`);
const counter = async (id: number) => {
  const { rows } = await test.pool.query<{ n: number }>('SELECT n FROM trial.counters WHERE id = $1', [id]);
  return rows[0]!.n;
};

/** Each waits there until all have come. */
function meeting(size: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let here = 0;
  return () => {
    if (++here >= size) open();
    return gate;
  };
}

describe.skipIf(!isServer())('two transactions that meet', () => {
  it('at a row under Serializable both come through, the work of one done twice', async () => {
    const met = meeting(2);
    let works = 0;
    const work = async (tx: Transaction) => {
      works += 1;
      const [row] = await tx.$queryRaw<{ n: number }[]>(sql`SELECT n FROM trial.counters WHERE id = 1`);
      await met();
      await tx.$executeRaw(sql`UPDATE trial.counters SET n = ${row!.n + 1} WHERE id = 1`);
    };
    const options = { isolation: 'Serializable' } as const;
    await Promise.all([1, 2].map(() => inTransaction(test.database, system, work, options)));
    expect(await counter(1)).toBe(2);
    expect(works).toBeGreaterThanOrEqual(3);
  });

  it('crosswise at two rows both come through', async () => {
    const met = meeting(2);
    let works = 0;
    const cross = (first: number, second: number) =>
      inTransaction(test.database, system, async (tx) => {
        works += 1;
        await add(tx, first);
        await met();
        await add(tx, second);
      });
    await Promise.all([cross(2, 3), cross(3, 2)]);
    expect([await counter(2), await counter(3)]).toEqual([2, 2]);
    // The server may break the deadlock on either side, and once more where the second try meets the first.
    expect(works).toBeGreaterThanOrEqual(3);
  });

  it('is tried again although the work wrapped or swallowed what it met', async () => {
    for (const ending of ['wrapped', 'swallowed']) {
      const met = meeting(2);
      const before = await counter(4);
      const work = async (tx: Transaction) => {
        const [row] = await tx.$queryRaw<{ n: number }[]>(sql`SELECT n FROM trial.counters WHERE id = 4`);
        await met();
        await tx.$executeRaw(sql`UPDATE trial.counters SET n = ${row!.n + 1} WHERE id = 4`).catch(() => {
          if (ending === 'wrapped') throw new Error('wrapped');
        });
      };
      await Promise.all([1, 2].map(() => inTransaction(test.database, system, work, { isolation: 'RepeatableRead' })));
      expect(await counter(4)).toBe(before + 2);
    }
  });

  it('is given up after the bound, as a conflict', async () => {
    let works = 0;
    const losing = inTransaction(
      test.database,
      system,
      async (tx) => {
        works += 1;
        await tx.$queryRaw(sql`SELECT n FROM trial.counters WHERE id = 5`);
        await test.pool.query('UPDATE trial.counters SET n = n + 1 WHERE id = 5');
        await add(tx, 5);
      },
      { isolation: 'RepeatableRead', retries: 2 },
    );
    const failure = await losing.catch((error: unknown) => error);
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'writeConflict' });
    expect(works).toBe(3);
    expect(await counter(5)).toBe(3);
  });

  it('is not tried again for any other failure', async () => {
    let works = 0;
    const failing = inTransaction(test.database, system, (tx) => {
      works += 1;
      return tx.$executeRaw(sql`SELECT 1 / 0`);
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(works).toBe(1);
  });
});

describe.skipIf(!isServer())('twenty writers that each add to five rows', () => {
  const writers = 20;

  /** Without a second try, so that every deadlock is seen. */
  async function deadlocks(from: number, order: (ids: number[], writer: number) => number[]): Promise<number> {
    const ids = [0, 1, 2, 3, 4].map((offset) => from + offset);
    const met = meeting(writers);
    const database = openDatabase({ url: test.url, poolSize: writers });
    const all = Array.from({ length: writers }, (_, writer) =>
      inTransaction(
        database,
        system,
        async (tx) => {
          await tx.$queryRaw(sql`SELECT 1`);
          await met();
          for (const id of order(ids, writer)) await add(tx, id);
        },
        { retries: 0, timeoutMillis: 30_000 },
      ).then(
        () => 0,
        (error: unknown) => {
          if (classifyDatabaseError(error).kind !== 'writeConflict') throw error;
          return 1;
        },
      ),
    );
    try {
      const lost = (await Promise.all(all)).reduce((sum, each) => sum + each, 0);
      expect(await counter(from)).toBe(writers - lost);
      return lost;
    } finally {
      await database.close();
    }
  }

  beforeAll(async () => {
    await test.pool.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''10ms''', current_database()); END $$`,
    );
  });

  it('deadlock where each takes them in an order of its own', async () => {
    const rotated = (ids: number[], writer: number) => ids.map((_, index) => ids[(index + writer) % ids.length]!);
    expect(await deadlocks(6, rotated)).toBeGreaterThan(0);
  });

  it('never do in key order', async () => {
    expect(await deadlocks(11, (ids) => ids)).toBe(0);
  });
});
