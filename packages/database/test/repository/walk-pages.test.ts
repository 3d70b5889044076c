import { openPage, orderOf, pageOf, rowsAfter, sql, type Page, type PagedList, type PageKey } from '@pika/database';
import { openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Note {
  id: string;
  rank: number;
  /** As text: a Date would lose the microseconds in which some of these differ. */
  createdAt: string;
}

const createdAt = {
  column: sql`n.created_at`,
  keyOf: (row: Note) => row.createdAt,
  value: (key: PageKey) => sql`${key}::timestamptz`,
};
const id = { column: sql`n.id`, keyOf: (row: Note) => row.id, value: (key: PageKey) => sql`${key}::uuid` };
const rank = { column: sql`n.rank`, keyOf: (row: Note) => row.rank, value: (key: PageKey) => sql`${key}::int` };

const lists: PagedList<Note>[] = [
  { name: 'oldest', columns: [createdAt, id] },
  {
    name: 'newest',
    columns: [
      { ...createdAt, isDescending: true },
      { ...id, isDescending: true },
    ],
  },
  { name: 'mixed', columns: [{ ...rank, isDescending: true }, createdAt, { ...id, isDescending: true }] },
  { name: 'by id', columns: [id] },
];

const walk = { secret: 'a secret of this test', question: { q: 'x' } };
let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  const random = randomFrom(testSeed('walk pages'));
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id uuid PRIMARY KEY, rank int NOT NULL, created_at timestamptz NOT NULL);
    CREATE INDEX notes_oldest ON trial.notes (created_at, id);
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON trial.notes TO pika_owner`);
  const rows = Array.from({ length: 137 }, () => ({
    id: random.id(),
    rank: random.integer(0, 3),
    created_at: `2026-01-01T00:00:00.00000${random.integer(0, 9)}Z`,
  }));
  await test.pool.query('INSERT INTO trial.notes SELECT * FROM jsonb_populate_recordset(NULL::trial.notes, $1)', [
    JSON.stringify(rows),
  ]);
});

afterAll(() => test?.close());

const read = (list: PagedList<Note>, after: readonly PageKey[] | null, limit: number) =>
  test.asOwner((tx) =>
    tx.$queryRaw<Note[]>(sql`
      SELECT n.id, n.rank, n.created_at::text AS "createdAt" FROM trial.notes n
      WHERE ${rowsAfter(list, after)} ORDER BY ${orderOf(list)} LIMIT ${limit + 1}`),
  );

const everything = async (list: PagedList<Note>) => (await read(list, null, 1_000)).map((row) => row.id);

describe.each(lists)('a walk through the list $name', (list) => {
  it.each([1, 7, 136, 137, 138])('by pages of %i shows every row once, in order', async (limit) => {
    const found: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const after: PageKey[] | null = cursor === null ? null : openPage(list, cursor, walk);
      const { data, page }: Page<Note> = pageOf(list, await read(list, after, limit), limit, walk);
      found.push(...data.map((row) => row.id));
      cursor = page.next;
      pages += 1;
    } while (cursor !== null);
    expect(found).toEqual(await everything(list));
    expect(found).toHaveLength(137);
    expect(pages).toBe(Math.ceil(137 / limit));
  });
});

it('neither repeats nor skips a row when others come and go meanwhile', async () => {
  const [list] = lists as [PagedList<Note>];
  const before = await everything(list);
  const first = pageOf(list, await read(list, null, 20), 20, walk);
  await test.pool.query(`INSERT INTO trial.notes VALUES (gen_random_uuid(), 0, '2025-01-01Z')`);
  await test.pool.query('DELETE FROM trial.notes WHERE id = $1', [before[3]]);
  const after = openPage(list, first.page.next!, walk);
  const second = pageOf(list, await read(list, after, 20), 20, walk);
  expect(second.data.map((row) => row.id)).toEqual(before.slice(20, 40));
  await test.pool.query(`DELETE FROM trial.notes WHERE created_at < '2026-01-01Z'`);
});

it('is one range of the index', async () => {
  const [list] = lists as [PagedList<Note>];
  const statement = sql`
    EXPLAIN (FORMAT JSON) SELECT n.id FROM trial.notes n
    WHERE ${rowsAfter(list, ['2026-01-01T00:00:00.000005Z', crypto.randomUUID()])} ORDER BY ${orderOf(list)} LIMIT 5`;
  const client = await test.pool.connect();
  await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(statement.text, statement.values);
  await client.query('ROLLBACK');
  client.release();
  const plan = JSON.stringify(rows[0]!['QUERY PLAN']);
  expect(plan).toContain('"Index Cond":"(ROW(created_at, id) > ROW(');
  expect(plan).not.toContain('"Sort"');
});

describe('a cursor', () => {
  const [list, other] = lists as [PagedList<Note>, PagedList<Note>];
  const row = { id: crypto.randomUUID(), rank: 1, createdAt: '2026-01-01T00:00:00Z' };
  const { next } = pageOf(list, [row, row], 1, walk).page;

  it('opens for its own list and question', () => {
    expect(openPage(list, next!, walk)).toEqual([row.createdAt, row.id]);
  });

  it('does not for another list, question or secret, nor changed', () => {
    expect(openPage(other, next!, walk)).toBeNull();
    expect(openPage(list, next!, { ...walk, question: { q: 'y' } })).toBeNull();
    expect(openPage(list, next!, { ...walk, secret: 'another secret' })).toBeNull();
    expect(openPage(list, `${next!.slice(0, -2)}AA`, walk)).toBeNull();
    expect(openPage(list, 'nonsense', walk)).toBeNull();
  });

  it('is none at the end', () => {
    expect(pageOf(list, [row], 1, walk).page.next).toBeNull();
    expect(pageOf(list, [], 1, walk)).toEqual({ data: [], page: { next: null } });
  });
});
