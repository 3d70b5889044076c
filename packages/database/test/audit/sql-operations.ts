import type { Random } from '@pika/tests';
import type pg from 'pg';
import { copyIn } from './copy-in.ts';

/** One write by SQL. A constraint may refuse it. */
export type Operation = (db: pg.PoolClient, random: Random) => Promise<unknown>;

/** Some rows of a table, chosen by the database; `setseed` makes them follow from the seed of the test. */
export const some = (table: string, column: string, limit: number, where = 'true') =>
  `(SELECT ${column} FROM ${table} WHERE ${where} ORDER BY random() LIMIT ${limit})`;

const users = 'users.users';
const categories = 'catalog.categories';
const businesses = 'business.businesses';
const locations = 'business.locations';
const vouchers = 'marketplace.vouchers';
const texts = 'i18n.translations';
const languages = 'i18n.languages';

/** Texts that JSON, CSV and UTF-8 could stumble on. */
const oddTexts = ['ñandutí', 'a "b" \\ c', "l'été", 'نص', '🫓', 'tab\there', '{"old": {}}', ' ', 'null', '-0'];
export const oddText = (random: Random) => `${random.pick(oddTexts)} ${random.integer(0, 999)}`;
const language = (random: Random) => random.pick(['es', 'en', 'gn', 'ar', 'fr']);
const count = (random: Random) => random.pick([1, 1, 1, 2, 4]);

const insertUsers = `INSERT INTO ${users} (id, email, display_name, language_code)
  SELECT gen_random_uuid(), md5(random()::text || n) || '@x.py', $1, ${some(languages, 'code', 1)}
  FROM generate_series(1, $2::int) AS n`;

const userOperations: Readonly<Record<string, Operation>> = {
  insertUsers: (db, random) => db.query(insertUsers, [oddText(random), count(random)]),
  renameUsers: (db, random) =>
    db.query(`UPDATE ${users} SET display_name = $1 WHERE id IN ${some(users, 'id', count(random))}`, [
      oddText(random),
    ]),
  deleteUsers: (db, random) => db.query(`DELETE FROM ${users} WHERE id IN ${some(users, 'id', count(random))}`),
  upsertUsers: (db, random) =>
    db.query(
      `INSERT INTO ${users} (id, email, display_name)
       SELECT gen_random_uuid(), email, $1 FROM ${users} WHERE id IN ${some(users, 'id', 2)}
       UNION ALL SELECT gen_random_uuid(), $2, $1
       ON CONFLICT (email) DO UPDATE SET display_name = excluded.display_name`,
      [oddText(random), `${random.id()}@x.py`],
    ),
  otherIdOfUser: (db) => db.query(`UPDATE ${users} SET id = gen_random_uuid() WHERE id IN ${some(users, 'id', 1)}`),
  copyUsers: (db, random) =>
    copyIn(
      db,
      `${users} (id, email, display_name)`,
      Array.from({ length: random.integer(0, 4) }, () => `${random.id()},${random.id()}@x.py,"a ""quoted"" ñ"`),
    ),
  eraseUser: (db) => db.query(`SELECT audit.erase_subject(id) FROM ${users} WHERE id IN ${some(users, 'id', 1)}`),
};

