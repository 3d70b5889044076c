import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deployMigrations, emptyDatabase, listPendingMigrations, rollbackMigrations } from '@pika/database/tooling';
import { createTestDatabase, requireServer, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { runPrisma } from '../../src/prisma-cli/run-prisma.ts';
import { readConcurrentIndex } from '../../src/migrate/concurrent-index.ts';
import { connect, makeMigrationFolder, query, type MigrationFolder } from './migration-folder.ts';

const build = '-- lock_timeout: 10min\nCREATE INDEX CONCURRENTLY "notes_text_idx" ON "notes"."notes" ("text");\n';
const drop = '-- lock_timeout: 10min\nDROP INDEX CONCURRENTLY IF EXISTS "notes"."notes_text_idx";\n';

let database: TestDatabase;
let migrations: MigrationFolder;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

beforeEach(async () => {
  await emptyDatabase(database.url);
  migrations = makeMigrationFolder();
  migrations.write('1_notes', {
    up: `CREATE SCHEMA notes; CREATE TABLE notes.notes (id int PRIMARY KEY, text text);
      INSERT INTO notes.notes SELECT n, 'note ' || n FROM generate_series(1, 1000) AS n;`,
    down: 'DROP SCHEMA notes CASCADE',
  });
  migrations.write('2_index', { up: build, down: drop });
  return migrations.remove;
});

const deploy = () => deployMigrations(database.url, undefined, { folder: migrations.path });

async function index(): Promise<{ oid: number; valid: boolean } | undefined> {
  const [row] = await query<{ oid: number; valid: boolean }>(
    database.url,
    `SELECT indexrelid::int AS oid, indisvalid AS valid FROM pg_index
     WHERE indexrelid = to_regclass('notes.notes_text_idx')`,
  );
  return row;
}

const books = () =>
  query<{ name: string; finished: boolean; rolled_back: boolean }>(
    database.url,
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
     FROM public._prisma_migrations ORDER BY started_at`,
  );

const applied = (name: string) => ({ name, finished: true, rolled_back: false });

it('builds the index outside a transaction, and drops it on the way back', async () => {
  expect(await deploy()).toEqual(['1_notes', '2_index']);
  expect(await index()).toMatchObject({ valid: true });
  expect(await books()).toEqual([applied('1_notes'), applied('2_index')]);
  await rollbackMigrations(database.url, (name) => name === '1_notes', undefined, { folder: migrations.path });
  expect(await index()).toBeUndefined();
  expect(await books()).toEqual([applied('1_notes')]);
  expect(await query(database.url, 'SHOW lock_timeout')).toEqual([{ lock_timeout: '0' }]);
});

it('drops an INVALID index that was left behind and builds it again', async () => {
  await deployMigrations(database.url, undefined, { folder: migrations.path, to: '1_notes' });
  await query(database.url, 'CREATE INDEX notes_text_idx ON notes.notes (id)');
  await query(
    database.url,
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'notes.notes_text_idx'::regclass`,
  );
  const left = await index();
  expect(await deploy()).toEqual(['2_index']);
  expect((await index())?.valid).toBe(true);
  expect((await index())?.oid).not.toBe(left?.oid);
  expect(await query(database.url, `SELECT pg_get_indexdef('notes.notes_text_idx'::regclass) AS text`)).toEqual([
    { text: 'CREATE INDEX notes_text_idx ON notes.notes USING btree (text)' },
  ]);
});

it('leaves no INVALID index where it cannot be built, and says why', async () => {
  migrations.write('2_index', { up: build.replace('INDEX', 'UNIQUE INDEX').replace('("text")', '(length("text"))') });
  await expect(deploy()).rejects.toThrow('Migration 2_index failed: could not create unique index "notes_text_idx"');
  expect(await index()).toBeUndefined();
  expect(await listPendingMigrations(database.url, migrations.path)).toEqual(['2_index']);
  migrations.write('2_index', { up: build });
  expect(await deploy()).toEqual(['2_index']);
});

