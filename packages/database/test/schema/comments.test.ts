import { createTestDatabase, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { query } from '../migrations/migration-folder.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

const ours = `nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'pgboss')`;

it('every table says by COMMENT ON what a row of it is', async () => {
  const silent = await query(
    database.url,
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${ours} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       AND coalesce(obj_description(c.oid, 'pg_class'), '') = ''
     ORDER BY 1`,
  );
  expect(silent).toEqual([]);
});

it('every enumeration says by COMMENT ON what it tells apart', async () => {
  const silent = await query(
    database.url,
    `SELECT t.oid::regtype::text AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE ${ours} AND t.typtype = 'e' AND coalesce(obj_description(t.oid, 'pg_type'), '') = ''
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
     ORDER BY 1`,
  );
  expect(silent).toEqual([]);
});
