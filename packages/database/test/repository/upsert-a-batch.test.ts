import { classifyDatabaseError, inTransaction, sql, systemContext, upsertRows, type UpsertTable } from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const system = systemContext('upsert test');
const notes: UpsertTable = {
  table: sql`trial.notes`,
  columns: sql`id, note_text, week, amount_minor`,
  key: sql`id`,
  changes: [sql`note_text`, sql`week`, [sql`amount_minor`, sql`coalesce(t.amount_minor, excluded.amount_minor)`]],
};

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id int PRIMARY KEY, note_text text, week int4multirange, amount_minor bigint,
      updated_at timestamptz NOT NULL);
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON trial.notes TO pika_owner`);
});

afterAll(() => test?.close());

const row = (id: number, noteText: string | null, amountMinor: number | null = null) => ({
  id,
  noteText,
  week: '{[0,60),[120,180)}',
  amountMinor,
});
const write = (rows: readonly object[]) => test.asOwner((tx) => upsertRows(tx, notes, rows));
const versions = async () =>
  (
    await test.pool.query<{ id: number; version: string }>(
      'SELECT id, xmin::text AS version FROM trial.notes ORDER BY id',
    )
  ).rows;

describe('a batch', () => {
  it('is added, changed and left alone in one statement, and says how much', async () => {
    expect(await write([row(3, 'c'), row(1, "a' --"), row(2, null)])).toEqual({ inserted: 3, updated: 0 });
    const before = await versions();
    expect(await write([row(1, "a' --"), row(2, null), row(3, 'c')])).toEqual({ inserted: 0, updated: 0 });
    expect(await versions()).toEqual(before);
    expect(await write([row(2, 'b', 7), row(3, 'c'), row(4, 'd')])).toEqual({ inserted: 1, updated: 1 });
    expect(
      (await versions()).filter(({ id, version }) => before.some((old) => old.id === id && old.version === version)),
    ).toHaveLength(2);
    expect(await write([row(2, 'b', 9)])).toEqual({ inserted: 0, updated: 0 });
    const { rows } = await test.pool.query(
      'SELECT id, note_text, week::text, amount_minor FROM trial.notes ORDER BY id',
    );
    expect(rows).toEqual([
      { id: 1, note_text: "a' --", week: '{[0,60),[120,180)}', amount_minor: null },
      { id: 2, note_text: 'b', week: '{[0,60),[120,180)}', amount_minor: '7' },
      { id: 3, note_text: 'c', week: '{[0,60),[120,180)}', amount_minor: null },
      { id: 4, note_text: 'd', week: '{[0,60),[120,180)}', amount_minor: null },
    ]);
  });

  it('of no rows writes nothing', async () => {
    expect(await write([])).toEqual({ inserted: 0, updated: 0 });
  });

  it.skipIf(!isServer())('and its reverse, many times at once, never deadlock', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 300 }, (_, index) => 1_000 + index);
    const orders = [many, many.toReversed()];
    const lane = async (lane_: number) => {
      for (let round = 0; round < 15; round++) {
        const rows = orders[lane_ % 2]!.map((id) => row(id, `${lane_} ${round}`));
        await inTransaction(test.database, system, (tx) => upsertRows(tx, notes, rows), { retries: 0 });
      }
    };
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map(lane));
    const failures = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [classifyDatabaseError(each.reason).kind] : [],
    );
    expect(failures).toEqual([]);
  });
});
