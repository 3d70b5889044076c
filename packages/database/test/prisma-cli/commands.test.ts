import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { listMigrations } from '@pika/database/tooling';
import { createTestDatabase, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/paths.ts';
import { runPrisma } from '../../src/prisma-cli/run-prisma.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

function run(url: string, ...args: string[]) {
  const node = ['--conditions=@pika/source', '--import', 'tsx', join(packageFolder, 'src/prisma-cli/main.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    cwd: packageFolder,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: url },
  });
  return { status, stdout, stderr: stderr.trim() };
}

const sayWhatChanges =
  'Say what changes in letters, digits and _: npx nx run @pika/database:prisma:migrate:dev -- --name add_campaigns';

const refusals: [args: string, sentence: string][] = [
  ['migrate:dev', sayWhatChanges],
  ['migrate:dev --name Bad Name/../x', sayWhatChanges],
  ['migrate:dev --nmae x', "Unknown option '--nmae'."],
  ['migrate:rollback', 'Say how far: --steps 1, --to <name of the last to keep> or --all.'],
  ['migrate:rollback --steps 0', '--steps wants a whole number from 1 on.'],
  ['migrate:rollback --to nowhere', 'No migration is called nowhere.'],
  ['migrate:rollback --bogus', "Unknown option '--bogus'."],
  ['migrate:reset', 'This empties the database of DATABASE_URL: add --force.'],
  ['migrate:deploy --to nowhere', 'No migration is called nowhere.'],
  ['migrate:deploy --bogus', "Unknown option '--bogus'."],
  ['migrate:data --name nowhere', 'No migration with a data.sql is called nowhere.'],
  ['migrate:data --batch 0', '--batch wants a whole number from 1 on.'],
  ['migrate:data --pause soon', '--pause wants milliseconds, from 0 on.'],
  ['migrate:data --bogus', "Unknown option '--bogus'."],
  ['migrate:status --bogus', "Unknown option '--bogus'."],
  ['migrate:replay --bogus', "Unknown option '--bogus'."],
  ['seed --bogus', "Unknown option '--bogus'."],
];

it.each(refusals)('%s is refused in one sentence', (args, sentence) => {
  expect(run(database.url, ...args.split(' '))).toEqual({ status: 1, stdout: '', stderr: sentence });
});

it.each(['postgres://localhost:5432', 'postgres://localhost:5432/?sslmode=disable', 'pika'])(
  'an address without a database is refused in one sentence: %s',
  (url) => {
    const stderr = 'DATABASE_URL names no server and database; it looks like postgres://user:password@host:5432/pika.';
    expect(run(url, 'migrate:status')).toEqual({ status: 1, stdout: '', stderr });
  },
);

it('a server that is not there is told in one sentence', () => {
  expect(run('postgres://pika:pika@127.0.0.1:1/pika', 'migrate:rollback', '--all')).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'The database of DATABASE_URL cannot be used at 127.0.0.1:1/pika (ECONNREFUSED); mend it, or unset DATABASE_URL for the embedded one.',
  });
});

it('status says what is to apply, and how', () => {
  const upToDate = run(database.url, 'migrate:status');
  expect(upToDate).toMatchObject({ status: 0, stdout: expect.stringMatching(/\d migration\(s\), 0 to apply\n$/) });
  expect(run(database.url, 'migrate:rollback', '--all').status).toBe(0);
  const behind = run(database.url, 'migrate:status');
  expect(behind.status).toBe(1);
  expect(behind.stdout).toMatch(/ [1-9]\d* to apply\n( {2}\d{14}_\w+\n)+.*@pika\/database:prisma:migrate:deploy\n$/);
  expect(behind.stdout).not.toContain('prisma migrate');
});

const names = listMigrations().map((migration) => migration.name);

/** The migrations that `prisma migrate status` holds for not applied yet. */
async function pendingForPrisma(): Promise<string[]> {
  const { output } = await runPrisma(['migrate', 'status'], { DATABASE_URL: database.url }, { capture: true });
  expect(output).not.toMatch(/failed|rolled back/i);
  if (output.includes('Database schema is up to date!')) return [];
  expect(output).toMatch(/have not yet been applied|not yet been applied/);
  return output.split('\n').filter((line) => names.includes(line.trim()));
}

it('deploys and rolls back as far as asked, and Prisma agrees at every stop', { timeout: 300_000 }, async () => {
  expect(run(database.url, 'migrate:rollback', '--all').status).toBe(0);
  const [first = '', second = ''] = names;
  expect(run(database.url, 'migrate:deploy', '--', '--to', second)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/Applied 2 migration\(s\)\n$/),
  });
  expect(await pendingForPrisma()).toEqual(names.slice(2));
  expect(run(database.url, 'migrate:rollback', '--to', names.at(-1)!)).toEqual({
    status: 1,
    stdout: '',
    stderr: `Migration ${names.at(-1)} is not applied.`,
  });
  expect(run(database.url, 'migrate:deploy').status).toBe(0);
  expect(await pendingForPrisma()).toEqual([]);
  expect(run(database.url, 'migrate:deploy').stdout).toMatch(/Nothing to apply\n$/);
  expect(run(database.url, 'migrate:rollback', '--steps', '1').stdout).toMatch(/Undid 1 migration\(s\)\n$/);
  expect(await pendingForPrisma()).toEqual(names.slice(-1));
  expect(run(database.url, 'migrate:rollback', '--to', first).status).toBe(0);
  expect(await pendingForPrisma()).toEqual(names.slice(1));
  expect(run(database.url, 'migrate:rollback', '--all').stdout).toMatch(/Undid 1 migration\(s\)\n$/);
  expect(await pendingForPrisma()).toEqual(names);
  expect(run(database.url, 'migrate:rollback', '--all').stdout).toMatch(/Nothing to undo\n$/);
  expect(run(database.url, 'migrate:deploy').status).toBe(0);
});
