import { verifyAudit } from '@pika/database';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { act, sealAll } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  test = await openTestDatabase();
  pool = test.pool;
});

afterAll(() => test?.close());

const addUser = (db: Pick<pg.Pool, 'query'> = pool) =>
  db.query(
    `INSERT INTO users.users (id, email, display_name) VALUES (gen_random_uuid(), md5(random()::text) || '@pika.example', 'x')`,
  );
const make = async (ahead: number): Promise<number> =>
  (await pool.query<{ made: number }>('SELECT audit.make_partitions($1) AS made', [ahead])).rows[0]?.made ?? 0;

/** Entries by the partition they are in. */
async function partitions(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ name: string; entries: number }>(
    `SELECT c.relname AS name, (SELECT count(*)::int FROM audit.entries e WHERE e.tableoid = c.oid) AS entries
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit.entries'::regclass`,
  );
  return Object.fromEntries(rows.map(({ name, entries }) => [name, entries]));
}

const months = async (count: number): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month', '"entries_"YYYY_MM') AS name
     FROM generate_series(0, $1 - 1) AS n`,
    [count],
  );
  return rows.map(({ name }) => name);
};

describe('partitions of the log', () => {
  it('are not needed: the default takes what no month does', async () => {
    await addUser();
    expect(Object.keys(await partitions())).toEqual(['entries_default']);
  });

  it('are made ahead, and take over what the default holds, which the hashes do not notice', async () => {
    await sealAll(pool);
    const { entries_default: held } = await partitions();
    expect(held).toBeGreaterThan(0);
    expect(await make(2)).toBe(3);
    const [current, next, last] = (await months(3)) as [string, string, string];
    expect(await partitions()).toEqual({ entries_default: 0, [current]: held, [next]: 0, [last]: 0 });
    expect(await verifyAudit(test.url)).toMatchObject({ verified: held, unsealed: 0, fault: null });
    await addUser();
    expect((await partitions())[current]).toBe(held! + 2);
  });

  it('are made once', async () => {
    expect(await make(2)).toBe(0);
    expect(await make(3)).toBe(1);
  });

  it('come late for a laptop that slept: its months are made from what the default took', async () => {
    const slept = `'2031-05-31T23:59:59.999999Z', '2031-06-01T00:00:00Z'`;
    const before = await partitions();
    await pool.query(
      `INSERT INTO audit.entries (recorded_at, transaction_id, schema_name, table_name, operation, changes, actor, database_login)
       SELECT at::timestamptz, pg_current_xact_id()::text::bigint, 'users', 'users', 'truncate', '{}', 'system:sleep', 'x'
       FROM unnest(ARRAY[${slept}]) AS at`,
    );
    await sealAll(pool);
    expect((await partitions())['entries_default']).toBe(2);
    expect(await make(3)).toBe(2);
    expect(await partitions()).toEqual({ ...before, entries_2031_05: 1, entries_2031_06: 1, entries_default: 0 });
    expect(await verifyAudit(test.url)).toMatchObject({ fault: null });
  });

  it('refuse all that the log refuses', async () => {
    for (const name of Object.keys(await partitions())) {
      const writes = [`UPDATE audit.${name} SET actor = 'x'`, `DELETE FROM audit.${name}`, `TRUNCATE audit.${name}`];
      const isEmpty = (await partitions())[name] === 0;
      for (const write of isEmpty ? writes.slice(2) : writes) {
        const settings = { session_replication_role: 'replica' };
        await expect(
          act(pool, { settings }, (db) => db.query(write)),
          write,
        ).rejects.toThrow('is append-only');
      }
    }
  });

  it('are made by two at once without an error, while others write', async (context) => {
    requireServer(context);
    await addUser();
    const writing = Array.from({ length: 40 }, () => addUser());
    const made = await Promise.all([make(8), make(8), make(9)]);
    await Promise.all(writing);
    expect(made.reduce((sum, number) => sum + number, 0)).toBe(6);
    await sealAll(pool);
    expect(await verifyAudit(test.url)).toMatchObject({ unsealed: 0, fault: null });
  });

  it('can be archived once they are sealed; the chain stays whole without them', async () => {
    await expect(pool.query(`SELECT audit.archive_month('2030-01-01')`)).rejects.toThrow('there is no partition');
    const before = await verifyAudit(test.url);
    const { rows } = await pool.query(`SELECT audit.archive_month('2031-05-17') AS name`);
    expect(rows).toEqual([{ name: 'audit.archived_entries_2031_05' }]);
    expect(await verifyAudit(test.url)).toMatchObject({ verified: before.verified - 1, archived: 1, fault: null });
    await pool.query('DROP TABLE audit.archived_entries_2031_05');
    expect(await verifyAudit(test.url)).toMatchObject({ archived: 1, fault: null });
  });

  it('cannot be archived before they are sealed, and what is missing beyond an archive is seen', async () => {
    await pool.query(
      `INSERT INTO audit.entries (recorded_at, transaction_id, schema_name, table_name, operation, changes, actor, database_login)
       VALUES ('2031-06-02T00:00:00Z', pg_current_xact_id()::text::bigint, 'users', 'users', 'truncate', '{}', 'system:sleep', 'x')`,
    );
    await expect(pool.query(`SELECT audit.archive_month('2031-06-01')`)).rejects.toThrow('holds 2 entries, of which 1');
    await vi.waitUntil(
      async () => {
        await pool.query('SELECT audit.seal()');
        return (await verifyAudit(test.url)).unsealed === 0;
      },
      { timeout: 15_000 },
    );
    await pool.query('DROP TABLE audit.entries_2031_06');
    expect((await verifyAudit(test.url)).fault).toMatchObject({ kind: 'missing' });
  });
});
