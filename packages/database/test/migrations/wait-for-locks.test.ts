import { deployMigrations, emptyDatabase, listPendingMigrations, rollbackMigrations } from '@pika/database/tooling';
import { createTestDatabase, requireServer, type TestDatabase } from '@pika/tests';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { withLockTimeout } from '../../src/migrate/lock-timeout.ts';
import { connect, makeMigrationFolder, query, type MigrationFolder } from './migration-folder.ts';

let database: TestDatabase;
let migrations: MigrationFolder;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

beforeEach(async () => {
  await emptyDatabase(database.url);
  migrations = makeMigrationFolder();
  migrations.write('1_notes', { up: 'CREATE SCHEMA notes; CREATE TABLE notes.notes (id int PRIMARY KEY)' });
  migrations.write('2_column', {
    up: `SET LOCAL lock_timeout = '5s';
      ALTER TABLE notes.notes ADD COLUMN said text DEFAULT current_setting('lock_timeout');
      INSERT INTO notes.notes (id) VALUES (1);`,
    down: `SET LOCAL lock_timeout = '5s';\nALTER TABLE notes.notes DROP COLUMN said; DELETE FROM notes.notes;`,
  });
  return migrations.remove;
});

afterEach(() => vi.unstubAllEnvs());

const deploy = (to?: string) =>
  deployMigrations(database.url, undefined, { folder: migrations.path, ...(to ? { to } : {}) });

const said = () => query(database.url, 'SELECT said FROM notes.notes');

it('takes the lock_timeout of the file, or that of MIGRATION_LOCK_TIMEOUT', async () => {
  await deploy();
  expect(await said()).toEqual([{ said: '5s' }]);
  await rollbackMigrations(database.url, (name) => name === '1_notes', undefined, { folder: migrations.path });
  vi.stubEnv('MIGRATION_LOCK_TIMEOUT', '1234');
  await deploy();
  expect(await said()).toEqual([{ said: '1234ms' }]);
});

it.each(['0', '-1', '5s', '1.5'])('refuses MIGRATION_LOCK_TIMEOUT=%s', async (given) => {
  vi.stubEnv('MIGRATION_LOCK_TIMEOUT', given);
  await expect(deploy()).rejects.toThrow(`MIGRATION_LOCK_TIMEOUT is a whole number of milliseconds from 1 on`);
});

it('changes the header alone', () => {
  const sql = `SET LOCAL lock_timeout = '5s';\nSELECT 'SET LOCAL lock_timeout = ''9s'';';`;
  expect(withLockTimeout(sql, 20)).toBe(`SET LOCAL lock_timeout = '20ms';\nSELECT 'SET LOCAL lock_timeout = ''9s'';';`);
  expect(withLockTimeout(sql, null)).toBe(sql);
});

it('lets go of the queue behind it and tries again, until the table is free', async (context) => {
  requireServer(context);
  vi.stubEnv('MIGRATION_LOCK_TIMEOUT', '50');
  await deploy('1_notes');
  const reader = await connect(database.url);
  await reader.query('BEGIN');
  await reader.query('SELECT FROM notes.notes');
  const deployed = deploy();
  const isWaiting = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'notes.notes'::regclass`;
  const waits: boolean[] = [];
  await vi.waitFor(
    async () => {
      waits.push((await query(database.url, isWaiting)).length > 0);
      const [tried] = [waits.indexOf(true)];
      expect(tried).toBeGreaterThan(-1);
      expect(waits.indexOf(false, tried)).toBeGreaterThan(tried);
    },
    { timeout: 10_000, interval: 10 },
  );
  await reader.query('COMMIT');
  await reader.end();
  expect(await deployed).toEqual(['2_column']);
});

it('gives up after five attempts with nothing done', async (context) => {
  requireServer(context);
  vi.stubEnv('MIGRATION_LOCK_TIMEOUT', '10');
  await deploy('1_notes');
  const reader = await connect(database.url);
  await reader.query('BEGIN');
  await reader.query('SELECT FROM notes.notes');
  await expect(deploy()).rejects.toThrow('Migration 2_column failed: canceling statement due to lock timeout');
  await reader.query('COMMIT');
  await reader.end();
  expect(await listPendingMigrations(database.url, migrations.path)).toEqual(['2_column']);
});

it('writes its books as itself after a script that took another role', async () => {
  const role = `pika_test_${database.url.replaceAll(/\W/g, '').slice(-20)}`;
  await query(database.url, `CREATE ROLE ${role} NOLOGIN`);
  migrations.write('3_role', {
    up: `CREATE SCHEMA owned AUTHORIZATION ${role}; SET LOCAL ROLE ${role}; CREATE TABLE owned.owned ();`,
    down: `SET LOCAL ROLE ${role}; DROP SCHEMA owned CASCADE;`,
  });
  expect(await deploy()).toContain('3_role');
  expect(await query(database.url, `SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'owned'`)).toEqual([
    { owner: role },
  ]);
  const undone = await rollbackMigrations(database.url, (_name, count) => count === 1, undefined, {
    folder: migrations.path,
  });
  expect(undone).toEqual(['3_role']);
  await query(database.url, `DROP ROLE ${role}`);
});
