import { insertRows, type Random } from '@pika/tests';
import { addBusiness, addCategory, addLocation, addVoucher, prunedBefore, randomPlace, randomText } from './market.ts';
import { languageCodes, randomValidity, sourceLanguages, zones } from './market.ts';
import { anyOf, type Connection, type Pools } from './pools.ts';

/** One write, by plain SQL. A constraint may refuse it. */
export type Edit = (db: Connection, random: Random, pools: Pools) => Promise<unknown>;

/** Sets one column of some rows of a table, found by id. */
const setColumn =
  (table: string, column: string, pool: (pools: Pools) => string[], value: (random: Random, pools: Pools) => unknown) =>
  (db: Connection, random: Random, pools: Pools) =>
    db.query(`UPDATE ${table} SET ${column} = $1 WHERE id = ANY ($2::uuid[])`, [
      value(random, pools),
      random.sample(pool(pools), random.pick([1, 1, 1, 2, 5])),
    ]);

const vouchers = (pools: Pools) => pools.vouchers;
const locations = (pools: Pools) => pools.locations;
const businesses = (pools: Pools) => pools.businesses;
const categories = (pools: Pools) => pools.categories;
const deletion = (random: Random) => (random.chance(0.4) ? '2026-01-02T00:00:00Z' : null);

export const voucherEdits: Readonly<Record<string, Edit>> = {
  insertVoucher: async (db, random, pools) => {
    const { rows } = await db.query<{ id: string; business_id: string }>(
      'SELECT id, business_id FROM business.locations',
    );
    const businessId = anyOf(random, pools.businesses);
    const own = rows.filter((row) => row.business_id === businessId).map(({ id }) => id);
    await addVoucher(db, random, { businessId, categoryId: anyOf(random, pools.categories), locationIds: own });
  },
  setState: (db, random, pools) => {
    const isPublishing = random.chance(0.6);
    return db.query(
      'UPDATE marketplace.vouchers SET state = $1 WHERE id = ANY ($2::uuid[]) AND state::text = ANY ($3)',
      [
        isPublishing ? 'published' : random.pick(['suspended', 'suspended', 'suspended', 'expired', 'archived']),
        random.sample(pools.vouchers, random.pick([1, 1, 3, 10])),
        isPublishing ? ['draft', 'suspended'] : ['published'],
      ],
    );
  },
  moveVoucher: setColumn('marketplace.vouchers', 'category_id', vouchers, (random, { categories: all }) =>
    anyOf(random, all),
  ),
  rewriteVoucher: setColumn('marketplace.vouchers', 'source_language', vouchers, (random) =>
    random.pick(sourceLanguages),
  ),
  changeDiscount: setColumn('marketplace.vouchers', 'percent_off', vouchers, (random) => random.integer(1, 100)),
  changeValidity: (db, random, pools) => {
    const { validFrom, validUntil } = randomValidity(random);
    return db.query('UPDATE marketplace.vouchers SET valid_from = $1, valid_until = $2 WHERE id = $3', [
      validFrom,
      validUntil,
      anyOf(random, pools.vouchers),
    ]);
  },
  otherKey: setColumn('marketplace.vouchers', 'title_key', vouchers, (random, { keys }) =>
    random.chance(0.5)
      ? `voucher.${random.id()}.title`
      : anyOf(
          random,
          keys.map(({ key }) => key),
        ),
  ),
  softDeleteVoucher: setColumn('marketplace.vouchers', 'deleted_at', vouchers, deletion),
  touchVoucher: setColumn('marketplace.vouchers', 'updated_at', vouchers, () => '2026-03-03T03:03:03Z'),
  deleteVoucher: (db, random, pools) =>
    db.query('DELETE FROM marketplace.vouchers WHERE id = $1', [anyOf(random, pools.vouchers)]),
  link: (db, random, pools) =>
    db.query(
      `INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
       SELECT v.id, l.id FROM marketplace.vouchers v JOIN business.locations l USING (business_id)
       WHERE v.id = ANY ($1::uuid[]) ON CONFLICT DO NOTHING`,
      [random.sample(pools.vouchers, random.integer(1, 3))],
    ),
  linkStranger: (db, random, pools) =>
    db.query('INSERT INTO marketplace.voucher_locations (voucher_id, location_id) VALUES ($1, $2)', [
      anyOf(random, pools.vouchers),
      anyOf(random, pools.locations),
    ]),
  moveLink: (db, random, pools) =>
    db.query(
      `UPDATE marketplace.voucher_locations SET location_id = $1
       WHERE (voucher_id, location_id) IN (
         SELECT voucher_id, location_id FROM marketplace.voucher_locations WHERE voucher_id = $2 LIMIT 1)`,
      [anyOf(random, pools.locations), anyOf(random, pools.vouchers)],
    ),
  unlink: (db, random, pools) =>
    db.query('DELETE FROM marketplace.voucher_locations WHERE voucher_id = $1 OR location_id = $2', [
      anyOf(random, pools.vouchers),
      random.chance(0.2) ? anyOf(random, pools.locations) : random.id(),
    ]),
};

