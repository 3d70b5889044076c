import { readFileSync, writeFileSync } from 'node:fs';
import { createTestDatabase, requireServer, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPgDump } from '../migrations/pg-dump.ts';

const file = new URL('../../schema.sql', import.meta.url);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

/** A migration shows its effect in review: `UPDATE_SCHEMA=1 npm test -- schema-dump` writes the file anew. */
it('schema.sql is what pg_dump 15 says after all migrations', async (context) => {
  requireServer(context);
  const found = await findPgDump(database.url);
  context.skip(found?.major !== 15, 'needs PostgreSQL 15 and its pg_dump');
  const dumped = found?.dump(['--no-owner', '--no-privileges']) ?? '';
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(file, dumped);
  expect(readFileSync(file, 'utf8')).toBe(dumped);
});
