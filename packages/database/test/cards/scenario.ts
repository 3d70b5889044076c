import {
  businessRow,
  categoryRow,
  insertRows,
  inTransaction,
  locationRow,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
  type Random,
} from '@pika/tests';
import type { Write } from './two-writers.ts';

/** A few rows of their own for each test: two trees, a business with three places, a draft and two published vouchers. */
export interface Scenario {
  root: string;
  category: string;
  child: string;
  otherRoot: string;
  business: string;
  here: string;
  there: string;
  elsewhere: string;
  /** Not published yet; valid here. */
  draft: string;
  /** Published; valid here and there. */
  published: string;
  /** Published, in the child category; valid elsewhere alone. */
  lonely: string;
  /** Not written yet. */
  unborn: string;
}

export async function makeScenario(test: Pick<OpenTestDatabase, 'pool'>, random: Random): Promise<Scenario> {
  const it: Scenario = {
    root: random.id(),
    category: random.id(),
    child: random.id(),
    otherRoot: random.id(),
    business: random.id(),
    here: random.id(),
    there: random.id(),
    elsewhere: random.id(),
    draft: random.id(),
    published: random.id(),
    lonely: random.id(),
    unborn: random.id(),
  };
  await inTransaction(test, async (db) => {
    for (const [id, parentId] of [
      [it.root, null],
      [it.otherRoot, null],
      [it.category, it.root],
      [it.child, it.category],
    ] as const) {
      await insertRows(db, 'i18n.translations', translationRows('category', `category.${id}.name`, { es: 'Rubro' }));
      await insertRows(db, 'catalog.categories', [categoryRow({ id, slug: `slug-${id}`, parentId })]);
    }
    await insertRows(
      db,
      'i18n.translations',
      translationRows('business', `business.${it.business}.name`, { es: 'Bar' }),
    );
    await insertRows(db, 'business.businesses', [businessRow({ id: it.business, categoryId: it.category })]);
    await insertRows(
      db,
      'business.locations',
      [it.here, it.there, it.elsewhere].map((id, index) =>
        locationRow({ id, businessId: it.business, latitude: -25.3 + index, longitude: -57.6 }),
      ),
    );
    for (const [id, state, categoryId, places] of [
      [it.draft, 'draft', it.category, [it.here]],
      [it.published, 'published', it.category, [it.here, it.there]],
      [it.lonely, 'published', it.child, [it.elsewhere]],
    ] as const) {
      await insertRows(db, 'i18n.translations', translationRows('voucher', `voucher.${id}.title`, { es: 'Asado' }));
      await insertRows(db, 'marketplace.vouchers', [voucherRow({ id, businessId: it.business, categoryId, state })]);
      await insertRows(
        db,
        'marketplace.voucher_locations',
        places.map((place) => ({ voucher_id: id, location_id: place })),
      );
    }
  });
  return it;
}

/** Single writes on a scenario, by what a person would call them. */
export const writes = {
  /** A voucher that nobody else can see before it is committed. */
  insertPublished: (it) => async (db) => {
    await insertRows(db, 'marketplace.vouchers', [
      voucherRow({ id: it.unborn, businessId: it.business, categoryId: it.category }),
    ]);
    await insertRows(db, 'marketplace.voucher_locations', [{ voucher_id: it.unborn, location_id: it.here }]);
  },
  publish: write('UPDATE marketplace.vouchers SET state = $1 WHERE id = $2', (it) => ['published', it.draft]),
  archive: write('UPDATE marketplace.vouchers SET state = $1 WHERE id = $2', (it) => ['archived', it.published]),
  archiveLonely: write('UPDATE marketplace.vouchers SET state = $1 WHERE id = $2', (it) => ['archived', it.lonely]),
  link: write('INSERT INTO marketplace.voucher_locations VALUES ($1, $2)', (it) => [it.draft, it.there]),
  unlink: write('DELETE FROM marketplace.voucher_locations WHERE voucher_id = $1', (it) => [it.draft]),
  linkMore: write('INSERT INTO marketplace.voucher_locations VALUES ($1, $2)', (it) => [it.published, it.elsewhere]),
  unlinkHere: write('DELETE FROM marketplace.voucher_locations WHERE voucher_id = $1 AND location_id = $2', (it) => [
    it.published,
    it.here,
  ]),
  unlinkThere: write('DELETE FROM marketplace.voucher_locations WHERE voucher_id = $1 AND location_id = $2', (it) => [
    it.published,
    it.there,
  ]),
  translateDraft: translate((it) => `voucher.${it.draft}.title`, 'en', 'Barbecue'),
  changeDraft: translate((it) => `voucher.${it.draft}.title`, 'es', 'Sopa'),
  removeDraftText: write('DELETE FROM i18n.translations WHERE key = $1', (it) => [`voucher.${it.draft}.title`]),
  translatePublished: translate((it) => `voucher.${it.published}.title`, 'en', 'Barbecue'),
  describePublished: translate((it) => `voucher.${it.published}.description`, 'gn', 'So’o'),
  nameBusiness: translate((it) => `business.${it.business}.name`, 'es', 'Cantina'),
  rekeyBusiness: write('UPDATE business.businesses SET name_key = $1 WHERE id = $2', (it) => [
    `business.${it.business}.newName`,
    it.business,
  ]),
  paintBusiness: write('UPDATE business.businesses SET logo_url = $1 WHERE id = $2', (it) => [
    'https://logo.example',
    it.business,
  ]),
  nameCategory: translate((it) => `category.${it.category}.name`, 'en', 'Kind'),
  moveCategory: write('UPDATE catalog.categories SET parent_id = $1 WHERE id = $2', (it) => [
    it.otherRoot,
    it.category,
  ]),
  moveChild: write('UPDATE catalog.categories SET parent_id = $1 WHERE id = $2', (it) => [it.otherRoot, it.child]),
  moveVoucher: write('UPDATE marketplace.vouchers SET category_id = $1 WHERE id = $2', (it) => [
    it.child,
    it.published,
  ]),
  moveHere: write('UPDATE business.locations SET latitude = $1 WHERE id = $2', (it) => [12.5, it.here]),
  moveThere: write('UPDATE business.locations SET latitude = $1 WHERE id = $2', (it) => [12.5, it.there]),
  zoneHere: write('UPDATE business.locations SET time_zone = $1 WHERE id = $2', (it) => ['Asia/Beirut', it.here]),
  zoneThere: write('UPDATE business.locations SET time_zone = $1 WHERE id = $2', (it) => ['Asia/Beirut', it.there]),
  closeHere: write('UPDATE business.locations SET deleted_at = now() WHERE id = $1', (it) => [it.here]),
  removeThere: write('DELETE FROM business.locations WHERE id = $1', (it) => [it.there]),
  switchLanguageOn: write('UPDATE i18n.languages SET is_active = true WHERE code = $1', () => ['de']),
  changeChain: write('UPDATE i18n.languages SET chain = $1 WHERE code = $2', () => [['gn', 'en'], 'gn']),
  prune: write('SELECT marketplace.prune_expired_cards($1, 100)', () => ['2020-01-01']),
} satisfies Record<string, (it: Scenario) => Write>;

function write(text: string, values: (it: Scenario) => unknown[]): (it: Scenario) => Write {
  return (it) => (db) => db.query(text, values(it));
}

function translate(key: (it: Scenario) => string, language: string, value: string): (it: Scenario) => Write {
  return write(
    `INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, $2, $3, 'voucher')
     ON CONFLICT (key, language_code) DO UPDATE SET value = excluded.value`,
    (it) => [key(it), language, value],
  );
}
