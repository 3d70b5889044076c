import { verifyAudit } from '@pika/database';
import { addLanguages, isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealAll } from './act.ts';
import { operationsWithoutCopy, sqlOperations } from './all-operations.ts';
import { ormOperations } from './orm-operations.ts';
import { randomWriter } from './random-writer.ts';
import { truncations } from './sql-operations.ts';

const wanted = Number(process.env['PIKA_AUDIT_OPERATIONS'] ?? (isServer() ? 4_000 : 300));
const isLong = wanted >= 4_000;
const random = randomFrom(testSeed('audit completeness'));

let test: OpenTestDatabase;
let client: pg.PoolClient;
let writer: ReturnType<typeof randomWriter>;
let firstId: string;
const moments: { at: string; tables: Map<string, string[]> }[] = [];

const columnsOf = (table: string) =>
  `SELECT (to_jsonb(held) - rules.secret)::text AS row FROM ${table} AS held
   JOIN audit.audited_tables() AS rules ON rules.table_name = '${table}' ORDER BY 1`;

async function tables(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT table_name AS name FROM audit.audited_tables() ORDER BY 1',
  );
  return rows.map(({ name }) => name);
}

/** The rows of a table; of each, what the log can give back: no secret, and of who was erased only that a value is absent. */
async function held(table: string): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(
    `SELECT (to_jsonb(held) - rules.secret
       - ARRAY(
         SELECT name FROM unnest(rules.personal) AS name
         WHERE erased.subject_id IS NOT NULL AND to_jsonb(held) ->> name IS NOT NULL
       ))::text AS row
     FROM ${table} AS held
     JOIN audit.audited_tables() AS rules ON rules.table_name = $1
     LEFT JOIN security.subject_keys AS erased
       ON erased.subject_id::text = to_jsonb(held) ->> rules.subject_column AND erased.key IS NULL
     ORDER BY 1`,
    [table],
  );
  return rows.map(({ row }) => row);
}

/** The same, as the log tells it; typed by the table, so that the text of a value is the table's. */
async function replayed(table: string, at: string | null = null): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(
    `SELECT (SELECT jsonb_object_agg(key, typed -> key) FROM jsonb_object_keys(told.record) AS key)::text AS row
     FROM audit.replay($1, coalesce($2::timestamptz, 'infinity')) AS told
     CROSS JOIN LATERAL to_jsonb(jsonb_populate_record(NULL::${table}, told.record)) AS typed
     ORDER BY 1`,
    [table, at],
  );
  return rows.map(({ row }) => row);
}

beforeAll(async () => {
  test = await openTestDatabase();
  client = await test.pool.connect();
  await client.query('SET jit = off');
  await addLanguages(client);
  const { rows } = await client.query<{ id: string }>('SELECT max(id) AS id FROM audit.entries');
  firstId = rows[0]?.id ?? '';
  writer = randomWriter(test.database, random, isServer() ? sqlOperations : operationsWithoutCopy);
}, 300_000);

afterAll(async () => {
  client?.release();
  await test?.close();
});

