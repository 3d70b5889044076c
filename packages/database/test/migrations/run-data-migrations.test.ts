import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  deployMigrations,
  emptyDatabase,
  listMigrations,
  listUnfinishedDataMigrations,
  rollbackMigrations,
  runDataMigrations,
} from '@pika/database/tooling';
import { createTestDatabase, randomFrom, requireServer, testSeed, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeProgress } from '../../src/data-migration.ts';
import { connect, makeMigrationFolder, query, type MigrationFolder } from './migration-folder.ts';

const ROWS = 4_000;

const notes = (rows: number) => `CREATE SCHEMA notes;
  CREATE TABLE notes.notes (id int PRIMARY KEY, touched int NOT NULL DEFAULT 0, actor text);
  INSERT INTO notes.notes (id) SELECT generate_series(1, ${rows});`;

const touch = `-- table: notes.notes
WITH chosen AS (
  SELECT id FROM notes.notes WHERE id > coalesce(($1::jsonb ->> 'id')::int, 0) ORDER BY id LIMIT $2
), touched AS (
  UPDATE notes.notes SET touched = touched + 1, actor = current_setting('app.actor')
  FROM chosen WHERE notes.id = chosen.id RETURNING notes.id
)
SELECT CASE WHEN count(*) = $2 THEN jsonb_build_object('id', max(id)) END AS cursor, count(*)::int AS rows FROM touched`;

let database: TestDatabase;
let migrations: MigrationFolder;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

beforeEach(async () => {
  await emptyDatabase(database.url);
  migrations = makeMigrationFolder();
  const books = listMigrations().find(({ name }) => name.endsWith('_data_migrations'));
  migrations.write('0_books', { up: books?.up ?? '', down: books?.down ?? '' });
  return migrations.remove;
});

const deploy = (to?: string) =>
  deployMigrations(database.url, undefined, { folder: migrations.path, ...(to ? { to } : {}) });

/** The table with its rows, and a data migration that was applied but not begun. */
async function stand(rows = ROWS): Promise<void> {
  migrations.write('1_notes', { up: notes(rows), down: 'DROP SCHEMA notes CASCADE' });
  migrations.write('2_touch', { up: 'SELECT 1', down: 'SELECT 1' });
  await deploy();
  migrations.write('2_touch', { up: 'SELECT 1', down: 'SELECT 1', data: touch });
}

const books = async () => {
  const rows = await query<{ rows: number; cursor: unknown; finished: boolean }>(
    database.url,
    `SELECT rows_done::int AS rows, cursor, finished_at IS NOT NULL AS finished
     FROM public.data_migrations WHERE name = '2_touch'`,
  );
  return rows[0] ?? { rows: 0, cursor: null, finished: false };
};

const touched = () =>
  query<{ touched: number; count: number }>(
    database.url,
    'SELECT touched, count(*)::int AS count FROM notes.notes GROUP BY touched ORDER BY touched',
  );

/** In one snapshot: the backend of a killed process may still be about to commit its last batch. */
const bothCounts = async () => {
  const [row] = await query<{ finished: boolean; agree: boolean }>(
    database.url,
    `SELECT finished_at IS NOT NULL AS finished, rows_done = (SELECT sum(touched) FROM notes.notes) AS agree
     FROM public.data_migrations WHERE name = '2_touch'`,
  );
  return row;
};

function startRunner(batchSize: number, pauseMs: number): ChildProcess {
  const file = fileURLToPath(new URL('./run-data.ts', import.meta.url));
  const settings = [database.url, migrations.path, String(batchSize), String(pauseMs)];
  return spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file, ...settings], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function killAfter(child: ChildProcess, rows: number): Promise<void> {
  await vi.waitUntil(async () => (await books()).rows >= rows, { timeout: 30_000, interval: 5 });
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
}

describe('deploying', () => {
  it('runs data.sql to its end after its migration and before the next', async () => {
    migrations.write('1_notes', { up: notes(2_500) });
    migrations.write('2_touch', { up: 'SELECT 1', data: touch });
    migrations.write('3_check', { up: 'ALTER TABLE notes.notes ADD CONSTRAINT once CHECK (touched = 1)' });
    expect(await deploy()).toEqual(['0_books', '1_notes', '2_touch', '3_check']);
    expect(await books()).toEqual({ rows: 2_500, cursor: null, finished: true });
    expect(await query(database.url, 'SELECT DISTINCT actor FROM notes.notes')).toEqual([
      { actor: 'system:data-migration 2_touch' },
    ]);
    expect(await deploy()).toEqual([]);
    expect(await touched()).toEqual([{ touched: 1, count: 2_500 }]);
  });

  it('finishes what is not through before any later migration, or applies none', async () => {
    await stand();
    migrations.write('3_check', { up: 'ALTER TABLE notes.notes ADD CONSTRAINT once CHECK (touched = 1)' });
    await query(database.url, 'ALTER TABLE notes.notes ADD CONSTRAINT refused CHECK (id < 2000 OR touched = 0)');
    await expect(deploy()).rejects.toThrow(/Data migration 2_touch failed: .*"refused"/);
    expect(await query(database.url, `SELECT FROM pg_constraint WHERE conname = 'once'`)).toEqual([]);
    expect(await books()).toMatchObject({ rows: 1_000, finished: false });
    expect(await listUnfinishedDataMigrations(database.url, migrations.path)).toEqual(['2_touch']);
    await query(database.url, 'ALTER TABLE notes.notes DROP CONSTRAINT refused');
    expect(await deploy()).toEqual(['3_check']);
    expect(await touched()).toEqual([{ touched: 1, count: ROWS }]);
  });

  it('forgets with its migration how far it had come', async () => {
    await stand();
    await deploy();
    await rollbackMigrations(database.url, (name) => name === '1_notes', undefined, { folder: migrations.path });
    expect(await query(database.url, 'SELECT FROM public.data_migrations')).toEqual([]);
    await deploy();
    expect(await touched()).toEqual([{ touched: 2, count: ROWS }]);
  });
});

