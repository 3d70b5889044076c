import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  inTransaction,
  locationRow,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
  type Queryable,
  type Random,
} from '@pika/tests';

/** A small market, so that random edits often meet at the same rows. */

export const words = ['asado', 'café', 'ñandutí', 'helado', 'libro', 'taller', 'vino', 'té', 'pan', 'sopa', 'running'];
export const zones = ['America/Asuncion', 'Asia/Beirut', 'Pacific/Auckland', 'UTC', 'America/St_Johns'];
export const sourceLanguages = ['es', 'en', 'gn', 'ar', 'und'];
export const languageCodes = ['es', 'en', 'gn', 'ar', 'fr', 'pt', 'de', 'und'];

/** Cards that ended before are pruned by some edits: no comparison counts them. */
export const prunedBefore = '2026-02-01T00:00:00Z';

export const randomText = (random: Random): string =>
  Array.from({ length: random.integer(1, 4) }, () => random.pick(words)).join(' ');

export function randomTexts(random: Random): Record<string, string> {
  const languages = random.sample(languageCodes, random.integer(0, 4));
  return Object.fromEntries(languages.map((language) => [language, randomText(random)]));
}

export const randomPlace = (random: Random) => ({
  latitude: random.pick([-25.3, 0, 65.5, 90, -90, random.between(-90, 90)]),
  longitude: random.pick([-57.6, 180, -180, 0, random.between(-180, 180)]),
  timeZone: random.pick(zones),
});

/** Some begin before and end after `prunedBefore`, some do neither. */
export function randomValidity(random: Random): { validFrom: string; validUntil: string | null } {
  const validFrom = random.pick(['2025-01-01', '2026-03-04', '2027-01-01']);
  return {
    validFrom,
    validUntil: random.pick([null, '2027-06-30', validFrom, validFrom === '2025-01-01' ? '2025-12-31' : null]),
  };
}

export interface MarketSize {
  categories: number;
  businesses: number;
  locations: number;
  vouchers: number;
}

export async function makeMarket(
  test: Pick<OpenTestDatabase, 'pool'>,
  random: Random,
  size: MarketSize,
): Promise<void> {
  await inTransaction(test, async (db) => {
    await addLanguages(db);
    const categories = await addCategories(db, random, size.categories);
    const businesses: string[] = [];
    for (let index = 0; index < size.businesses; index++) {
      businesses.push(await addBusiness(db, random, random.pick(categories)));
    }
    const locations: { id: string; businessId: string }[] = [];
    for (let index = 0; index < size.locations; index++) {
      const businessId = random.pick(businesses);
      locations.push({ businessId, id: await addLocation(db, random, businessId) });
    }
    for (let index = 0; index < size.vouchers; index++) {
      const businessId = random.pick(businesses);
      const own = locations.filter((location) => location.businessId === businessId).map(({ id }) => id);
      await addVoucher(db, random, { businessId, categoryId: random.pick(categories), locationIds: own });
    }
  });
}

async function addCategories(db: Queryable, random: Random, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const parentId = index < 3 ? null : random.pick(ids);
    ids.push(await addCategory(db, random, parentId));
  }
  return ids;
}

export async function addCategory(db: Queryable, random: Random, parentId: string | null): Promise<string> {
  const id = random.id();
  const texts = translationRows('category', `category.${id}.name`, randomTexts(random));
  const isTextFirst = random.chance(0.5);
  if (isTextFirst) await insertRows(db, 'i18n.translations', texts);
  await insertRows(db, 'catalog.categories', [
    categoryRow({ id, slug: `slug-${id}`, parentId, sourceLanguage: random.pick(sourceLanguages) }),
  ]);
  if (!isTextFirst) await insertRows(db, 'i18n.translations', texts);
  return id;
}

export async function addBusiness(db: Queryable, random: Random, categoryId: string): Promise<string> {
  const id = random.id();
  const texts = translationRows('business', `business.${id}.name`, randomTexts(random));
  const isTextFirst = random.chance(0.5);
  if (isTextFirst) await insertRows(db, 'i18n.translations', texts);
  await insertRows(db, 'business.businesses', [
    businessRow({ id, categoryId, sourceLanguage: random.pick(sourceLanguages) }),
  ]);
  if (!isTextFirst) await insertRows(db, 'i18n.translations', texts);
  return id;
}

export async function addLocation(db: Queryable, random: Random, businessId: string): Promise<string> {
  const id = random.id();
  await insertRows(db, 'business.locations', [locationRow({ id, businessId, ...randomPlace(random) })]);
  return id;
}

export async function addVoucher(
  db: Queryable,
  random: Random,
  { businessId, categoryId, locationIds }: { businessId: string; categoryId: string; locationIds: readonly string[] },
): Promise<string> {
  const id = random.id();
  const state = random.chance(0.75) ? ('published' as const) : random.pick(['draft', 'archived', 'suspended'] as const);
  const sourceLanguage = random.pick(sourceLanguages);
  const voucher = voucherRow({ id, businessId, categoryId, state, sourceLanguage, ...randomValidity(random) });
  const texts = ['title', 'description', 'terms'].flatMap((field) =>
    translationRows('voucher', `voucher.${id}.${field}`, randomTexts(random)),
  );
  const chosen = random.sample(locationIds, random.integer(0, 4));
  const links = chosen.map((locationId) => ({ voucher_id: id, location_id: locationId }));
  const isTextFirst = random.chance(0.5);
  if (isTextFirst) await insertRows(db, 'i18n.translations', texts);
  await insertRows(db, 'marketplace.vouchers', [voucher]);
  await insertRows(db, 'marketplace.voucher_locations', links);
  if (!isTextFirst) await insertRows(db, 'i18n.translations', texts);
  return id;
}
