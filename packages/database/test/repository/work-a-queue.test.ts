import { sql, systemContext, workQueue, type Queue } from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

interface Job {
  id: number;
}

const system = systemContext('queue test');
let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.jobs (id int PRIMARY KEY);
    CREATE TABLE trial.effects (job int NOT NULL);
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON trial.jobs, trial.effects TO pika_owner`);
});

beforeEach(async () => {
  await test.pool.query('TRUNCATE trial.jobs, trial.effects; INSERT INTO trial.jobs SELECT generate_series(1, 200)');
});

afterAll(() => test?.close());

const queue = (work: Queue<Job>['work']): Queue<Job> => ({
  take: sql`SELECT id FROM trial.jobs ORDER BY id LIMIT 7 FOR UPDATE SKIP LOCKED`,
  work,
  finish: (jobs) => sql`DELETE FROM trial.jobs WHERE id = ANY (${jobs.map(({ id }) => id)}::int[])`,
});

const record: Queue<Job>['work'] = async (tx, jobs) => {
  await tx.$executeRaw(sql`INSERT INTO trial.effects SELECT unnest(${jobs.map(({ id }) => id)}::int[])`);
};

const effects = async () =>
  (await test.pool.query<{ job: number }>('SELECT job FROM trial.effects ORDER BY job')).rows.map(({ job }) => job);

describe('a queue', () => {
  it('is worked off in order, each row once', async () => {
    const taken: number[] = [];
    const inOrder = queue(async (tx, jobs) => {
      taken.push(...jobs.map(({ id }) => id));
      await record(tx, jobs);
    });
    while ((await workQueue(test.database, system, inOrder)) > 0);
    const all = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(taken).toEqual(all);
    expect(await effects()).toEqual(all);
  });

  it('keeps the rows of a work that fails, and nothing of what that did', async () => {
    const failing = queue(async (tx, jobs) => {
      await record(tx, jobs);
      throw new Error('of the work');
    });
    await expect(workQueue(test.database, system, failing)).rejects.toThrow('of the work');
    expect(await effects()).toEqual([]);
    expect(await workQueue(test.database, system, queue(record))).toBe(7);
    expect(await effects()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is shared by eight workers without one row twice', async () => {
    const worker = async () => {
      while ((await workQueue(test.database, system, queue(record))) > 0);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(await effects()).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it.skipIf(!isServer())('lets nobody wait for rows that another works on', async () => {
    const holder = await test.pool.connect();
    try {
      await holder.query('BEGIN; SELECT FROM trial.jobs WHERE id <= 5 FOR UPDATE');
      await workQueue(test.database, system, queue(record), { timeoutMillis: 2_000 });
      expect(await effects()).toEqual([6, 7, 8, 9, 10, 11, 12]);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  });
});
