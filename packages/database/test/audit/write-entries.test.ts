import { addLanguages, openTestDatabase, requireServer, type OpenTestDatabase, type Queryable } from '@pika/tests';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, entriesOf, sealAll } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;

const user = '01890000-0000-7000-8000-000000000001';
const business = '01890000-0000-7000-8000-000000000002';
const context = {
  actor: `user:${user}`,
  settings: {
    'app.user_id': user,
    'app.business_id': business,
    'app.request_id': 'request-1',
    'app.client_address': '192.0.2.7',
  },
};
const addText = (db: Queryable, key: string) =>
  db.query(`INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, 'es', 'uno', 'voucher')`, [
    key,
  ]);

const addUser = (db: Queryable, name: string) =>
  db.query(
    `INSERT INTO users.users (id, email, display_name) VALUES (coalesce(security.current_user_id(), gen_random_uuid()), $1 || '@pika.example', 'x')`,
    [name],
  );

beforeAll(async () => {
  test = await openTestDatabase();
  pool = test.pool;
  await addLanguages(pool);
  // The first entry from a person's address makes their key, which leaves an entry too.
  await pool.query('SELECT audit.subject_key($1)', [user]);
});

afterAll(() => test?.close());

describe('a write of an audited table', () => {
  it('leaves one entry with the whole row, and with who did it', async () => {
    const entries = await entriesOf(pool, () => act(pool, context, (db) => addText(db, 'a')));
    const login = (await pool.query<{ login: string }>('SELECT session_user AS login')).rows[0]?.login;
    expect(entries).toEqual([
      {
        operation: 'insert',
        table: 'i18n.translations',
        rowKey: { key: 'a', language_code: 'es' },
        formerKey: null,
        changes: {
          new: {
            key: 'a',
            language_code: 'es',
            value: 'uno',
            business_id: null,
            domain: 'voucher',
            verified: false,
            source_hash: null,
            updated_at: expect.stringMatching(/\+00:00$/),
          },
        },
        actor: `user:${user}`,
        userId: user,
        businessId: business,
        requestId: 'request-1',
        clientAddress: expect.stringMatching(new RegExp(`^sealed:${user}:`)),
        databaseLogin: login,
      },
    ]);
  });

  it('leaves the changed columns of an update alone, old and new', async () => {
    const entries = await entriesOf(pool, () =>
      act(pool, context, (db) =>
        db.query(`UPDATE i18n.translations SET value = 'dos', domain = domain WHERE key = 'a'`),
      ),
    );
    expect(entries.map(({ operation, changes }) => ({ operation, changes }))).toEqual([
      {
        operation: 'update',
        changes: {
          old: { value: 'uno', updated_at: expect.any(String) },
          new: { value: 'dos', updated_at: expect.any(String) },
        },
      },
    ]);
  });

  it('leaves an entry even when it changes nothing', async () => {
    const entries = await entriesOf(pool, () =>
      act(pool, context, (db) => db.query(`UPDATE i18n.translations SET value = value WHERE key = 'a'`)),
    );
    expect(entries.map(({ changes }) => changes)).toEqual([{ old: {}, new: {} }]);
  });

  it('that changes the key is found under both', async () => {
    const entries = await entriesOf(pool, () =>
      act(pool, context, (db) => db.query(`UPDATE i18n.translations SET key = 'b' WHERE key = 'a'`)),
    );
    expect(entries).toMatchObject([
      {
        rowKey: { key: 'b', language_code: 'es' },
        formerKey: { key: 'a', language_code: 'es' },
        changes: { old: { key: 'a' }, new: { key: 'b' } },
      },
    ]);
  });

  it('that deletes leaves the row as it was', async () => {
    const entries = await entriesOf(pool, () =>
      act(pool, context, (db) => db.query(`DELETE FROM i18n.translations WHERE key = 'b'`)),
    );
    expect(entries).toMatchObject([{ operation: 'delete', changes: { old: { key: 'b', value: 'dos' } } }]);
  });

  it('that empties it leaves one entry, as does each table that is emptied with it', async () => {
    const entries = await entriesOf(pool, () =>
      act(pool, context, (db) => db.query('TRUNCATE i18n.translations, users.addresses, identity.sessions CASCADE')),
    );
    expect(entries.map(({ operation, table }) => `${operation} ${table}`).toSorted()).toEqual([
      'truncate i18n.translations',
      'truncate identity.sessions',
      'truncate users.addresses',
    ]);
  });

  it('that is taken back leaves nothing', async () => {
    const entries = await entriesOf(pool, async () => {
      await act(pool, context, async (db) => {
        await db.query('SAVEPOINT before');
        await addText(db, 'lost');
        await db.query('ROLLBACK TO SAVEPOINT before');
      });
      const refused = act(pool, context, async (db) => {
        await addText(db, 'lost too');
        await addText(db, 'lost too');
      });
      await expect(refused).rejects.toThrow('translations_pkey');
    });
    expect(entries).toEqual([]);
  });

  it('says the same whatever the session is set to', async () => {
    const settings = {
      ...context.settings,
      TimeZone: 'Asia/Kathmandu',
      DateStyle: 'SQL, DMY',
      extra_float_digits: '-10',
      search_path: 'pg_temp',
    };
    const [entry] = await entriesOf(pool, () =>
      act(pool, { ...context, settings }, (db) =>
        db.query(
          `INSERT INTO i18n.translations (key, language_code, value, domain, updated_at)
           VALUES ('z', 'es', 'x', 'voucher', '2026-01-02T03:04:05Z')`,
        ),
      ),
    );
    expect(entry?.changes.new?.['updated_at']).toBe('2026-01-02T03:04:05+00:00');
  });
});

