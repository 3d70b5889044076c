import {
  addLanguages,
  businessRow,
  categoryRow,
  groupBy,
  insertRows,
  inTransaction,
  locationRow,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
  type Random,
  type Row,
} from '@pika/tests';
import { makePlaces, type Place } from './make-places.ts';
import { makeTexts, makeWords } from './make-words.ts';

/** Everything random is around this day. */
export const worldDay = '2026-03-04';
const sourceLanguages = ['es', 'es', 'es', 'en', 'gn', 'ar', 'und'] as const;

export interface WorldSize {
  locations: number;
  vouchers: number;
}

export interface World {
  words: string[];
  places: Place[];
  categorySlugs: string[];
  businessIds: string[];
}

interface Tables {
  translations: Row[];
  categories: Row[];
  businesses: Row[];
  locations: Row[];
  specialDays: Row[];
  vouchers: Row[];
  links: Row[];
}

/** Fills an empty database: a world of vouchers with everything that can hide, tie or move one. */
export async function makeWorld(test: Pick<OpenTestDatabase, 'pool'>, random: Random, size: WorldSize): Promise<World> {
  const words = makeWords(random, 150);
  const places = makePlaces(random, size.locations);
  const tables: Tables = {
    translations: [],
    categories: [],
    businesses: [],
    locations: [],
    specialDays: [],
    vouchers: [],
    links: [],
  };
  const categories = makeCategories(random, words, tables);
  makeBusinesses(random, words, places, categories, tables);
  makeVouchers(random, words, categories, tables, size.vouchers);
  await write(test, tables);
  return {
    words,
    places,
    categorySlugs: tables.categories.filter((row) => row['deleted_at'] === null).map((row) => text(row['slug'])),
    businessIds: tables.businesses.map((row) => text(row['id'])),
  };
}

const text = (value: unknown): string => String(value);

function makeCategories(random: Random, words: string[], tables: Tables): string[] {
  const ids: string[] = [];
  for (let index = 0; index < 40; index++) {
    const id = random.id();
    const parentId = index < 5 ? null : random.pick(ids);
    const sourceLanguage = random.pick(sourceLanguages);
    const row = categoryRow({ id, slug: `category-${index}`, parentId, position: index, sourceLanguage });
    // A closed category can no longer be asked for, but what lies under its parents stays there.
    tables.categories.push({ ...row, deleted_at: random.chance(0.06) ? '2026-01-02T00:00:00Z' : null });
    tables.translations.push(
      ...translationRows('category', text(row['name_key']), makeTexts(random, words, sourceLanguage)),
    );
    ids.push(id);
  }
  return ids;
}

function makeBusinesses(random: Random, words: string[], places: Place[], categories: string[], tables: Tables): void {
  const shuffled = random.sample(places, places.length);
  const byCluster = groupBy(shuffled, ({ cluster }) => cluster);
  const left = new Set(shuffled);
  const take = (from: Iterable<Place>, count: number): Place[] => {
    const taken: Place[] = [];
    for (const place of from) {
      if (taken.length >= count) break;
      if (left.delete(place)) taken.push(place);
    }
    return taken;
  };
  for (const seed of shuffled) {
    if (!left.delete(seed)) continue;
    const more = random.chance(0.5) ? 0 : random.integer(1, random.chance(0.04) ? 40 : 6);
    const branches = [seed, ...take(random.chance(0.8) ? (byCluster.get(seed.cluster) ?? []) : left, more)];
    const sourceLanguage = random.pick(sourceLanguages);
    const row = businessRow({
      id: random.id(),
      categoryId: random.pick(categories),
      sourceLanguage,
      status: random.chance(0.9) ? 'verified' : random.pick(['pending', 'suspended']),
      deletedAt: random.chance(0.03) ? '2026-01-02T00:00:00Z' : null,
    });
    tables.businesses.push(row);
    tables.translations.push(
      ...translationRows('business', text(row['name_key']), makeTexts(random, words, sourceLanguage)),
    );
    for (const place of branches) makeLocation(random, place, text(row['id']), tables);
  }
}

