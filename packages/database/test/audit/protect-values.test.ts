import { verifyAudit } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, entriesOf, sealAll } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;

const subject = '01890000-0000-7000-8000-00000000000a';
const planted = {
  secret: 'PLANTED-SECRET-7d1f',
  hashed: 'planted-hashed@example.py',
  personal: 'Plantéd Persönal 91c2',
};

beforeAll(async () => {
  test = await openTestDatabase();
  pool = test.pool;
  await pool.query(
    `CREATE TABLE users.accounts (
       id int PRIMARY KEY, user_id uuid, password text, login text, nickname text, facts jsonb, open text)`,
  );
  await pool.query(
    `SELECT audit.audit_table('users.accounts', secret => '{password}', hashed => '{login}',
       personal => '{nickname,facts}', subject_column => 'user_id')`,
  );
});

afterAll(() => test?.close());

const insert = (id: number, userId: string | null = subject) =>
  pool.query('INSERT INTO users.accounts VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    id,
    userId,
    planted.secret,
    planted.hashed,
    planted.personal,
    { of: planted.personal, years: 7 },
    'open',
  ]);

/** All that the log holds, as one text: every column of every row, and the personal values as bytes too. */
async function wholeLog(): Promise<string> {
  const { rows } = await pool.query<{ line: string }>('SELECT entry::text AS line FROM audit.entries AS entry');
  const text = rows.map(({ line }) => line).join('\n');
  const encoded = [...text.matchAll(/[A-Za-z0-9+/]{20,}={0,2}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  );
  return [text, ...encoded].join('\n');
}

describe('the log of a table with secrets', () => {
  it('names a secret column and never holds its value', async () => {
    const entries = await entriesOf(pool, async () => {
      await insert(1);
      await pool.query(`UPDATE users.accounts SET password = password || '-2' WHERE id = 1`);
      await pool.query(`UPDATE users.accounts SET open = 'wide' WHERE id = 1`);
      await pool.query('DELETE FROM users.accounts WHERE id = 1');
    });
    const own = entries.filter(({ table }) => table === 'users.accounts');
    expect(own.map(({ operation, changes }) => [operation, changes.secret])).toEqual([
      ['insert', ['password']],
      ['update', ['password']],
      ['update', undefined],
      ['delete', ['password']],
    ]);
    const log = await wholeLog();
    for (const value of Object.values(planted)) {
      expect(log).not.toContain(value);
      expect(log).not.toContain(Buffer.from(value).toString('latin1'));
      expect(log).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1));
      expect(log).not.toContain(Buffer.from(value).toString('hex'));
    }
    expect(log).toContain('wide');
  });

  it('holds a hash of a hashed column that one can look for with the key alone', async () => {
    const [entry] = (await entriesOf(pool, () => insert(2))).filter(({ table }) => table === 'users.accounts');
    const { rows } = await pool.query(
      `SELECT audit.keyed_hash($1) AS keyed, encode(sha256(convert_to($1, 'UTF8')), 'hex') AS plain`,
      [planted.hashed],
    );
    expect(entry?.changes['hashed']).toEqual({ new: { login: rows[0].keyed } });
    expect(rows[0].keyed).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0].keyed).not.toBe(rows[0].plain);
  });

  it('seals the personal values of two rows apart, though they are equal', async () => {
    const entries = await entriesOf(pool, () => insert(3));
    const again = await entriesOf(pool, () => insert(4));
    const [one, other] = [entries, again].map((each) => JSON.stringify(each.at(-1)?.changes['personal']));
    expect(one).not.toBe(other);
  });

  it('gives personal values back to who may ask for history', async () => {
    await pool.query(`UPDATE users.accounts SET nickname = 'another' WHERE id = 3`);
    const { rows } = await pool.query(
      `SELECT operation, old_values, new_values, withheld FROM audit.history('users.accounts', '{"id": 3}')
       WHERE operation IN ('insert', 'update')`,
    );
    expect(rows).toEqual([
      {
        operation: 'insert',
        old_values: null,
        new_values: {
          id: 3,
          user_id: subject,
          nickname: planted.personal,
          facts: { of: planted.personal, years: 7 },
          open: 'open',
        },
        withheld: ['login', 'password'],
      },
      {
        operation: 'update',
        old_values: { nickname: planted.personal },
        new_values: { nickname: 'another' },
        withheld: [],
      },
    ]);
  });

  it('keeps nothing personal of nobody', async () => {
    const [entry] = (await entriesOf(pool, () => insert(5, null))).filter(({ table }) => table === 'users.accounts');
    expect(entry?.changes.secret).toEqual(['facts', 'nickname', 'password']);
    expect(await wholeLog()).not.toContain(planted.personal);
  });

  it('seals a row anew for the person it passes to', async () => {
    const heir = '01890000-0000-7000-8000-00000000000b';
    await insert(6);
    await pool.query('UPDATE users.accounts SET user_id = $1 WHERE id = 6', [heir]);
    await act(pool, {}, async (db) => {
      await db.query('SELECT audit.erase_subject($1)', [subject]);
      const { rows } = await db.query(`SELECT audit.record_as_of('users.accounts', '{"id": 6}') AS record`);
      expect(rows[0].record).toMatchObject({ nickname: planted.personal, facts: { years: 7 } });
      await db.query('SELECT audit.erase_subject($1)', [heir]);
      const { rows: none } = await db.query(`SELECT audit.record_as_of('users.accounts', '{"id": 6}') AS record`);
      expect(none[0].record).toEqual({ id: 6, user_id: heir, open: 'open' });
      await db.query('ROLLBACK; BEGIN');
    });
  });
});

