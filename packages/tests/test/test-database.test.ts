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

it('knows whether it is a server', () => {
  expect(isServer()).toBe(database.kind !== 'embedded');
});