export const textEdits: Readonly<Record<string, Edit>> = {
  writeText: async (db, random, pools) => {
    const { key, domain } = random.pick(pools.keys);
    await db.query(
      `INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, $2, $3, $4)
       ON CONFLICT (key, language_code) DO UPDATE SET value = excluded.value`,
      [key, random.pick(languageCodes), randomText(random), domain],
    );
  },
  writeManyTexts: async (db, random, pools) => {
    const rows = random.sample(pools.keys, 6).map(({ key, domain }) => ({
      key,
      domain,
      language_code: random.pick(languageCodes),
      value: randomText(random),
      verified: false,
      updated_at: '2026-01-01T00:00:00Z',
    }));
    await insertRows(db, 'i18n.translations', rows);
  },
  changeText: (db, random, pools) =>
    db.query('UPDATE i18n.translations SET value = $1 WHERE key = ANY ($2)', [
      randomText(random),
      random.sample(
        pools.keys.map(({ key }) => key),
        3,
      ),
    ]),
  changeLanguageOfText: (db, random, pools) =>
    db.query(
      `UPDATE i18n.translations SET language_code = $1 WHERE (key, language_code) IN (
         SELECT key, language_code FROM i18n.translations WHERE key = $2 LIMIT 1)`,
      [random.pick(languageCodes), random.pick(pools.keys).key],
    ),
  changeKeyOfText: (db, random, pools) => {
    const { key, domain } = random.pick(pools.keys);
    return db.query(
      `UPDATE i18n.translations SET key = $1, domain = $2 WHERE (key, language_code) IN (
         SELECT key, language_code FROM i18n.translations WHERE key = $3 LIMIT 1)`,
      [key, domain, random.pick(pools.keys).key],
    );
  },
  deleteText: (db, random, pools) =>
    db.query('DELETE FROM i18n.translations WHERE key = $1 OR key = $2', [
      random.pick(pools.keys).key,
      random.pick(pools.keys).key,
    ]),
  deleteLanguageOfTexts: (db, random, pools) =>
    db.query('DELETE FROM i18n.translations WHERE language_code = $1 AND key = ANY ($2)', [
      random.pick(languageCodes),
      random.sample(
        pools.keys.map(({ key }) => key),
        10,
      ),
    ]),
};

