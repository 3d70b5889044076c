import { listPendingMigrations } from '@pika/database/tooling';
import { createTestDatabase, isServer, requireServer, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

it('is migrated', async () => {
  expect(await listPendingMigrations(database.url)).toEqual([]);
});

it('is of the calling file alone', async (context) => {
  requireServer(context);
  const other = await createTestDatabase();
  const client = new Client({ connectionString: other.url });
  await client.connect();
  await client.query('CREATE TABLE only_here ()');
  const here = new Client({ connectionString: database.url });
  await here.connect();
  const { rows } = await here.query(`SELECT to_regclass('only_here') AS found`);
  expect(rows).toEqual([{ found: null }]);
  await client.end();
  await here.end();
  await other.close();
});

it('has nothing of the one that was closed before, not even its address', async () => {
  const former = await createTestDatabase();
  const client = new Client({ connectionString: former.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN; CREATE TABLE was_here (); COMMIT; BEGIN; CREATE TABLE was_almost_here ()');
  await former.close();
  const next = await createTestDatabase();
  try {
    await expect(new Client({ connectionString: former.url }).connect()).rejects.toMatchObject({
      code: isServer() ? '3D000' : 'ECONNREFUSED',
    });
    const here = new Client({ connectionString: next.url });
    await here.connect();
    const { rows } = await here.query(
      `SELECT to_regclass('was_here') AS was, to_regclass('was_almost_here') AS almost, to_regclass('users.users') AS users`,
    );
    expect(rows).toEqual([{ was: null, almost: null, users: 'users.users' }]);
    await here.end();
  } finally {
    await next.close();
  }
});

it('knows whether it is a server', () => {
  expect(isServer()).toBe(database.kind !== 'embedded');
});
