import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from './act.ts';

let test: OpenTestDatabase;
const others = ['pika_app', 'pika_public', 'pika_support'];

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(
    `INSERT INTO users.users (id, email, display_name) VALUES (gen_random_uuid(), 'a@x.py', 'Ana')`,
  );
});

afterAll(() => test?.close());

const as = <T>(role: string, sql: string) =>
  act(test.pool, { role, actor: 'user:auditor' }, async (db) => (await db.query<T & object>(sql)).rows);

const reads = [
  'SELECT 1 FROM audit.entries',
  'SELECT 1 FROM audit.sealed_entries',
  'SELECT 1 FROM audit.seals',
  `SELECT 1 FROM audit.replay('users.users')`,
  `SELECT audit.record_as_of('users.users', '{}')`,
  `SELECT 1 FROM audit.history('users.users', '{}')`,
  `SELECT audit.reveal_address('192.0.2.7')`,
];

describe('an auditor', () => {
  it.each(reads)('may ask %s', async (sql) => {
    await expect(as('pika_auditor', sql)).resolves.toBeDefined();
  });

  it('reads personal values by the functions alone', async () => {
    const replayed = await as<{ record: { email: string } }>(
      'pika_auditor',
      `SELECT record FROM audit.replay('users.users')`,
    );
    expect(replayed.map(({ record }) => record.email)).toEqual(['a@x.py']);
    const stored = await as<{ changes: unknown }>('pika_auditor', 'SELECT changes FROM audit.entries');
    expect(JSON.stringify(stored)).not.toContain('a@x.py');
  });

  it.each([
    'SELECT key FROM security.subject_keys',
    'SELECT key FROM security.hash_keys',
    `SELECT audit.keyed_hash('a@x.py')`,
    `SELECT audit.decrypt('', '')`,
    `SELECT audit.seal_address('192.0.2.7', 'anonymous', NULL)`,
    `SELECT audit.subject_key('00000000-0000-0000-0000-000000000000')`,
    'SELECT email FROM users.users',
    'SELECT audit.seal()',
    `SELECT audit.erase_subject('00000000-0000-0000-0000-000000000000')`,
    'SELECT audit.make_partitions()',
    `SELECT audit.write_entry('users', 'users', 'truncate', NULL, NULL, '{}')`,
    `INSERT INTO audit.seals SELECT * FROM audit.seals`,
    `DELETE FROM audit.entries`,
  ])('may not ask %s', async (sql) => {
    await expect(as('pika_auditor', sql)).rejects.toMatchObject({ code: '42501' });
  });
});

describe.each(others)('%s', (role) => {
  it.each(reads)('may not ask %s', async (sql) => {
    await expect(as(role, sql)).rejects.toMatchObject({ code: '42501' });
  });
});

it('no function of the audit is everybody’s', async () => {
  const { rows } = await test.pool.query(
    `SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'audit' AND p.prorettype <> 'trigger'::regtype AND has_function_privilege('pika_public', p.oid, 'EXECUTE')`,
  );
  expect(rows).toEqual([]);
});

it('every function that runs as its owner pins its search path', async () => {
  const { rows } = await test.pool.query(
    `SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'audit' AND p.prosecdef AND NOT coalesce(p.proconfig @> ARRAY['search_path=""'], false)`,
  );
  expect(rows).toEqual([]);
});
