import { addLanguages, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { act } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;
const instants: string[] = [];

const write = async (actor: string, sql: string): Promise<void> => {
  await act(pool, { actor, settings: { 'app.request_id': `of ${actor}` } }, (db) => db.query(sql));
  const { rows } = await pool.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
  const at = rows[0]?.at ?? '';
  instants.push(at);
  // The clock of the embedded engine has only milliseconds: what comes next could have been at the same instant.
  const isPast = async () =>
    (await pool.query('SELECT clock_timestamp() > $1::timestamptz AS past', [at])).rows[0].past;
  await vi.waitUntil(isPast, { interval: 1, timeout: 5_000 });
};

/** One text that is written, changed, moved to a key that another had, deleted and made again. */
beforeAll(async () => {
  test = await openTestDatabase();
  pool = test.pool;
  await addLanguages(pool);
  const add = (key: string, value: string) =>
    `INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ('${key}', 'es', '${value}', 'voucher')`;
  await write('user:1', add('b', 'stranger'));
  await write('user:2', add('a', 'uno'));
  await write('user:3', `DELETE FROM i18n.translations WHERE key = 'b'`);
  await write('user:4', `UPDATE i18n.translations SET value = 'dos' WHERE key = 'a'`);
  await write('user:5', `UPDATE i18n.translations SET key = 'b' WHERE key = 'a'`);
  await write('user:6', `UPDATE i18n.translations SET value = 'tres' WHERE key = 'b'`);
  await write('user:7', `DELETE FROM i18n.translations WHERE key = 'b'`);
  await write('user:8', add('b', 'again'));
  await write('user:9', 'TRUNCATE i18n.translations');
});

afterAll(() => test?.close());

async function valueAt(key: string, at: string): Promise<string | null> {
  const { rows } = await pool.query(
    `SELECT audit.record_as_of('i18n.translations', jsonb_build_object('key', $1::text, 'language_code', 'es'), $2) AS record`,
    [key, at],
  );
  return rows[0].record?.value ?? null;
}

describe('one record', () => {
  it('is known as of any time, through a change of its key', async () => {
    const seen: [string | null, string | null][] = [];
    for (const at of instants) seen.push([await valueAt('a', at), await valueAt('b', at)]);
    expect(seen).toEqual([
      [null, 'stranger'],
      ['uno', 'stranger'],
      ['uno', null],
      ['dos', null],
      [null, 'dos'],
      [null, 'tres'],
      [null, null],
      [null, 'again'],
      [null, null],
    ]);
  });

  it('has a history with who did what, under the key it had before too', async () => {
    const { rows } = await pool.query(
      `SELECT operation, actor, request_id, old_values ->> 'value' AS before, new_values ->> 'value' AS after
       FROM audit.history('i18n.translations', '{"key": "b", "language_code": "es"}', $1)
       WHERE operation <> 'attach'`,
      [instants[5]],
    );
    expect(rows.map(({ operation, actor, before, after }) => [operation, actor, before, after])).toEqual([
      ['insert', 'user:1', null, 'stranger'],
      ['insert', 'user:2', null, 'uno'],
      ['delete', 'user:3', 'stranger', null],
      ['update', 'user:4', 'uno', 'dos'],
      ['update', 'user:5', null, null],
      ['update', 'user:6', 'dos', 'tres'],
    ]);
    expect(rows.map(({ request_id: request }) => request)).toContain('of user:6');
  });

  it('ends with the emptying of its table', async () => {
    const { rows } = await pool.query(
      `SELECT operation FROM audit.history('i18n.translations', '{"key": "b", "language_code": "es"}') ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ operation: 'truncate' }]);
  });
});

it('the table as of an instant is replayed the same', async () => {
  for (const at of instants) {
    const { rows } = await pool.query<{ key: string; value: string }>(
      `SELECT record ->> 'key' AS key, record ->> 'value' AS value FROM audit.replay('i18n.translations', $1) ORDER BY 1`,
      [at],
    );
    const expected = [];
    for (const key of ['a', 'b']) {
      const value = await valueAt(key, at);
      if (value !== null) expected.push({ key, value });
    }
    expect(rows).toEqual(expected);
  }
});