/** A deploy that waits, with its index half built, for a transaction that is older than it. */
async function deployThatWaits(): Promise<{ child: ChildProcess; backend: number; release: () => Promise<void> }> {
  await deployMigrations(database.url, undefined, { folder: migrations.path, to: '1_notes' });
  const older = await connect(database.url);
  await older.query('BEGIN');
  await older.query('UPDATE notes.notes SET text = text WHERE id = 1');
  const child = spawn(
    process.execPath,
    [
      '--conditions=@pika/source',
      '--import',
      'tsx',
      fileURLToPath(new URL('./deploy-process.ts', import.meta.url)),
      database.url,
      migrations.path,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const backend = await vi.waitFor(
    async () => {
      const rows = await query<{ pid: number }>(
        database.url,
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE '%CREATE INDEX CONCURRENTLY%'`,
      );
      expect(rows).toHaveLength(1);
      return rows[0]!.pid;
    },
    { timeout: 30_000 },
  );
  return {
    child,
    backend,
    release: async () => {
      await older.query('COMMIT');
      await older.end();
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
}

it('builds again what a killed deploy and a killed backend left INVALID', async (context) => {
  requireServer(context);
  const { child, backend, release } = await deployThatWaits();
  await kill(child);
  await query(database.url, 'SELECT pg_terminate_backend($1)', [backend]);
  await vi.waitFor(
    async () => expect(await query(database.url, 'SELECT FROM pg_stat_activity WHERE pid = $1', [backend])).toEqual([]),
    { timeout: 15_000 },
  );
  await release();
  const left = await index();
  expect(left?.valid).toBe(false);
  expect(await listPendingMigrations(database.url, migrations.path)).toEqual(['2_index']);
  expect(await deploy()).toEqual(['2_index']);
  expect((await index())?.valid).toBe(true);
  expect((await index())?.oid).not.toBe(left?.oid);
  expect((await books()).filter(({ finished }) => finished)).toEqual([applied('1_notes'), applied('2_index')]);
});

it('waits for the backend of a killed deploy and keeps the index that it completes', async (context) => {
  requireServer(context);
  const { child, release } = await deployThatWaits();
  await kill(child);
  const half = await index();
  expect(half?.valid).toBe(false);
  const second = deploy();
  await release();
  expect(await second).toEqual(['2_index']);
  expect(await index()).toEqual({ oid: half?.oid, valid: true });
  expect(await books()).toEqual([applied('1_notes'), applied('2_index')]);
});

it('lets a second deploy wait its turn without a deadlock', async (context) => {
  requireServer(context);
  const { child, release } = await deployThatWaits();
  const answer = once(child.stdout!, 'data');
  const second = deploy();
  await vi.waitFor(
    async () => {
      const rows = await query(
        database.url,
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%'
         AND pid <> pg_backend_pid()`,
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: 15_000 },
  );
  await release();
  expect(JSON.parse(String(await answer))).toEqual(['2_index']);
  expect(await second).toEqual([]);
  expect(await books()).toEqual([applied('1_notes'), applied('2_index')]);
});

it('leaves books that Prisma reads as "to apply" while it is cut short', async (context) => {
  requireServer(context);
  await deployMigrations(database.url);
  await query(
    database.url,
    `INSERT INTO public._prisma_migrations (id, checksum, migration_name, logs, rolled_back_at)
     SELECT 'begun', checksum, migration_name, 'An index is being built concurrently', now()
     FROM public._prisma_migrations ORDER BY started_at DESC LIMIT 1`,
  );
  await query(
    database.url,
    `DELETE FROM public._prisma_migrations WHERE id <> 'begun'
       AND migration_name = (SELECT migration_name FROM public._prisma_migrations WHERE id = 'begun')`,
  );
  const [last] = await listPendingMigrations(database.url);
  const { output } = await runPrisma(['migrate', 'status'], { DATABASE_URL: database.url }, { capture: true });
  expect(output).toMatch(/have not yet been applied/);
  expect(output).toContain(last);
});

const refused: [why: string, sql: string, message: string][] = [
  ['something beside it', `${build}SELECT 1;`, 'stands alone'],
  ['two of them', build + build, 'stands alone'],
  ['a setting beside it', `SET lock_timeout = '5s';\n${build}`, 'stands alone'],
  ['no name', build.replace('"notes_text_idx" ', ''), 'write CREATE INDEX CONCURRENTLY <name>'],
  ['no schema', build.replace('"notes".', ''), 'write CREATE INDEX CONCURRENTLY <name>'],
  ['a drop that cannot be begun anew', drop.replace('IF EXISTS ', ''), 'DROP INDEX CONCURRENTLY IF EXISTS'],
  ['a rebuild', '-- lock_timeout: 1min\nREINDEX INDEX CONCURRENTLY notes.notes_text_idx', 'write CREATE INDEX'],
  ['no lock_timeout', build.split('\n')[1]!, '-- lock_timeout: 10min'],
];

it.each(refused)('refuses %s', async (_why, sql, message) => {
  migrations.write('2_index', { up: sql });
  await expect(deploy()).rejects.toThrow(message);
  expect(await listPendingMigrations(database.url, migrations.path)).toEqual(['2_index']);
});

it('is not misled by comments, texts and functions that speak of one', () => {
  const sql = `-- CREATE INDEX CONCURRENTLY in a comment; and more\nSELECT ';CREATE INDEX CONCURRENTLY x';
    /* DROP INDEX CONCURRENTLY y; */ DO $$ BEGIN PERFORM 'CREATE INDEX CONCURRENTLY;'; END $$;`;
  expect(readConcurrentIndex('x', sql)).toBeNull();
  expect(readConcurrentIndex('x', `${build.trimEnd().slice(0, -1)} WHERE "text" <> 'a;b' -- c;d\n`)).toEqual({
    kind: 'build',
    index: '"notes"."notes_text_idx"',
    lockTimeout: '10min',
  });
});
