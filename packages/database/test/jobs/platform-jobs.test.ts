import { platformJobs } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test?.close());

const run = async (name: string) => {
  const job = platformJobs(test.database).find((each) => each.name === name);
  await job?.run(new AbortController().signal);
};

it('each may do its work in the role of an app', async () => {
  for (const { name } of platformJobs(test.database)) await run(name);
});

it('seal-audit seals what was recorded, as soon as no older transaction of the server runs', async () => {
  await test.pool.query(`INSERT INTO catalog.currencies (code, exponent) VALUES ('XTS', 2)`);
  const unsealed = async () => {
    await run('seal-audit');
    const { rows } = await test.pool.query<{ left: string }>(
      `SELECT count(*) AS left FROM audit.entries e WHERE NOT EXISTS (
         SELECT FROM audit.sealed_entries s WHERE (s.transaction_id, s.entry_id) = (e.transaction_id, e.id))`,
    );
    return Number(rows[0]?.left);
  };
  await expect.poll(unsealed, { timeout: 30_000 }).toBe(0);
});

it('make-audit-partitions makes this month and three ahead', async () => {
  await run('make-audit-partitions');
  const { rows } = await test.pool.query<{ count: string }>(
    `SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit.entries'::regclass`,
  );
  expect(Number(rows[0]?.count)).toBe(5);
});