describe('without an actor', () => {
  const itself = { 'app.user_id': '01890000-0000-7000-8000-000000000003' };

  it('the application is refused', async () => {
    const write = act(pool, { role: 'pika_app', settings: itself }, (db) => addUser(db, 'nobody'));
    await expect(write).rejects.toMatchObject({ code: 'PA001', message: 'an audited write needs an actor' });
    const emptied = act(pool, { role: 'pika_app', actor: '', settings: itself }, (db) => addUser(db, 'nobody'));
    await expect(emptied).rejects.toMatchObject({ code: 'PA001' });
    expect((await pool.query(`SELECT FROM users.users WHERE email = 'nobody@pika.example'`)).rowCount).toBe(0);
  });

  it('the application is refused though it logs in as itself', async (task) => {
    requireServer(task);
    await pool.query(
      `DO $$ BEGIN CREATE ROLE pika_test_login LOGIN IN ROLE pika_app;
       EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    const url = new URL(test.url);
    url.username = 'pika_test_login';
    const login = new pg.Client({ connectionString: url.href });
    await login.connect();
    try {
      await login.query(`SELECT set_config('app.user_id', $1, false)`, [itself['app.user_id']]);
      await expect(addUser(login, 'login')).rejects.toMatchObject({ code: 'PA001' });
      await login.query(`SELECT set_config('app.actor', 'system:test', false)`);
      const entries = await entriesOf(pool, () => addUser(login, 'login'));
      const entry = entries.find(({ table }) => table === 'users.users');
      expect(entry).toMatchObject({ actor: 'system:test', databaseLogin: 'pika_test_login' });
    } finally {
      await login.end();
    }
  });

  it('the owner of the database is named by the login', async () => {
    const [entry] = await entriesOf(pool, () => addUser(pool, 'by-hand'));
    expect(entry?.actor).toBe(`database:${entry?.databaseLogin}`);
  });

  it('an actor that a former transaction left as an empty text does not count', async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.actor', 'user:x', true), set_config('app.user_id', $1, true)`, [user]);
      await client.query('COMMIT');
      const { rows } = await client.query(`SELECT current_setting('app.actor', true) AS left`);
      expect(rows).toEqual([{ left: '' }]);
      await client.query('BEGIN');
      await client.query(`SELECT set_config('role', 'pika_app', true), set_config('app.user_id', $1, true)`, [user]);
      await expect(addUser(client, 'left')).rejects.toMatchObject({ code: 'PA001' });
      await client.query('ROLLBACK');
      const [entry] = await entriesOf(pool, () => addUser(client, 'left'));
      expect(entry).toMatchObject({ userId: null, requestId: null });
    } finally {
      client.release();
    }
  });
});

it('cannot be dodged by the role of a replica', async () => {
  const entries = await entriesOf(pool, () =>
    act(pool, { ...context, settings: { ...context.settings, session_replication_role: 'replica' } }, async (db) => {
      await addText(db, 'replica');
      await db.query(`DELETE FROM i18n.translations WHERE key = 'replica'`);
      await db.query('TRUNCATE i18n.translations');
    }),
  );
  expect(entries.map(({ operation }) => operation)).toEqual(['insert', 'delete', 'truncate']);
});

describe('the log', () => {
  const tables = ['audit.entries', 'audit.entries_default', 'audit.sealed_entries', 'audit.seals', 'audit.archives'];

  beforeAll(async () => {
    await addText(pool, 'for the log');
    await sealAll(pool);
    await pool.query(`INSERT INTO audit.archives (month, entries) VALUES ('2001-01-01', 0)`);
  });

  it.each(tables)('refuses to change, delete or empty %s, even to a superuser', async (table) => {
    const column = { 'audit.sealed_entries': 'row_hash', 'audit.seals': 'root', 'audit.archives': 'entries' }[table];
    const writes = [
      `UPDATE ${table} SET ${column ?? 'actor'} = ${column ?? 'actor'}`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
    ];
    for (const replication of ['origin', 'replica']) {
      for (const write of writes) {
        const settings = { session_replication_role: replication };
        await expect(act(pool, { settings }, (db) => db.query(write))).rejects.toMatchObject({
          code: '42501',
          message: expect.stringContaining('is append-only'),
        });
      }
    }
  });
});
