import type { Database } from '../client.ts';
import { weeklyMinutes } from '../content/hours.ts';
import { stableId } from '../content/ids.ts';
import {
  linkVouchers,
  settleDrafts,
  upsertBusinesses,
  upsertOwners,
  upsertCategories,
  upsertLocations,
  upsertTranslations,
  upsertVouchers,
  type TranslationRow,
  type VoucherRow,
} from '../content/upsert.ts';
import { jobContext, systemContext } from '../context.ts';
import { sql, type Db } from '../db.ts';
import { inTransaction } from '../transaction.ts';
import { businesses, categories, type SeedBusiness, type SeedDiscount, type Texts } from './content/index.ts';
import { languages, upsertLanguages } from './languages.ts';
import { seedLimits } from './limits.ts';
import { seedMarkets } from './markets.ts';

const ownerId = stableId('user:owner@pika.example');

/** What the seed holds, for the one line that the start prints. */
export interface SeedReport {
  categories: number;
  businesses: number;
  locations: number;
  vouchers: number;
}

/** Writes the hand-made content in one transaction. Deterministic; a second run changes nothing. */
export async function seed(database: Database): Promise<SeedReport> {
  await inTransaction(
    database,
    systemContext('seed'),
    async (db) => {
      await seedReference(db);
      await db.user.upsert({
        where: { id: ownerId },
        create: { id: ownerId, email: 'owner@pika.example', displayName: 'Ña Ramona', languageCode: 'es' },
        update: {},
      });
      await seedBusinesses(db);
    },
    { timeoutMillis: 120_000 },
  );
  return {
    categories: categories.length,
    businesses: businesses.length,
    locations: businesses.flatMap((business) => business.locations).length,
    vouchers: businesses.flatMap((business) => business.vouchers).length,
  };
}

/** Whether the login may act as the owner: one of least privilege serves what others have written. */
export async function maySeed(database: Database): Promise<boolean> {
  const rows = await inTransaction(database, jobContext('seed'), (db) =>
    db.$queryRaw<{ may: boolean }[]>(sql`SELECT pg_has_role(session_user, 'pika_owner', 'MEMBER') AS may`),
  );
  return rows[0]?.may === true;
}

/** Whether this seed was ever written here: a start never seeds a database twice, whatever became of the rows. */
export async function isSeeded(database: Database): Promise<boolean> {
  const owners = await inTransaction(database, systemContext('seed'), (db) =>
    db.user.count({ where: { id: ownerId } }),
  );
  return owners > 0;
}

/** Every category of the tree. */
export const categorySlugs: readonly string[] = categories.map(({ slug }) => slug);

export const categoryIdOf = (slug: string) => stableId(`category:${slug}`);
export const businessIdOf = (slug: string) => stableId(`business:${slug}`);
export const locationIdOf = (business: string, slug: string) => stableId(`location:${business}/${slug}`);
export const voucherIdOf = (business: string, slug: string) => stableId(`voucher:${business}/${slug}`);

/** What all content stands on: the languages, the markets and the tree of categories. */
export async function seedReference(db: Db): Promise<void> {
  await upsertLanguages(db, languages);
  await seedMarkets(db);
  await seedCategories(db);
}

async function seedCategories(db: Db): Promise<void> {
  const rows = categories.map(({ slug, parent }, position) => ({
    id: categoryIdOf(slug),
    parentId: parent === null ? null : categoryIdOf(parent),
    slug,
    position,
    nameKey: `category.${categoryIdOf(slug)}.name`,
    sourceLanguage: 'es',
  }));
  // A level at a time: a parent's path must stand before its children's.
  let level = rows.filter((row) => row.parentId === null);
  while (level.length > 0) {
    await upsertCategories(db, level);
    const parents = new Set(level.map((row) => row.id));
    level = rows.filter((row) => row.parentId !== null && parents.has(row.parentId));
  }
  await upsertTranslations(
    db,
    categories.flatMap(({ slug, names }) => translations('category', `category.${categoryIdOf(slug)}.name`, names)),
  );
}

