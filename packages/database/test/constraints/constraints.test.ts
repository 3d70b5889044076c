import { insertRows, openTestDatabase, type OpenTestDatabase, type Row } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';
import { allRules } from './rules/all.ts';
import { ids, insertWorld } from './rules/world.ts';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await insertWorld(test.pool);
});
afterAll(() => test.close());

/** Which constraint of which table refuses the rows, or null where they are taken; nothing is kept. */
async function refusalOf(table: string, rows: readonly Row[]): Promise<string | null> {
  const client = await test.pool.connect();
  try {
    await client.query('BEGIN');
    if (allRules[table]?.isGiven) await client.query(`DELETE FROM ${table}`);
    for (const row of rows) await insertRows(client, table, [row]);
    return null;
  } catch (error) {
    const refusal = error as { schema?: string; table?: string; constraint?: string };
    if (refusal.constraint === undefined) throw error;
    // A partition refuses in the name of its parent.
    return `${refusal.schema}.${refusal.table}: ${refusal.constraint}`.replaceAll(
      /(entries|idempotency_keys)_default/g,
      '$1',
    );
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const tables = Object.entries(allRules);
const cases = (kind: 'refused' | 'taken') =>
  tables.flatMap(([table, { row, rules: ofTable }]) =>
    Object.entries(ofTable).flatMap(([constraint, rule]) =>
      rule[kind].map((changes) => [`${table}: ${constraint}`, changes, table, { ...row, ...changes }] as const),
    ),
  );

describe('what is taken', () => {
  it.each(tables)('a row of %s', async (table, { row }) => {
    expect(await refusalOf(table, [row])).toBeNull();
  });

  it.each(cases('taken'))('%s %j', async (_constraint, _changes, table, row) => {
    expect(await refusalOf(table, [row])).toBeNull();
  });
});

describe('what is refused', () => {
  it.each(cases('refused'))('%s %j', async (constraint, _changes, table, row) => {
    expect(await refusalOf(table, [row])).toBe(constraint);
  });

  it.each(tables.filter(([, { isNumbered }]) => isNumbered !== true))(
    'the same row of %s twice',
    async (table, { row }) => {
      expect(await refusalOf(table, [row, row])).toBe(`${table}: ${table.split('.')[1]}_pkey`);
    },
  );

  it('a category moved below its own grandchild, or itself', async () => {
    const move = (parent: string) =>
      test.pool.query('UPDATE catalog.categories SET parent_id = $1 WHERE id = $2', [parent, ids.root]);
    const refusal = { code: '23514', schema: 'catalog', table: 'categories', constraint: 'categories_acyclic' };
    await expect(move(ids.grandchild)).rejects.toMatchObject(refusal);
    await expect(move(ids.root)).rejects.toMatchObject(refusal);
  });
});

describe('the rules', () => {
  it('are all that the tables have: CHECKs, unique indexes, exclusions and primary keys', async () => {
    const installed = await readNames(
      test,
      `WITH ${OURS}
      SELECT name || ': ' || conname FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE contype IN ('c', 'x')
      UNION
      SELECT name || ': ' || i.relname
      FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE x.indisunique OR x.indisexclusion`,
    );
    const named = tables.flatMap(([table, { rules: ofTable }]) =>
      [`${table.split('.')[1]}_pkey`, ...Object.keys(ofTable)].map((name) => `${table}: ${name}`),
    );
    expect([...new Set(named)].toSorted()).toEqual(installed.toSorted());
  });

  it('are enforced: none waits to be validated, none was switched off, no unique index is invalid', async () => {
    const idle = await readNames(
      test,
      `WITH ${OURS}
      SELECT name || ': ' || conname FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE NOT convalidated
      UNION
      SELECT name || ': ' || i.relname
      FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE NOT (x.indisvalid AND x.indimmediate)`,
    );
    expect(idle).toEqual([]);
  });
});
