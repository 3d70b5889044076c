import { listMigrations } from '@pika/database/tooling';
import { createTestDatabase, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPrisma } from '../../src/prisma-cli/run-prisma.ts';
import { run } from './run-command.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

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
