import { createTestDatabase, isServer, requireServer, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { formatSection } from '../src/db-report/format-section.ts';
import { reportDatabase } from '../src/db-report/report.ts';

let database: TestDatabase;

async function connect(url = database.url): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'a long reader' });
  await client.connect();
  return client;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const client = await connect();
  await client.query(`
    CREATE SCHEMA notes;
    CREATE TABLE notes.books (id int PRIMARY KEY);
    INSERT INTO notes.books SELECT generate_series(1, 100);
    CREATE TABLE notes.notes (id int PRIMARY KEY, book int CONSTRAINT notes_book_fkey REFERENCES notes.books, text text)
      WITH (autovacuum_enabled = false);
    INSERT INTO notes.notes SELECT n, 1 + n % 100, repeat('word ', 20) FROM generate_series(1, 30000) AS n;
    CREATE INDEX notes_text_idx ON notes.notes (text);
    CREATE INDEX notes_half_idx ON notes.notes (book) WHERE id < 0;
    UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'notes.notes_half_idx'::regclass;
    DELETE FROM notes.notes WHERE id > 10000;
    ANALYZE notes.notes;`);
  await client.query(
    `SELECT count(*) AS counted_notes FROM notes.notes, generate_series(1, 40) WHERE text LIKE '%word%'`,
  );
  await client.query('SELECT pg_stat_force_next_flush()');
  await client.end();
}, 60_000);

afterAll(() => database?.close());

/** The lines of one part of the report. */
async function part(title: string, url = database.url): Promise<string[]> {
  const report = await reportDatabase(url, { olderThanSeconds: 0 });
  const [, body = ''] = report.split(`${title}\n${'-'.repeat(title.length)}\n`);
  return (body.split('\n\n')[0] ?? '').split('\n').filter((line) => line !== '');
}

it('names the foreign key without an index, and no other', async () => {
  const [, ...lines] = await part('Foreign keys without an index');
  expect(lines).toEqual([expect.stringMatching(/^notes_book_fkey +notes\.notes +book +10,000$/)]);
});

it('names the index that was cut short', async () => {
  expect((await part('Invalid indexes'))[1]).toMatch(/^notes\.notes_half_idx +notes\.notes$/);
});

it('names the index that nobody reads, with its size and what it costs', async () => {
  const line = (await part('Unused indexes')).find((each) => each.startsWith('notes.notes_text_idx'));
  if (isServer()) expect(line).toMatch(/^notes\.notes_text_idx +notes +\d+ (kB|MB) +50,000$/);
  else expect(line).toMatch(/^notes\.notes_text_idx +notes +\d+ (kB|MB)/);
});

it('names the table that is read from end to end, and the dead rows in it', async (context) => {
  requireServer(context);
  await vi.waitFor(
    async () =>
      expect((await part('Large sequential scans')).join('\n')).toMatch(/notes\.notes +[\d,]+ +[1-3]\d,\d{3} /),
    { timeout: 15_000 },
  );
  const line = (await part('Bloat')).find((each) => each.startsWith('notes.notes'));
  expect(line).toMatch(/^notes\.notes +10,000 +20,000 +66\.7 % +\d+ kB +6[0-9]\.\d %/);
});

it('sizes tables', async () => {
  const lines = await part('Table sizes');
  expect(lines.find((line) => line.startsWith('notes.notes'))).toMatch(/^notes\.notes +10,000 +\d+ kB +\d+ kB/);
  expect(lines.at(-1)).toMatch(/^The whole database: \d+ MB\.$/);
});

it('says what part of the reads came from the cache', async (context) => {
  requireServer(context);
  expect((await part('Cache hit rates'))[1]).toMatch(/^all tables +\d+\.\d\d % +[\d,]+ +[\d,]+$/);
});

it('lists statements where they are counted, and else says how to count them', async () => {
  const [first] = await part('Slowest statements');
  if (!isServer()) {
    expect(first).toBe('Not on the embedded engine: it has no pg_stat_statements.');
    return;
  }
  expect(first).toMatch(/^(Run CREATE EXTENSION pg_stat_statements|pg_stat_statements is not )/);
  const client = await connect();
  const { rows } = await client.query(`SELECT current_setting('pg_stat_statements.max', true) AS loaded`);
  if (rows[0].loaded !== null) {
    await client.query('CREATE SCHEMA "Odd place"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd place"');
    const lines = await part('Slowest statements');
    expect(lines.join('\n')).toMatch(
      / ms +\d+\.\d % +1 +\d+\.\d\d ms .*SELECT count\(\*\) AS counted_notes FROM notes\.notes/,
    );
  }
  await client.end();
});

it('says what a role may not see, and reports the rest', async (context) => {
  requireServer(context);
  const client = await connect();
  const role = `reader_${Date.now()}`;
  await client.query(`CREATE ROLE ${role} LOGIN; REVOKE EXECUTE ON FUNCTION pg_blocking_pids(int) FROM PUBLIC`);
  const url = new URL(database.url);
  url.username = role;
  expect((await part('Long transactions', url.href)).join()).toMatch(
    /^This role may not see it .*grant it pg_monitor\.$/,
  );
  expect((await part('Table sizes', url.href)).length).toBeGreaterThan(5);
  await client.query(`GRANT EXECUTE ON FUNCTION pg_blocking_pids(int) TO PUBLIC; DROP ROLE ${role}`);
  await client.end();
});

it('names a transaction that is left open, and whom it keeps waiting', async (context) => {
  requireServer(context);
  const [open, waiting] = [await connect(), await connect()];
  await open.query('BEGIN');
  await open.query('UPDATE notes.books SET id = id WHERE id = 7');
  const blocked = waiting.query('UPDATE notes.books SET id = id WHERE id = 7');
  await vi.waitFor(
    async () => {
      const lines = await part('Long transactions');
      expect(lines[1]).toMatch(
        /^ *\d+ +\d+ s +idle in transaction +a long reader .* \d+ +UPDATE notes\.books SET id = id WHERE id = 7$/,
      );
      expect(lines[2]).toMatch(/ active +a long reader +Lock transactionid /);
    },
    { timeout: 15_000 },
  );
  await open.query('COMMIT');
  await blocked;
  await Promise.all([open.end(), waiting.end()]);
});

it('aligns columns, numbers to the right', () => {
  const rows = [
    { table: 'a', rows: 1_234_567, size: '12 kB' },
    { table: 'longer', rows: 5, size: null },
  ];
  expect(formatSection({ title: 'Sizes', rows, note: 'All.' })).toBe(
    'Sizes\n-----\ntable        rows   size\na       1,234,567  12 kB\nlonger          5\nAll.\n',
  );
});