const textOperations: Readonly<Record<string, Operation>> = {
  insertTexts: (db, random) =>
    db.query(
      `INSERT INTO ${texts} (key, language_code, value, domain)
       SELECT 'k' || floor(random() * 400), $1, $2, 'voucher' FROM generate_series(1, $3::int) ON CONFLICT DO NOTHING`,
      [language(random), oddText(random), count(random)],
    ),
  upsertTexts: (db, random) =>
    db.query(
      `INSERT INTO ${texts} (key, language_code, value, domain)
       SELECT DISTINCT ON (1) 'k' || floor(random() * 400), $1, $2, 'voucher' FROM generate_series(1, 4)
       ON CONFLICT (key, language_code) DO UPDATE SET value = excluded.value WHERE translations.verified = false`,
      [language(random), oddText(random)],
    ),
  changeTexts: (db, random) =>
    db.query(`UPDATE ${texts} SET value = $1 WHERE (key, language_code) IN ${some(texts, 'key, language_code', 3)}`, [
      oddText(random),
    ]),
  touchTexts: (db) =>
    db.query(`UPDATE ${texts} SET value = value WHERE (key, language_code) IN ${some(texts, 'key, language_code', 2)}`),
  otherKeyOfText: (db) =>
    db.query(
      `UPDATE ${texts} SET key = 'k' || floor(random() * 400)
       WHERE (key, language_code) IN ${some(texts, 'key, language_code', 1)}`,
    ),
  deleteTexts: (db, random) =>
    db.query(
      `DELETE FROM ${texts} WHERE (key, language_code) IN ${some(texts, 'key, language_code', count(random), `key LIKE 'k%'`)}`,
    ),
  mergeTexts: (db, random) =>
    db.query(
      `MERGE INTO ${texts} AS held
       USING (SELECT DISTINCT 'k' || floor(random() * 400) AS key FROM generate_series(1, 6)) AS given
         ON held.key = given.key AND held.language_code = $1
       WHEN MATCHED AND right(held.key, 1) IN ('1', '2', '3') THEN DELETE
       WHEN MATCHED AND right(held.key, 1) IN ('4', '5') THEN DO NOTHING
       WHEN MATCHED THEN UPDATE SET value = $2
       WHEN NOT MATCHED THEN INSERT (key, language_code, value, domain) VALUES (given.key, $1, $2, 'voucher')`,
      [language(random), oddText(random)],
    ),
  copyTexts: (db, random) =>
    copyIn(
      db,
      `${texts} (key, language_code, value, domain)`,
      Array.from({ length: random.integer(1, 5) }, () => `c${random.id()},es,"x, ""y""",voucher`),
    ),
  moveTexts: (db) =>
    db.query(
      `WITH gone AS (
         DELETE FROM ${texts} WHERE (key, language_code) IN ${some(texts, 'key, language_code', 2, `key LIKE 'c%'`)} RETURNING *
       )
       INSERT INTO ${texts} SELECT 'm' || gen_random_uuid(), language_code, value, domain, verified, source_hash, updated_at FROM gone`,
    ),
  copiedTextsAgain: (db) =>
    db.query(
      `DELETE FROM ${texts} WHERE (key, language_code) IN ${some(texts, 'key, language_code', 3, `key ~ '^[cm]'`)}`,
    ),
  otherCodeOfLanguage: (db, random) => {
    const code = `q${random.pick(['a', 'b', 'c'])}${random.pick(['x', 'y', 'z'])}`;
    return db.query(
      `UPDATE ${languages} SET code = $1 || code, chain = ARRAY[$1 || code] WHERE length(code) < 30 AND code LIKE 'q%'`,
      [code],
    );
  },
  insertLanguage: (db, random) =>
    db.query(
      `INSERT INTO ${languages} (code, name, english_name, fallback_code, chain, match_length)
       VALUES ($1, $2, 'x', ${some(languages, 'code', 1)}, ARRAY[$1], 1) ON CONFLICT DO NOTHING`,
      [`q${String.fromCodePoint(random.integer(97, 122), random.integer(97, 122))}`, oddText(random)],
    ),
  deleteLanguage: (db) =>
    db.query(`DELETE FROM ${languages} WHERE code IN ${some(languages, 'code', 1, `code LIKE 'q%'`)}`),
  changeLanguages: (db, random) =>
    db.query(`UPDATE ${languages} SET name = $1, fallback_code = ${some(languages, 'code', 1)} WHERE code LIKE 'q%'`, [
      oddText(random),
    ]),
};

const placeOperations: Readonly<Record<string, Operation>> = {
  insertCategory: (db, random) =>
    db.query(
      `INSERT INTO ${categories} (id, parent_id, slug, name_key, source_language)
       VALUES ($1, ${random.chance(0.5) ? some(categories, 'id', 1) : 'NULL'}, $2, $2, 'es')`,
      [random.id(), `s-${random.id()}`],
    ),
  moveCategory: (db, random) =>
    db.query(
      `UPDATE ${categories} SET parent_id = ${some(categories, 'id', 1)}, position = $1 WHERE id IN ${some(categories, 'id', 1)}`,
      [random.integer(0, 9)],
    ),
  deleteCategory: (db) => db.query(`DELETE FROM ${categories} WHERE id IN ${some(categories, 'id', 1)}`),
  insertBusinesses: (db, random) =>
    db.query(
      `INSERT INTO ${businesses} (id, owner_id, category_id, name_key, description_key, source_language, possible_duplicate_of)
       SELECT id, ${some(users, 'id', 1)}, ${some(categories, 'id', 1)}, id || 'n', id || 'd', 'es', ${some(businesses, 'id', 1)}
       FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1::int)) AS made`,
      [count(random)],
    ),
  changeBusinesses: (db, random) =>
    db.query(
      `UPDATE ${businesses} SET status = $1, phone = $2, owner_id = ${some(users, 'id', 1)}
       WHERE id IN ${some(businesses, 'id', count(random))}`,
      [random.pick(['pending', 'verified', 'suspended']), random.pick([null, '+595 21', ''])],
    ),
  otherIdsOfBusinesses: (db) =>
    db.query(`UPDATE ${businesses} SET id = gen_random_uuid() WHERE id IN ${some(businesses, 'id', 3)}`),
  deleteBusiness: (db) => db.query(`DELETE FROM ${businesses} WHERE id IN ${some(businesses, 'id', 1)}`),
  insertLocations: (db, random) =>
    db.query(
      `INSERT INTO ${locations} (id, business_id, latitude, longitude, time_zone, weekly_hours)
       SELECT gen_random_uuid(), ${some(businesses, 'id', 1)}, $1, $2, 'America/Asuncion', $3::int4multirange
       FROM generate_series(1, $4::int)`,
      [
        random.pick([0, -90, 1e-7, random.between(-90, 90)]),
        random.between(-180, 180),
        random.pick([null, '{}', '{[60,120),[600,1000)}']),
        count(random),
      ],
    ),
  moveLocations: (db, random) =>
    db.query(`UPDATE ${locations} SET latitude = $1, street = $2 WHERE id IN ${some(locations, 'id', count(random))}`, [
      random.between(-90, 90),
      random.pick([null, oddText(random)]),
    ]),
  deleteLocation: (db) => db.query(`DELETE FROM ${locations} WHERE id IN ${some(locations, 'id', 1)}`),
  mergeSpecialDays: (db, random) =>
    db.query(
      `MERGE INTO business.special_days AS held
       USING (SELECT id FROM ${locations} ORDER BY random() LIMIT 3) AS place
         ON held.location_id = place.id AND held.day = $1::date
       WHEN MATCHED THEN UPDATE SET hours = $2::int4multirange
       WHEN NOT MATCHED THEN INSERT (location_id, day, hours) VALUES (place.id, $1::date, $2::int4multirange)`,
      [`2026-12-${random.integer(10, 31)}`, random.pick(['{}', '{[0,720)}'])],
    ),
  deleteSpecialDays: (db, random) =>
    db.query('DELETE FROM business.special_days WHERE day = $1', [`2026-12-${random.integer(10, 31)}`]),
};