async function seedBusinesses(db: Db): Promise<void> {
  await upsertBusinesses(
    db,
    businesses.map((business) => {
      const id = businessIdOf(business.slug);
      return {
        id,
        ownerId,
        categoryId: categoryIdOf(business.category),
        nameKey: `business.${id}.name`,
        otherNamesKey: null,
        descriptionKey: `business.${id}.description`,
        sourceLanguage: business.sourceLanguage,
        status: 'verified' as const,
        phone: business.phone ?? null,
        website: business.website ?? null,
        sourceId: null,
        sourceHash: null,
        attribution: null,
      };
    }),
  );
  await upsertOwners(
    db,
    businesses.map(({ slug }) => businessIdOf(slug)),
  );
  await upsertLocations(
    db,
    businesses.flatMap((business) =>
      business.locations.map(({ slug, hours, ...location }) => ({
        ...location,
        id: locationIdOf(business.slug, slug),
        businessId: businessIdOf(business.slug),
        weeklyMinutes: hours === null ? null : weeklyMinutes(hours),
        hoursText: null,
      })),
    ),
  );
  await upsertVouchers(db, businesses.flatMap(voucherRows));
  // After what holds their keys: a text gets its owner when it is written.
  await upsertTranslations(db, businesses.flatMap(businessTexts));
  await linkVouchers(db, businesses.flatMap(voucherLinks));
  await seedLimits(db, { businessIdOf, voucherIdOf });
  for (const state of ['archived', 'published'] as const) {
    const ids = businesses.flatMap((business) =>
      business.vouchers
        .filter((voucher) => (voucher.state ?? 'published') === state)
        .map((voucher) => voucherIdOf(business.slug, voucher.slug)),
    );
    await settleDrafts(db, ids, state);
  }
}

function businessTexts(business: SeedBusiness): TranslationRow[] {
  const key = `business.${businessIdOf(business.slug)}`;
  return [
    ...translations('business', `${key}.name`, business.name),
    ...translations('business', `${key}.description`, business.description),
    ...business.vouchers.flatMap((voucher) => {
      const voucherKey = `voucher.${voucherIdOf(business.slug, voucher.slug)}`;
      return [
        ...translations('voucher', `${voucherKey}.title`, voucher.title),
        ...translations('voucher', `${voucherKey}.description`, voucher.description),
        ...translations('voucher', `${voucherKey}.terms`, voucher.terms),
      ];
    }),
  ];
}

function voucherRows(business: SeedBusiness): VoucherRow[] {
  return business.vouchers.map((voucher) => {
    const id = voucherIdOf(business.slug, voucher.slug);
    return {
      id,
      businessId: businessIdOf(business.slug),
      categoryId: categoryIdOf(voucher.category ?? business.category),
      titleKey: `voucher.${id}.title`,
      descriptionKey: `voucher.${id}.description`,
      termsKey: `voucher.${id}.terms`,
      sourceLanguage: business.sourceLanguage,
      validFrom: voucher.validFrom,
      validUntil: voucher.validUntil,
      redeemableMinutes: voucher.redeemableHours === undefined ? null : weeklyMinutes(voucher.redeemableHours),
      ...discountColumns(voucher.discount),
    };
  });
}

function voucherLinks(business: SeedBusiness): { voucherId: string; locationId: string }[] {
  return business.vouchers.flatMap((voucher) =>
    (voucher.locations ?? business.locations.map((location) => location.slug)).map((location) => ({
      voucherId: voucherIdOf(business.slug, voucher.slug),
      locationId: locationIdOf(business.slug, location),
    })),
  );
}

/** The value columns of a voucher: the one of its discount type is set, the others are null. */
export function discountColumns(discount: SeedDiscount) {
  const none = {
    percentOff: null,
    percentCapMinor: null,
    amountOffMinor: null,
    freeItemQuantity: null,
    fixedPriceMinor: null,
    giftBalanceMinor: null,
    currency: null,
  };
  const discountType = discount.type;
  switch (discount.type) {
    case 'percentage':
      return {
        ...none,
        discountType,
        percentOff: discount.percent,
        percentCapMinor: discount.capMinor ?? null,
        currency: discount.currency ?? null,
      };
    case 'fixed_amount':
      return { ...none, discountType, amountOffMinor: discount.amountMinor, currency: discount.currency };
    case 'free_item':
      return { ...none, discountType, freeItemQuantity: discount.quantity };
    case 'fixed_price':
      return { ...none, discountType, fixedPriceMinor: discount.amountMinor, currency: discount.currency };
    default:
      return { ...none, discountType, giftBalanceMinor: discount.amountMinor, currency: discount.currency };
  }
}

function translations(domain: TranslationRow['domain'], key: string, texts: Texts): TranslationRow[] {
  return Object.entries(texts).map(([language, value]) => ({ key, language, value, domain }));
}
