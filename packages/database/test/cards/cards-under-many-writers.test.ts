import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, drainQueue } from './compare.ts';
import { makeMarket } from './market.ts';
import { sqlBatch, type Tally } from './run-edits.ts';
import { isDeadlock } from './two-writers.ts';

const rounds = 7;
const writers = 5;
const transactionsEach = 30;

describe.skipIf(!isServer())('many writers at once', () => {
  const random = randomFrom(isServer() ? testSeed('cards under many writers') : 0);
  const tally: Tally = new Map();
  let test: OpenTestDatabase;
  let deadlocks = 0;

  beforeAll(async () => {
    test = await openTestDatabase({ poolSize: writers + 2 });
    // Deadlocks are many here, and each waits this long.
    await test.pool.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''10ms''', current_database()); END $$`,
    );
    await makeMarket(test, random, { categories: 8, businesses: 4, locations: 12, vouchers: 30 });
  });

  afterAll(() => test?.close());

  it('leave the cards true', { timeout: 600_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      let isOver = false;
      const upkeep = (async () => {
        while (!isOver) await withRetry((db) => db.query('SELECT marketplace.refresh_stale_cards(50)'));
      })();
      try {
        await Promise.all(Array.from({ length: writers }, () => write(random.integer(1, 2 ** 31))));
      } finally {
        isOver = true;
        await upkeep;
      }
      await drainQueue(test.pool);
      expect(await differences(test.pool), `seed ${random.seed}, round ${round}`).toEqual([]);
    }
    const edits = [...tally.values()].reduce((sum, each) => sum + each.done, 0);
    console.log(`[cards under many writers] ${edits} edits by ${writers} writers at once, ${deadlocks} deadlocks`);
    expect(edits).toBeGreaterThan(rounds * writers * transactionsEach);
  });

  async function write(seed: number): Promise<void> {
    const own = randomFrom(seed);
    for (let left = transactionsEach; left > 0; left--) await withRetry((db) => sqlBatch(db, own, tally, 2));
  }

  async function withRetry(work: (db: pg.PoolClient) => Promise<unknown>): Promise<void> {
    const db = await test.pool.connect();
    try {
      for (;;) {
        try {
          await work(db);
          return;
        } catch (error) {
          await db.query('ROLLBACK');
          if (!isDeadlock(error)) throw error;
          deadlocks++;
        }
      }
    } finally {
      db.release();
    }
  }
});