describe('a run', () => {
  it('that is killed again and again touches each row once', async () => {
    await stand();
    const random = randomFrom(testSeed('killed data migrations'));
    let kills = 0;
    while ((await books()).rows < ROWS - 600) {
      await killAfter(startRunner(10, 1), (await books()).rows + random.integer(1, 300));
      kills += 1;
      expect(await bothCounts()).toEqual({ finished: false, agree: true });
    }
    expect(kills).toBeGreaterThanOrEqual(10);
    expect(await runDataMigrations(database.url, { folder: migrations.path })).toEqual(['2_touch']);
    expect(await touched()).toEqual([{ touched: 1, count: ROWS }]);
    expect(await books()).toEqual({ rows: ROWS, cursor: null, finished: true });
  }, 120_000);

  it('refuses a second, and says who has it', async (context) => {
    requireServer(context);
    await stand();
    const first = startRunner(1, 1);
    await vi.waitUntil(async () => (await books()).rows > 0, { timeout: 30_000 });
    const refusal = new RegExp(
      `^Data migration 2_touch is being run by pika migrate \\S+ ${first.pid} \\(backend \\d+\\) since \\d{4}-.* UTC; what comes after it waits for its end\\.$`,
    );
    await expect(runDataMigrations(database.url, { folder: migrations.path })).rejects.toThrow(refusal);
    await expect(deploy()).rejects.toThrow(refusal);
    expect((await books()).finished).toBe(false);
    await killAfter(first, 1);
    expect(await runDataMigrations(database.url, { folder: migrations.path })).toEqual(['2_touch']);
    expect(await touched()).toEqual([{ touched: 1, count: ROWS }]);
  });

  it('never meets another: of five at once each row is touched once', async () => {
    await stand();
    const runs = Array.from({ length: 5 }, () =>
      runDataMigrations(database.url, { folder: migrations.path, batchSize: 50 }),
    );
    const outcomes = await Promise.allSettled(runs);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await touched()).toEqual([{ touched: 1, count: ROWS }]);
    expect(await books()).toMatchObject({ rows: ROWS, finished: true });
  });

  it('waits out a row that somebody holds for a moment', async (context) => {
    requireServer(context);
    await stand(100);
    const other = await connect(database.url);
    await other.query('BEGIN');
    await other.query('UPDATE notes.notes SET touched = touched WHERE id = 50');
    const run = runDataMigrations(database.url, { folder: migrations.path });
    await vi.waitFor(
      async () =>
        expect(
          await query(
            database.url,
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
          ),
        ).toHaveLength(1),
      { timeout: 15_000 },
    );
    await other.query('COMMIT');
    await other.end();
    expect(await run).toEqual(['2_touch']);
    expect(await touched()).toEqual([{ touched: 1, count: 100 }]);
  });

  it('says how far it is and how long it will take', async () => {
    await stand();
    await query(database.url, 'ANALYZE notes.notes');
    const lines: string[] = [];
    await runDataMigrations(database.url, { folder: migrations.path, onProgress: (line) => lines.push(line) });
    expect(lines.at(-1)).toMatch(/^2_touch: 4,000 rows, [\d,]+ rows\/s, finished$/);
    const going = { name: '2_touch', rowsDone: 1_500, isFinished: false, total: 4_000, rate: 250 };
    expect(describeProgress(going)).toBe('2_touch: 1,500 rows, 250 rows/s, about 10 s left');
    expect(describeProgress({ ...going, total: -1 })).toBe('2_touch: 1,500 rows, 250 rows/s');
  });

  it.each([
    ['answers no row', 'SELECT $1::jsonb AS cursor, 1 AS rows WHERE $2 < 0', 'answers one row'],
    ['answers other columns', 'SELECT $1::jsonb AS place, $2::int AS rows', 'answers one row'],
    [
      'stays where it is',
      `SELECT '{"id": 1}'::jsonb AS cursor, 1 AS rows WHERE $1::jsonb IS NULL OR $2 > 0`,
      'was given',
    ],
    ['has two statements', 'SELECT 1; SELECT 2', 'multiple commands'],
  ])('that %s is refused with nothing done', async (_what, data, message) => {
    await stand(10);
    migrations.write('2_touch', { up: 'SELECT 1', data });
    await expect(runDataMigrations(database.url, { folder: migrations.path })).rejects.toThrow(message);
    expect((await books()).finished).toBe(false);
  });
});
