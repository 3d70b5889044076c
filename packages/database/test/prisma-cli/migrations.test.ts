import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deployMigrations,
  emptyDatabase,
  listMigrations,
  listPendingMigrations,
  rollbackMigrations,
} from '@pika/database/tooling';
import { createTestDatabase, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/paths.ts';
import { runPrisma } from '../../src/prisma-cli/run-prisma.ts';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pika-migrations-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function write(name: string, up: string, down?: string) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), up);
  if (down) writeFileSync(join(folder, name, 'down.sql'), down);
}

async function query(sql: string) {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the migrations of the repository', () => {
  it('leave books that Prisma agrees with', async () => {
    expect(await listPendingMigrations(database.url)).toEqual([]);
    const { code, output } = await runPrisma(['migrate', 'status'], { DATABASE_URL: database.url }, { capture: true });
    expect(output).toContain('Database schema is up to date!');
    expect(code).toBe(0);
  });

  it('make the tables of the Prisma schema', async () => {
    const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code'];
    const { code, output } = await runPrisma(args, { DATABASE_URL: database.url }, { capture: true });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('No difference detected') });
  });

  it('differ, for Prisma, as soon as a table does', async () => {
    await query('CREATE TABLE public.not_in_the_schema (id int PRIMARY KEY)');
    const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code'];
    const { code, output } = await runPrisma(args, { DATABASE_URL: database.url }, { capture: true });
    await query('DROP TABLE public.not_in_the_schema');
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('not_in_the_schema') });
  });

  it('run down to nothing and up again', async () => {
    const names = listMigrations().map((migration) => migration.name);
    expect(await rollbackMigrations(database.url, () => false)).toEqual(names.toReversed());
    const left = await query(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v', 'm', 'S')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`,
    );
    expect(left).toEqual([{ name: 'public._prisma_migrations' }]);
    expect(await deployMigrations(database.url)).toEqual(names);
  });
});

describe('a migration', () => {
  beforeEach(() => emptyDatabase(database.url));

  it('that fails leaves nothing behind and is tried again once it is mended', async () => {
    write('1_good', 'CREATE TABLE good ()');
    write('2_bad', 'CREATE TABLE half ();\nSELECT no_such_column;');
    await expect(deployMigrations(database.url, undefined, { folder })).rejects.toThrow(
      'Migration 2_bad failed: column "no_such_column" does not exist (line 2)',
    );
    expect(await query(`SELECT to_regclass('half') AS half, to_regclass('good') AS good`)).toEqual([
      { half: null, good: 'good' },
    ]);
    write('2_bad', 'CREATE TABLE half ()');
    expect(await deployMigrations(database.url, undefined, { folder })).toEqual(['2_bad']);
  });

  it('that is cut short leaves nothing behind and is applied the next time', async (context) => {
    if (database.kind === 'embedded') context.skip('its one backend is everybody’s');
    write('1_cut', 'CREATE TABLE cut ();\nSELECT pg_terminate_backend(pg_backend_pid());');
    await expect(deployMigrations(database.url, undefined, { folder })).rejects.toThrow(/terminat|not queryable/);
    expect(await listPendingMigrations(database.url, folder)).toEqual(['1_cut']);
    write('1_cut', 'CREATE TABLE cut ()');
    expect(await deployMigrations(database.url, undefined, { folder })).toEqual(['1_cut']);
  });

  it('that was changed after it had been applied is refused', async () => {
    write('1_first', 'CREATE TABLE first ()');
    await deployMigrations(database.url, undefined, { folder });
    write('1_first', 'CREATE TABLE other ()');
    await expect(deployMigrations(database.url, undefined, { folder })).rejects.toThrow('1_first was changed');
  });

  it('goes back as far as asked, or not at all when its way back fails', async () => {
    write('1_a', 'CREATE TABLE a ()', 'DROP TABLE a');
    write('2_b', 'CREATE TABLE b ()', 'DROP TABLE b; DROP TABLE no_such_table;');
    await deployMigrations(database.url, undefined, { folder });
    await expect(rollbackMigrations(database.url, () => false, undefined, { folder })).rejects.toThrow(
      'Undoing migration 2_b',
    );
    expect(await query(`SELECT to_regclass('b') AS b`)).toEqual([{ b: 'b' }]);
    write('2_b', 'CREATE TABLE b ()', 'DROP TABLE b');
    expect(await rollbackMigrations(database.url, (name) => name === '1_a', undefined, { folder })).toEqual(['2_b']);
    expect(await listPendingMigrations(database.url, folder)).toEqual(['2_b']);
  });
});

const run = (...args: string[]) => spawnSync(join(packageFolder, 'bin/schema-engine.mjs'), args, { encoding: 'utf8' });

it('the offline schema engine answers what Prisma asks before anything else', () => {
  expect(run('--version').stdout).toMatch(/^schema-engine-cli \d+\.\d+\.\d+/);
  const unreachable = run(
    '--datasource',
    '{"url":"postgresql://nobody@127.0.0.1:1/none"}',
    'cli',
    'can-connect-to-database',
  );
  expect(unreachable.status).toBe(1);
  expect(JSON.parse(unreachable.stderr.split('\n')[1] ?? '').fields.error_code).toBe('P1001');
});