export const placeEdits: Readonly<Record<string, Edit>> = {
  insertLocation: (db, random, pools) => addLocation(db, random, anyOf(random, pools.businesses)),
  moveLocation: (db, random, pools) => {
    const { latitude, longitude } = randomPlace(random);
    return db.query('UPDATE business.locations SET latitude = $1, longitude = $2 WHERE id = ANY ($3::uuid[])', [
      latitude,
      longitude,
      random.sample(pools.locations, random.pick([1, 1, 3])),
    ]);
  },
  changeZone: setColumn('business.locations', 'time_zone', locations, (random) => random.pick(zones)),
  changeHours: setColumn('business.locations', 'weekly_hours', locations, () => '{[0,600)}'),
  softDeleteLocation: setColumn('business.locations', 'deleted_at', locations, deletion),
  deleteLocation: (db, random, pools) =>
    db.query('DELETE FROM business.locations WHERE id = $1', [anyOf(random, pools.locations)]),
  insertBusiness: (db, random, pools) => addBusiness(db, random, anyOf(random, pools.categories)),
  renameBusiness: setColumn('business.businesses', 'name_key', businesses, (random) => `business.${random.id()}.name`),
  rewriteBusiness: setColumn('business.businesses', 'source_language', businesses, (random) =>
    random.pick(sourceLanguages),
  ),
  setStatus: setColumn('business.businesses', 'status', businesses, (random) => random.pick(['verified', 'suspended'])),
  creditBusiness: setColumn('business.businesses', 'attribution', businesses, (random) =>
    random.pick([null, '© "Us"']),
  ),
  setLogo: setColumn('business.businesses', 'logo_url', businesses, (random) =>
    random.pick([null, 'https://l.example/1']),
  ),
  softDeleteBusiness: setColumn('business.businesses', 'deleted_at', businesses, deletion),
  deleteBusiness: (db, random, pools) =>
    db.query('DELETE FROM business.businesses WHERE id = $1', [
      random.chance(0.3) ? anyOf(random, pools.businesses) : random.id(),
    ]),
};

export const treeEdits: Readonly<Record<string, Edit>> = {
  insertCategory: (db, random, pools) =>
    addCategory(db, random, random.chance(0.2) ? null : anyOf(random, pools.categories)),
  moveCategory: setColumn('catalog.categories', 'parent_id', categories, (random, { categories: all }) =>
    random.chance(0.3) ? null : anyOf(random, all),
  ),
  renameCategory: setColumn('catalog.categories', 'name_key', categories, (random) => `category.${random.id()}.name`),
  slugCategory: setColumn('catalog.categories', 'slug', categories, (random) => `slug-${random.id()}`),
  rewriteCategory: setColumn('catalog.categories', 'source_language', categories, (random) =>
    random.pick(sourceLanguages),
  ),
  softDeleteCategory: setColumn('catalog.categories', 'deleted_at', categories, deletion),
  deleteCategory: (db, random, pools) =>
    db.query('DELETE FROM catalog.categories WHERE id = $1', [anyOf(random, pools.categories)]),
  prune: (db) => db.query(`SELECT marketplace.prune_expired_cards($1, 3)`, [prunedBefore]),
};

export const languageEdits: Readonly<Record<string, Edit>> = {
  switchLanguage: (db, random) =>
    db.query('UPDATE i18n.languages SET is_active = $1 WHERE code = $2', [
      random.chance(0.6),
      random.pick(languageCodes),
    ]),
  changeChain: (db, random) => {
    const code = random.pick(languageCodes);
    const others = random.sample(
      languageCodes.filter((each) => each !== code),
      random.integer(0, 2),
    );
    return db.query('UPDATE i18n.languages SET chain = $1, match_length = $2 WHERE code = $3', [
      [code, ...others],
      random.integer(1, 1 + others.length),
      code,
    ]);
  },
  changeStemming: (db, random) =>
    db.query('UPDATE i18n.languages SET text_search_config = $1 WHERE code = $2', [
      random.pick(['simple', 'spanish', 'english']),
      random.pick(languageCodes),
    ]),
  changeDefault: async (db, random) => {
    await db.query('UPDATE i18n.languages SET is_default = false WHERE is_default');
    await db.query('UPDATE i18n.languages SET is_default = true WHERE code = $1', [random.pick(languageCodes)]);
  },
  addLanguage: (db, random) =>
    db.query(
      `INSERT INTO i18n.languages (code, name, english_name, chain, match_length, is_active)
       VALUES ($1, $1, $1, ARRAY[$1, 'es'], 1, true) ON CONFLICT DO NOTHING`,
      [random.pick(['it', 'nl'])],
    ),
  removeLanguage: (db, random) => db.query('DELETE FROM i18n.languages WHERE code = $1', [random.pick(['it', 'nl'])]),
};
