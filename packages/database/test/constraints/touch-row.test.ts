import { sql, upsertTranslations, upsertVouchers, weeklyMinutes, type Transaction } from '@pika/database';
import { insertRows, openTestDatabase, type OpenTestDatabase, type Row } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';
import { allRules } from './rules/all.ts';
import { created, idOf, ids, insertWorld, stamps } from './rules/world.ts';

/** A change of the row that the rules hold, for each table that is touched. */
const changes: Readonly<Record<string, string>> = {
  'business.businesses': `phone = '+595'`,
  'business.locations': 'latitude = 1',
  'business.members': `role = 'redeemer'`,
  'catalog.categories': 'position = 7',
  'i18n.translations': `value = 'Chau'`,
  'identity.credentials': `email_verified_at = now()`,
  'marketplace.campaigns': `name = 'Summer'`,
  'marketplace.claims': `state = 'released'`,
  'marketplace.vouchers': 'percent_off = 20',
  'users.addresses': `label = 'Work'`,
  'users.preferences': 'email_offers = true',
  'users.users': `display_name = 'B'`,
};

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await insertWorld(test.pool);
});
afterAll(() => test.close());

const withColumn = (column: string) =>
  readNames(
    test,
    `WITH ${OURS} SELECT name FROM ours JOIN pg_attribute ON attrelid = ours.oid
    WHERE attname = '${column}' AND NOT attisdropped ORDER BY name COLLATE "C"`,
  );

/** The tables whose row trigger, before every update whatever its columns, is on; with what it is told. */
const touched = (condition: string) =>
  readNames(
    test,
    `WITH ${OURS} SELECT name FROM ours JOIN pg_trigger ON tgrelid = ours.oid
    WHERE tgname = 'touch_row' AND tgfoid = 'audit.touch_row'::regproc AND tgenabled IN ('O', 'A')
      AND tgtype = 1 + 2 + 16 AND cardinality(tgattr::int2[]) = 0 AND ${condition} ORDER BY name COLLATE "C"`,
  );