const voucherOperations: Readonly<Record<string, Operation>> = {
  insertVouchers: (db, random) =>
    db.query(
      `INSERT INTO ${vouchers} (id, business_id, category_id, title_key, description_key, terms_key, source_language,
         state, discount_type, percent_off, valid_from)
       SELECT id, ${some(businesses, 'id', 1)}, ${some(categories, 'id', 1)}, id || 't', id || 'd', id || 'c', 'es',
         $1, 'percentage', $2, '2026-01-01' FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $3::int)) AS made`,
      [random.pick(['draft', 'draft', 'published']), random.integer(1, 10_000) / 100, count(random)],
    ),
  changeVouchers: (db, random) =>
    db.query(
      `UPDATE ${vouchers} SET state = $1, percent_off = $2, valid_until = $3 WHERE id IN ${some(vouchers, 'id', count(random))}`,
      [
        random.pick(['draft', 'published', 'suspended']),
        random.integer(1, 10_000) / 100,
        random.pick([null, '2027-01-01', '2025-01-01']),
      ],
    ),
  otherDiscount: (db, random) =>
    db.query(
      `UPDATE ${vouchers} SET discount_type = 'fixed_amount', percent_off = NULL, amount_off_minor = $1, currency = 'PYG'
       WHERE id IN ${some(vouchers, 'id', 1)}`,
      [random.pick(['1', '9007199254740993', '9223372036854775807'])],
    ),
  deleteVoucher: (db) => db.query(`DELETE FROM ${vouchers} WHERE id IN ${some(vouchers, 'id', 1)}`),
  link: (db) =>
    db.query(
      `INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
       SELECT v.id, l.id FROM ${vouchers} v JOIN ${locations} l USING (business_id) ORDER BY random() LIMIT 4
       ON CONFLICT DO NOTHING`,
    ),
  moveLink: (db) =>
    db.query(
      `UPDATE marketplace.voucher_locations SET location_id = ${some(locations, 'id', 1)}
       WHERE (voucher_id, location_id) IN ${some('marketplace.voucher_locations', 'voucher_id, location_id', 1)}`,
    ),
  unlink: (db) =>
    db.query(
      `DELETE FROM marketplace.voucher_locations
       WHERE (voucher_id, location_id) IN ${some('marketplace.voucher_locations', 'voucher_id, location_id', 2)}`,
    ),
};

export const contentOperations: Readonly<Record<string, Operation>> = {
  ...userOperations,
  ...textOperations,
  ...placeOperations,
  ...voucherOperations,
};

/** Tables to empty, each with all that goes with it. */
export const truncations: readonly { statement: string; tables: readonly string[] }[] = [
  { statement: 'TRUNCATE business.special_days', tables: ['business.special_days'] },
  { statement: 'TRUNCATE i18n.translations', tables: ['i18n.translations'] },
  {
    statement: 'TRUNCATE business.special_days, marketplace.voucher_locations RESTART IDENTITY',
    tables: ['business.special_days', 'marketplace.voucher_locations'],
  },
  // Its refresh tokens go with it, which are exempt; what vouchers take along is refused by the ledger of redemptions.
  { statement: 'TRUNCATE identity.sessions CASCADE', tables: ['identity.sessions'] },
];
