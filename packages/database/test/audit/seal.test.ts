import { verifyAudit } from '@pika/database';
import { addLanguages, isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sealAll } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 12 });
  pool = test.pool;
  await addLanguages(pool);
  await sealAll(pool);
});

afterAll(() => test?.close());

const addText = (db: Pick<pg.Pool, 'query'>, key: string) =>
  db.query(`INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, 'es', 'x', 'voucher')`, [
    key,
  ]);
const seal = async (limit = 10_000): Promise<number> =>
  (await pool.query<{ sealed: number }>('SELECT audit.seal($1) AS sealed', [limit])).rows[0]?.sealed ?? 0;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

it('a run seals no more than it is told, and goes on where it ended, inside of a transaction too', async () => {
  await pool.query(
    `INSERT INTO i18n.translations (key, language_code, value, domain)
     SELECT 'batch' || n, 'es', 'x', 'voucher' FROM generate_series(1, 25) AS n`,
  );
  const sealed: number[] = [];
  await vi.waitUntil(async () => sealed.push(await seal(10)) > 0 && sum(sealed) === 25, {
    timeout: 60_000,
    interval: 5,
  });
  expect(sealed.filter((number) => number > 0)).toEqual([10, 10, 5]);
  expect(await seal()).toBe(0);
  expect(await verifyAudit(test.url)).toMatchObject({ unsealed: 0, fault: null });
});

describe.skipIf(!isServer())('beside transactions that still run', () => {
  it('nothing is sealed that an older one could still come before', async () => {
    const older = await pool.connect();
    await older.query('BEGIN');
    await addText(older, 'older');
    await addText(pool, 'younger');
    expect(await seal()).toBe(0);
    expect(await verifyAudit(test.url)).toMatchObject({ unsealed: 1, fault: null });
    await older.query('COMMIT');
    older.release();
    await sealAll(pool);
    const { rows } = await pool.query(
      `SELECT e.row_key ->> 'key' AS key FROM audit.sealed_entries s JOIN audit.entries e ON e.id = s.entry_id
       ORDER BY s.position DESC LIMIT 2`,
    );
    expect(rows.map(({ key }) => key)).toEqual(['younger', 'older']);
  });

  it(
    'four sealers and eight writers leave no gap, no fork and nothing out of order',
    { timeout: 120_000 },
    async () => {
      const random = randomFrom(testSeed('audit sealing'));
      let isOver = false;
      let written = 0;
      const { rows: before } = await pool.query<{ number: number }>(
        'SELECT count(*)::int AS number FROM audit.entries',
      );
      const sealers = Array.from({ length: 4 }, async () => {
        let sealed = 0;
        while (!isOver) sealed += await seal(random.integer(1, 30));
        return sealed;
      });
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        const db = await pool.connect();
        for (let left = 40; left > 0; left--) {
          await db.query('BEGIN');
          const rows = random.integer(1, 4);
          for (let row = 0; row < rows; row++) await addText(db, `w${writer}-${left}-${row}`);
          const isLost = random.chance(0.2);
          await db.query(isLost ? 'ROLLBACK' : 'COMMIT');
          if (!isLost) written += rows;
        }
        db.release();
      });
      await Promise.all(writers);
      isOver = true;
      const during = await Promise.all(sealers);
      await sealAll(pool);
      expect(during.filter((sealed) => sealed > 0).length).toBeGreaterThan(1);
      const report = await verifyAudit(test.url);
      expect(report).toEqual({ verified: (before[0]?.number ?? 0) + written, archived: 0, unsealed: 0, fault: null });
    },
  );
});

it('a log that was restored into a younger cluster is refused with what to do', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('ALTER TABLE audit.seals DISABLE TRIGGER USER');
  await client.query(
    'UPDATE audit.seals SET last_transaction_id = 1000000000 WHERE number = (SELECT max(number) FROM audit.seals)',
  );
  await expect(client.query('SELECT audit.seal()')).rejects.toMatchObject({
    message: 'the transactions of this server are numbered below those of the audit log',
    hint: expect.stringContaining('pg_resetwal'),
  });
  await client.query('ROLLBACK');
  client.release();
});