const weeks = [
  null,
  null,
  '{}',
  '{[0,10080)}',
  '{[480,1080),[1920,2520),[3360,3960),[4800,5400),[6240,6840)}',
  '{[600,900),[1020,1500),[2040,2940),[3480,4380),[4920,5820),[6360,7320),[7800,8760)}',
  '{[0,180),[9360,10080)}',
  '{[1439,1441),[5000,5001)}',
];

function makeLocation(random: Random, place: Place, businessId: string, tables: Tables): void {
  const id = random.id();
  tables.locations.push(
    locationRow({
      id,
      businessId,
      ...place,
      weeklyHours: random.pick(weeks),
      deletedAt: random.chance(0.03) ? '2026-01-02T00:00:00Z' : null,
    }),
  );
  if (!random.chance(0.2)) return;
  for (const offset of random.sample([-3, -2, -1, 0, 1, 2, 3, 4, 5, 8], random.integer(1, 4))) {
    const hours = random.pick(['{}', '{[540,720)}', '{[0,1440)}', '{[0,60),[1200,1440)}']);
    tables.specialDays.push({ location_id: id, day: dayFrom(offset), hours });
  }
}

export const dayFrom = (offset: number): string =>
  new Date(Date.parse(`${worldDay}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10);

function makeVouchers(random: Random, words: string[], categories: string[], tables: Tables, count: number): void {
  const locationsOf = groupBy(tables.locations, (row) => text(row['business_id']));
  for (let index = 0; index < count; index++) {
    const business = random.pick(tables.businesses);
    const id = random.id();
    const sourceLanguage = random.pick(sourceLanguages);
    const starts = random.chance(0.7) ? -400 : random.integer(-4, 6);
    const ends = random.chance(0.5) ? null : random.chance(0.5) ? 400 : Math.max(starts, random.integer(-4, 5));
    const row = voucherRow({
      id,
      businessId: text(business['id']),
      categoryId: random.pick(categories),
      sourceLanguage,
      state: random.chance(0.88) ? 'published' : random.pick(['draft', 'suspended', 'expired', 'archived']),
      validFrom: dayFrom(starts),
      validUntil: ends === null ? null : dayFrom(ends),
      deletedAt: random.chance(0.03) ? '2026-01-02T00:00:00Z' : null,
    });
    tables.vouchers.push(row);
    for (const [field, likely] of [
      ['title', 1],
      ['description', 0.7],
      ['terms', 0.4],
    ] as const) {
      if (!random.chance(likely)) continue;
      tables.translations.push(
        ...translationRows('voucher', `voucher.${id}.${field}`, makeTexts(random, words, sourceLanguage)),
      );
    }
    const own = locationsOf.get(text(business['id'])) ?? [];
    const valid = random.chance(0.6) ? random.sample(own, random.integer(1, 3)) : own;
    for (const location of valid) tables.links.push({ voucher_id: id, location_id: text(location['id']) });
  }
}

/** Vouchers are published last, hundreds at a time, so that each card is made once. */
async function write(test: Pick<OpenTestDatabase, 'pool'>, tables: Tables): Promise<void> {
  await inTransaction(test, async (db) => {
    await addLanguages(db);
    await insertRows(db, 'i18n.translations', tables.translations);
    await insertRows(db, 'catalog.categories', tables.categories);
    await insertRows(db, 'business.businesses', tables.businesses);
    await insertRows(db, 'business.locations', tables.locations);
    await insertRows(db, 'business.special_days', tables.specialDays);
    const draft = tables.vouchers.map((row) => ({
      ...row,
      state: row['state'] === 'published' ? 'draft' : row['state'],
    }));
    await insertRows(db, 'marketplace.vouchers', draft);
    await insertRows(db, 'marketplace.voucher_locations', tables.links);
    const published = tables.vouchers.filter((row) => row['state'] === 'published').map((row) => text(row['id']));
    for (let from = 0; from < published.length; from += 500) {
      await db.query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = ANY ($1::uuid[])`, [
        published.slice(from, from + 500),
      ]);
    }
  });
  await test.pool.query('ANALYZE');
}