describe('every table', () => {
  it('with updated_at is touched', async () => {
    // The runner of data migrations writes its own stamp.
    const tables = (await withColumn('updated_at')).filter((name) => name !== 'public.data_migrations');
    expect(await touched('true')).toEqual(tables);
    expect(Object.keys(changes).toSorted()).toEqual(tables);
  });

  it('with a version moves it', async () => {
    expect(await touched(`tgargs = 'version\\000'::bytea`)).toEqual(await withColumn('version'));
  });

  it.each(Object.entries(changes))(
    '%s: a lie about the stamp is overruled, and a no-op moves nothing',
    async (table, change) => {
      const hasVersion = (await withColumn('version')).includes(table);
      const row: Row = { ...allRules[table]?.row, ...(hasVersion && { version: 41 }) };
      const keys = await readNames(
        test,
        `SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
      WHERE indrelid = '${table}'::regclass AND indisprimary`,
      );
      const where = keys.map((key) => `${key} = '${String(row[key])}'`).join(' AND ');
      const stamp = `updated_at = now()::timestamptz(3) AS "isNow", updated_at = '${created}' AS "isOld"`;
      const versions = hasVersion ? ', version' : '';
      const client = await test.pool.connect();
      try {
        await client.query('BEGIN');
        await insertRows(client, table, [row]);
        const update = async (assignments: string) =>
          (await client.query<Row>(`UPDATE ${table} SET ${assignments} WHERE ${where} RETURNING ${stamp}${versions}`))
            .rows;
        const [column] = change.split(' = ');
        expect(await update(`${column} = ${column}`)).toEqual([
          { isNow: false, isOld: true, ...(hasVersion && { version: 41 }) },
        ]);
        const lies = `updated_at = '2000-01-01'${hasVersion ? ', version = 7' : ''}`;
        expect(await update(`${change}, ${lies}`)).toEqual([
          { isNow: true, isOld: false, ...(hasVersion && { version: 42 }) },
        ]);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
  );
});

describe('each changed row moves by exactly one', () => {
  const people = [20, 21, 22].map(idOf);

  /** Every way starts from three rows of version 1, stamped long ago. */
  async function versionsAfter(work: (db: Transaction) => Promise<unknown>): Promise<string[]> {
    const { pool } = test;
    await pool.query('DELETE FROM users.users WHERE id = ANY ($1)', [people]);
    await insertRows(
      pool,
      'users.users',
      people.map((id, index) => ({
        id,
        email: `p${index}@pika.example`,
        display_name: 'P',
        language_code: 'pt',
        ...stamps,
      })),
    );
    return test.asOwner(async (db) => {
      await work(db);
      const rows = await db.$queryRaw<{ moved: string }[]>(sql`
        SELECT version || CASE updated_at WHEN now()::timestamptz(3) THEN ' now' WHEN ${created}::timestamptz THEN ' old'
          ELSE ' other' END AS moved FROM users.users WHERE id = ANY (${people}::uuid[]) ORDER BY id`);
      return rows.map(({ moved }) => moved);
    });
  }

  const [first = '', second = ''] = people;
  const untouched = '1 old';
  const once = '2 now';

  it.each<[string, string[], (db: Transaction) => Promise<unknown>]>([
    [
      'raw',
      [once, untouched, untouched],
      (db) => db.$executeRaw(sql`UPDATE users.users SET display_name = 'Q' WHERE id = ${first}::uuid`),
    ],
    [
      'raw, all rows',
      [once, once, once],
      (db) => db.$executeRaw(sql`UPDATE users.users SET display_name = 'Q' WHERE id = ANY (${people}::uuid[])`),
    ],
    [
      'raw, of all rows only those that differ',
      [once, untouched, untouched],
      (db) =>
        db.$executeRaw(sql`
        UPDATE users.users SET display_name = CASE WHEN id = ${first}::uuid THEN 'Q' ELSE 'P' END WHERE id = ANY (${people}::uuid[])`),
    ],
    [
      'raw, a row that two others match',
      [once, untouched, untouched],
      (db) =>
        db.$executeRaw(sql`
        UPDATE users.users SET display_name = 'Q' FROM (VALUES (1), (2)) AS twice WHERE id = ${first}::uuid`),
    ],
    [
      'raw, twice in one transaction',
      ['3 now', untouched, untouched],
      async (db) => {
        await db.$executeRaw(sql`UPDATE users.users SET display_name = 'Q' WHERE id = ${first}::uuid`);
        await db.$executeRaw(sql`UPDATE users.users SET display_name = 'R' WHERE id = ${first}::uuid`);
      },
    ],
    [
      'ORM update',
      [once, untouched, untouched],
      (db) => db.user.update({ where: { id: first }, data: { displayName: 'Q' } }),
    ],
    [
      'ORM update that names the version',
      [once, untouched, untouched],
      (db) => db.user.update({ where: { id: first }, data: { displayName: 'Q', version: { increment: 5 } } }),
    ],
    [
      'ORM updateMany',
      [once, once, untouched],
      (db) => db.user.updateMany({ where: { id: { in: [first, second] } }, data: { displayName: 'Q' } }),
    ],
    [
      'ORM upsert',
      [once, untouched, untouched],
      (db) =>
        db.user.upsert({
          where: { email: 'p0@pika.example' },
          create: { email: 'p0@pika.example', displayName: 'Q' },
          update: { displayName: 'Q' },
        }),
    ],
    [
      'ORM update that changes nothing',
      [untouched, untouched, untouched],
      (db) => db.user.update({ where: { id: first }, data: { displayName: 'P' } }),
    ],
    [
      'raw, nothing but the stamp and the version',
      [untouched, untouched, untouched],
      (db) => db.$executeRaw(sql`UPDATE users.users SET updated_at = now(), version = 9 WHERE id = ${first}::uuid`),
    ],
    [
      'ON CONFLICT DO UPDATE',
      [once, once, untouched],
      (db) =>
        db.$executeRaw(sql`
        INSERT INTO users.users AS u (id, email, display_name)
        SELECT id, email, CASE WHEN id = ANY (${[first, second]}::uuid[]) THEN 'Q' ELSE 'P' END
        FROM users.users WHERE id = ANY (${people}::uuid[])
        ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name`),
    ],
    [
      'ON CONFLICT DO NOTHING',
      [untouched, untouched, untouched],
      (db) =>
        db.$executeRaw(sql`
        INSERT INTO users.users (id, email, display_name)
        SELECT id, email, 'Q' FROM users.users WHERE id = ANY (${people}::uuid[]) ON CONFLICT DO NOTHING`),
    ],
    [
      'MERGE',
      [once, once, untouched],
      (db) =>
        db.$executeRaw(sql`
        MERGE INTO users.users AS u USING unnest(${[first, second]}::uuid[]) AS wanted (id) ON u.id = wanted.id
        WHEN MATCHED THEN UPDATE SET display_name = 'Q'`),
    ],
    ['a foreign key that sets NULL', [once, once, once], (db) => db.language.delete({ where: { code: 'pt' } })],
  ])('%s', async (_way, expected, work) => {
    await insertRows(
      { query: (text, values) => test.pool.query(`${text} ON CONFLICT DO NOTHING`, values) },
      'i18n.languages',
      [{ ...allRules['i18n.languages']?.row, code: 'pt', chain: ['pt'] }],
    );
    expect(await versionsAfter(work)).toEqual(expected);
  });

  it('by the batch writers of the content, and by none of them for the same content', async () => {
    const { pool } = test;
    const voucher = {
      id: idOf(30),
      businessId: ids.business,
      categoryId: ids.root,
      titleKey: 'voucher.batch.title',
      descriptionKey: 'voucher.batch.description',
      termsKey: 'voucher.batch.terms',
      sourceLanguage: 'es',
      discountType: 'percentage' as const,
      percentCapMinor: null,
      amountOffMinor: null,
      freeItemQuantity: null,
      fixedPriceMinor: null,
      giftBalanceMinor: null,
      currency: null,
      validFrom: '2026-01-01',
      validUntil: null,
      redeemableMinutes: weeklyMinutes([['Fr', '22:00', '02:00']]),
    };
    const versions: number[] = [];
    for (const percentOff of [10, 10, 20, 20]) {
      await test.asOwner((db) => upsertVouchers(db, [{ ...voucher, percentOff }]));
      const { rows } = await pool.query<{ version: number }>('SELECT version FROM marketplace.vouchers WHERE id = $1', [
        voucher.id,
      ]);
      versions.push(...rows.map(({ version }) => version));
    }
    expect(versions).toEqual([1, 1, 2, 2]);
    const text = { key: voucher.titleKey, language: 'es', domain: 'voucher' as const };
    await insertRows(pool, 'i18n.translations', [
      { key: text.key, language_code: 'es', domain: 'voucher', value: 'Hola', verified: false, updated_at: created },
    ]);
    const isOld: boolean[] = [];
    for (const value of ['Hola', 'Chau']) {
      await test.asOwner((db) => upsertTranslations(db, [{ ...text, value }]));
      const { rows } = await pool.query<{ old: boolean }>(
        'SELECT updated_at = $2 AS old FROM i18n.translations WHERE key = $1',
        [text.key, created],
      );
      isOld.push(...rows.map(({ old }) => old));
    }
    expect(isOld).toEqual([true, false]);
  });
});
