import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, entriesOf } from './act.ts';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});

afterAll(() => test?.close());

const names = async (sql: string): Promise<string[]> => {
  const { rows } = await test.pool.query<{ name: string }>(sql);
  return rows.map(({ name }) => name).toSorted();
};

/** Every table of ours; partitions follow their parents, and extensions keep their own. */
const allTables = () =>
  names(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'pgboss')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`,
  );

const listed = () => names('SELECT table_name AS name FROM audit.audited_tables()');
const exempt = () => names('SELECT table_name AS name FROM audit.exemptions()');

describe('every table', () => {
  it('is either audited or exempt, and what is listed exists', async () => {
    expect([...(await listed()), ...(await exempt())].toSorted()).toEqual(await allTables());
  });

  it('that is neither is found', async () => {
    await test.pool.query('CREATE TABLE catalog.forgotten (id int PRIMARY KEY)');
    expect(await allTables()).toContain('catalog.forgotten');
    await test.pool.query('DROP TABLE catalog.forgotten');
  });

  it('is exempt for a reason', async () => {
    const reasons = await names('SELECT reason AS name FROM audit.exemptions()');
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(15);
  });

  it('that is listed has both triggers, always, with its present key and rules', async () => {
    const audited = await names(
      `SELECT n.nspname || '.' || c.relname AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_trigger r ON r.tgrelid = c.oid AND r.tgname = 'audit_row' AND r.tgenabled = 'A' AND r.tgtype = 29
       JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'audit_truncate' AND t.tgenabled = 'A' AND t.tgtype = 32
       WHERE r.tgfoid = 'audit.record_change'::regproc AND t.tgfoid = 'audit.record_truncate'::regproc
         AND starts_with(encode(r.tgargs, 'escape'), audit.key_columns(c.oid)::text || '\\000')`,
    );
    expect(audited).toEqual(await listed());
  });

  it('has no trigger of its own that could write a row before the write before it is in the log', async () => {
    const earlier = await names(
      `SELECT t.tgrelid::regclass || '.' || t.tgname AS name FROM pg_trigger t
       WHERE NOT t.tgisinternal AND t.tgtype & 1 = 1 AND t.tgtype & 2 = 0 AND t.tgname < 'audit_row'
         AND EXISTS (SELECT FROM pg_trigger a WHERE a.tgrelid = t.tgrelid AND a.tgname = 'audit_row')`,
    );
    expect(earlier).toEqual([]);
  });
});

describe('a table that comes to the audit', () => {
  it('begins with what it holds, can be written at once, and ends with a word', async () => {
    const { pool } = test;
    const summary = async (work: () => Promise<unknown>) =>
      (await entriesOf(pool, work)).map(({ operation, changes }) => [operation, changes.new ?? null]);
    await pool.query('CREATE TABLE catalog.late (id int PRIMARY KEY, name text, pin text)');
    await pool.query(`INSERT INTO catalog.late VALUES (1, 'one', '1111'), (2, 'two', '2222')`);
    expect(await summary(() => pool.query(`SELECT audit.audit_table('catalog.late', secret => '{pin}')`))).toEqual([
      ['attach', null],
      ['insert', { id: 1, name: 'one' }],
      ['insert', { id: 2, name: 'two' }],
    ]);
    expect(await summary(() => pool.query(`SELECT audit.audit_table('catalog.late', secret => '{pin}')`))).toEqual([]);
    expect(await summary(() => pool.query(`INSERT INTO catalog.late VALUES (3, 'three', '3333')`))).toEqual([
      ['insert', { id: 3, name: 'three' }],
    ]);
    const { rows } = await pool.query(`SELECT record FROM audit.replay('catalog.late') ORDER BY record ->> 'id'`);
    expect(rows.map(({ record }) => record.name)).toEqual(['one', 'two', 'three']);
    await pool.query(`SELECT audit.audit_table('catalog.late', secret => '{pin,name}')`);
    expect(await summary(() => pool.query(`UPDATE catalog.late SET name = 'uno' WHERE id = 1`))).toEqual([
      ['update', {}],
    ]);
    expect(await summary(() => pool.query(`SELECT audit.follow_list()`))).toEqual([['detach', null]]);
    expect(await summary(() => pool.query(`UPDATE catalog.late SET name = 'due' WHERE id = 1`))).toEqual([]);
    await pool.query('DROP TABLE catalog.late');
  });

  it.each([
    ['without a key', 'CREATE TABLE catalog.odd (id int)', `'catalog.odd'`, 'catalog.odd has no primary key'],
    [
      'with a secret key',
      'CREATE TABLE catalog.odd (id int PRIMARY KEY)',
      `'catalog.odd', secret => '{id}'`,
      'the key of catalog.odd stands open in the log',
    ],
    [
      'with personal columns of nobody',
      'CREATE TABLE catalog.odd (id int PRIMARY KEY, email text)',
      `'catalog.odd', personal => '{email}'`,
      'the personal columns of catalog.odd need a subject column',
    ],
    [
      'with a misspelt column',
      'CREATE TABLE catalog.odd (id int PRIMARY KEY, pin text)',
      `'catalog.odd', secret => '{pim}'`,
      'catalog.odd lacks one of the columns {pim}',
    ],
  ])('is refused %s', async (_, create, args, message) => {
    const attempt = act(test.pool, {}, async (db) => {
      await db.query(create);
      await db.query(`SELECT audit.audit_table(${args})`);
    });
    await expect(attempt).rejects.toThrow(message);
  });
});