describe(`${wanted} random writes by every path`, () => {
  it('are done', { timeout: 3_600_000 }, async () => {
    const startedAt = performance.now();
    await client.query(
      `INSERT INTO catalog.categories (id, slug, name_key, source_language) VALUES ($1, 'top', 'top', 'es')`,
      [random.id()],
    );
    await client.query(`INSERT INTO users.users (id, email, display_name) VALUES ($1, 'first@x.py', 'x')`, [
      random.id(),
    ]);
    for (let next = wanted / 4; writer.count() < wanted;) {
      await writer.write(client);
      if (writer.count() < next) continue;
      next += wanted / 4;
      const { rows } = await client.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
      moments.push({ at: rows[0]?.at ?? '', tables: new Map() });
      for (const table of await tables())
        moments.at(-1)?.tables.set(
          table,
          (await client.query<{ row: string }>(columnsOf(table))).rows.map(({ row }) => row),
        );
    }
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(
      `[audit completeness] ${writer.count()} operations in ${seconds} s, ${JSON.stringify(writer.outcomes)}`,
    );
    console.log([...writer.done].map(([name, number]) => `${name} ${number}`).join(', '));
    const all = [
      ...Object.keys(sqlOperations),
      ...Object.keys(ormOperations),
      ...truncations.map(({ statement }) => statement),
    ];
    if (isLong && isServer()) expect([...writer.done.keys()].toSorted(), 'every kind of write').toEqual(all.toSorted());
    if (isLong) expect(Object.values(writer.outcomes)).not.toContain(0);
  });

  it('left one entry each, with the actor, request and transaction of each, and nothing else', async () => {
    const { rows } = await client.query<{ request: string; actor: string; xid: string; what: string; number: number }>(
      `SELECT request_id AS request, actor, transaction_id::text AS xid,
         schema_name || '.' || table_name || ' ' || operation AS what, count(*)::int AS number
       FROM audit.entries WHERE id > $1 AND request_id IS NOT NULL GROUP BY 1, 2, 3, 4`,
      [firstId],
    );
    const found = rows.map(({ request, actor, xid, what, number }) => `${request} ${actor} ${xid} ${what} ${number}`);
    const expected = [...writer.expected].flatMap(([request, { actor, transactionId, counts }]) =>
      [...counts].map(([what, number]) => `${request} ${actor} ${transactionId} ${what} ${number}`),
    );
    const entries = rows.reduce((sum, { number }) => sum + number, 0);
    const counted = [...writer.expected.values()].flatMap(({ counts }) => [...counts.values()]);
    console.log(`[audit completeness] ${entries} entries`);
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(entries).toBe(counted.reduce((sum, number) => sum + number, 0));
  });

  it('can be replayed from empty: every table, every column that is not secret', async () => {
    let rowsCompared = 0;
    for (const table of await tables()) {
      const rows = await held(table);
      rowsCompared += rows.length;
      expect(await replayed(table), `seed ${random.seed}, ${table}`).toEqual(rows);
    }
    expect(rowsCompared).toBeGreaterThan(isLong ? 500 : 50);
  });

  it('can be replayed until any instant', async () => {
    for (const { at, tables: rowsThen } of moments) {
      for (const [table, rows] of rowsThen) {
        if (table.startsWith('users.') || table.startsWith('security.')) continue;
        expect(await replayed(table, at), `seed ${random.seed}, ${table} at ${at}`).toEqual(rows);
      }
    }
  });

  it('give any record as of any instant', async () => {
    for (const { at, tables: rowsThen } of moments) {
      for (const table of ['business.businesses', 'business.locations', 'marketplace.vouchers', 'i18n.languages']) {
        const key = table === 'i18n.languages' ? 'code' : 'id';
        const rows = random.sample(
          (rowsThen.get(table) ?? []).map((row): Record<string, unknown> => JSON.parse(row)),
          5,
        );
        for (const row of rows) {
          const { rows: told } = await client.query<{ record: Record<string, unknown> }>(
            `SELECT to_jsonb(jsonb_populate_record(NULL::${table}, audit.record_as_of($1, jsonb_build_object($2::text, $3::text), $4::timestamptz))) AS record`,
            [table, key, row[key], at],
          );
          expect(told[0]?.record, `seed ${random.seed}, ${table} ${String(row[key])} at ${at}`).toEqual(row);
        }
      }
    }
  });

  it('are sealed, and the chain is whole', async () => {
    await sealAll(client, 5_000);
    const { rows } = await client.query<{ entries: number }>('SELECT count(*)::int AS entries FROM audit.entries');
    const report = await verifyAudit(test.url);
    expect(report).toEqual({ verified: rows[0]?.entries, archived: 0, unsealed: 0, fault: null });
  });
});