describe('the erasure of a person', () => {
  it('makes their values unreadable, keeps the entries and the chain, and says who did it', async () => {
    await sealAll(pool);
    const before = await verifyAudit(test.url);
    expect(before).toMatchObject({ fault: null, unsealed: 0 });
    const entries = await entriesOf(pool, () =>
      act(pool, { actor: 'user:operator' }, (db) => db.query('SELECT audit.erase_subject($1)', [subject])),
    );
    expect(entries).toMatchObject([
      { table: 'security.subject_keys', operation: 'update', actor: 'user:operator', changes: { secret: ['key'] } },
    ]);
    const { rows } = await pool.query(
      `SELECT new_values, withheld FROM audit.history('users.accounts', '{"id": 3}') WHERE operation = 'insert'`,
    );
    expect(rows).toEqual([
      { new_values: { id: 3, user_id: subject, open: 'open' }, withheld: ['facts', 'login', 'nickname', 'password'] },
    ]);
    const keys = await pool.query(
      'SELECT key, erased_at IS NOT NULL AS erased FROM security.subject_keys WHERE subject_id = $1',
      [subject],
    );
    expect(keys.rows).toEqual([{ key: null, erased: true }]);
    expect(await verifyAudit(test.url)).toMatchObject({ verified: before.verified, fault: null });
    await sealAll(pool);
    expect(await verifyAudit(test.url)).toMatchObject({ verified: before.verified + 1, unsealed: 0, fault: null });
  });

  it('lets nothing of theirs into the log again', async () => {
    const entries = await entriesOf(pool, () => insert(7));
    expect(entries.map(({ table, changes }) => [table, changes.secret])).toEqual([
      ['users.accounts', ['facts', 'nickname', 'password']],
    ]);
  });

  it('of somebody unknown is kept too', async () => {
    const stranger = '01890000-0000-7000-8000-00000000000c';
    expect((await pool.query('SELECT audit.erase_subject($1) AS had', [stranger])).rows).toEqual([{ had: false }]);
    const entries = await entriesOf(pool, () => insert(8, stranger));
    expect(entries.at(-1)?.changes.secret).toEqual(['facts', 'nickname', 'password']);
  });
});
