import { upsertRows, type UpsertTable, type Written } from '../batch-upsert.ts';
import { sql, type Db } from '../db.ts';
import { multirangeText, type MinuteRange } from './hours.ts';

export interface TranslationRow {
  key: string;
  language: string;
  value: string;
  domain: 'category' | 'business' | 'voucher';
}

export interface CategoryRow {
  id: string;
  parentId: string | null;
  slug: string;
  position: number;
  nameKey: string;
  sourceLanguage: string;
}

export interface BusinessRow {
  id: string;
  ownerId: string | null;
  categoryId: string;
  nameKey: string;
  /** Leads to names that are searched and not shown; null where there are none. */
  otherNamesKey: string | null;
  descriptionKey: string;
  sourceLanguage: string;
  status: 'pending' | 'verified' | 'suspended';
  phone: string | null;
  website: string | null;
  sourceId: string | null;
  /** What the importer last wrote, so that it knows what changed at the source. */
  sourceHash: string | null;
  attribution: string | null;
}

export interface LocationRow {
  id: string;
  businessId: string;
  latitude: number;
  longitude: number;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  timeZone: string;
  weeklyMinutes: readonly MinuteRange[] | null;
  /** The hours as their source wrote them. */
  hoursText: string | null;
}

/** What replaces the weekly hours of a location on one local date: minutes of that day. */
export interface SpecialDayRow {
  locationId: string;
  /** YYYY-MM-DD. */
  day: string;
  minutes: readonly MinuteRange[];
}

export interface VoucherRow {
  id: string;
  businessId: string;
  categoryId: string;
  titleKey: string;
  descriptionKey: string;
  termsKey: string;
  sourceLanguage: string;
  discountType: 'percentage' | 'fixed_amount' | 'free_item' | 'fixed_price' | 'gift_balance';
  percentOff: number | null;
  percentCapMinor: number | null;
  amountOffMinor: number | null;
  freeItemQuantity: number | null;
  fixedPriceMinor: number | null;
  giftBalanceMinor: number | null;
  currency: string | null;
  validFrom: string;
  validUntil: string | null;
  /** In the local week of the place; null: always. */
  redeemableMinutes: readonly MinuteRange[] | null;
}

const translations: UpsertTable = {
  table: sql`i18n.translations`,
  columns: sql`key, language_code, value, domain`,
  key: sql`key, language_code`,
  changes: [sql`value`],
};

export function upsertTranslations(db: Db, rows: readonly TranslationRow[]): Promise<Written> {
  return upsertRows(
    db,
    translations,
    rows.map(({ language, ...row }) => ({ ...row, languageCode: language })),
  );
}

const categories: UpsertTable = {
  table: sql`catalog.categories`,
  columns: sql`id, parent_id, slug, position, name_key, source_language`,
  key: sql`id`,
  changes: [sql`parent_id`, sql`position`, sql`source_language`],
};

export function upsertCategories(db: Db, rows: readonly CategoryRow[]): Promise<Written> {
  return upsertRows(db, categories, rows);
}

const businesses: UpsertTable = {
  table: sql`business.businesses`,
  columns: sql`id, owner_id, category_id, name_key, other_names_key, description_key, source_language, status, phone,
    website, source_id, source_hash, attribution`,
  key: sql`id`,
  changes: [
    [sql`owner_id`, sql`coalesce(t.owner_id, excluded.owner_id)`],
    sql`category_id`,
    sql`other_names_key`,
    sql`source_language`,
    sql`phone`,
    sql`website`,
    sql`source_hash`,
    sql`attribution`,
  ],
};

/** An owner is given to a business that has none, and never taken from one that has. */
export function upsertBusinesses(db: Db, rows: readonly BusinessRow[]): Promise<Written> {
  return upsertRows(db, businesses, rows);
}

/** Makes the owners of businesses members of them, as owners: who stands in `owner_id` alone is in no access token. */
export async function upsertOwners(db: Db, businessIds: readonly string[]): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO business.members AS t (business_id, user_id, role)
    SELECT id, owner_id, 'owner' FROM business.businesses
    WHERE id = ANY (${[...businessIds]}::uuid[]) AND owner_id IS NOT NULL
    ORDER BY id
    ON CONFLICT (business_id, user_id) DO UPDATE SET role = excluded.role WHERE t.role <> excluded.role`);
}

const locations: UpsertTable = {
  table: sql`business.locations`,
  columns: sql`id, business_id, latitude, longitude, street, city, country_code, time_zone, weekly_hours, hours_text`,
  key: sql`id`,
  changes: [
    sql`latitude`,
    sql`longitude`,
    sql`street`,
    sql`city`,
    sql`country_code`,
    sql`time_zone`,
    sql`weekly_hours`,
    sql`hours_text`,
  ],
};

export function upsertLocations(db: Db, rows: readonly LocationRow[]): Promise<Written> {
  return upsertRows(
    db,
    locations,
    rows.map(({ weeklyMinutes, ...row }) => ({
      ...row,
      weeklyHours: weeklyMinutes === null ? null : multirangeText(weeklyMinutes),
    })),
  );
}

const specialDays: UpsertTable = {
  table: sql`business.special_days`,
  columns: sql`location_id, day, hours`,
  key: sql`location_id, day`,
  changes: [sql`hours`],
  hasUpdatedAt: false,
};

/** Gives locations exactly these special days, and takes all others from them. */
export async function replaceSpecialDays(
  db: Db,
  locationIds: readonly string[],
  rows: readonly SpecialDayRow[],
): Promise<Written> {
  const prepared = rows.map(({ minutes, ...row }) => ({ ...row, hours: multirangeText(minutes) }));
  await db.$executeRaw(sql`
    DELETE FROM business.special_days t
    WHERE t.location_id = ANY (${[...locationIds]}::uuid[]) AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${JSON.stringify(prepared)}::jsonb) AS r ("locationId" uuid, day date)
      WHERE r."locationId" = t.location_id AND r.day = t.day
    )`);
  return rows.length === 0 ? { inserted: 0, updated: 0 } : upsertRows(db, specialDays, prepared);
}

const vouchers: UpsertTable = {
  table: sql`marketplace.vouchers`,
  columns: sql`id, business_id, category_id, title_key, description_key, terms_key, source_language, discount_type,
    percent_off, percent_cap_minor, amount_off_minor, free_item_quantity, fixed_price_minor, gift_balance_minor,
    currency, valid_from, valid_until, redeemable_hours`,
  key: sql`id`,
  changes: [
    sql`category_id`,
    sql`source_language`,
    sql`discount_type`,
    sql`percent_off`,
    sql`percent_cap_minor`,
    sql`amount_off_minor`,
    sql`free_item_quantity`,
    sql`fixed_price_minor`,
    sql`gift_balance_minor`,
    sql`currency`,
    sql`valid_from`,
    sql`valid_until`,
    sql`redeemable_hours`,
  ],
};

/** New vouchers are drafts: link them to locations, write their texts, then `settleDrafts`. */
export function upsertVouchers(db: Db, rows: readonly VoucherRow[]): Promise<Written> {
  return upsertRows(
    db,
    vouchers,
    rows.map(({ redeemableMinutes, ...row }) => ({
      ...row,
      redeemableHours: redeemableMinutes === null ? null : multirangeText(redeemableMinutes),
    })),
  );
}

export async function linkVouchers(
  db: Db,
  rows: readonly { voucherId: string; locationId: string }[],
): Promise<Written> {
  const inserted = await db.$executeRaw(sql`
    INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
    SELECT r."voucherId", r."locationId"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r ("voucherId" uuid, "locationId" uuid)
    ORDER BY r."voucherId", r."locationId"
    ON CONFLICT DO NOTHING`);
  return { inserted, updated: 0 };
}

/** Takes drafts to their first state and leaves all others; publishing many at once refreshes their cards in one go. */
export async function settleDrafts(
  db: Db,
  voucherIds: readonly string[],
  state: 'published' | 'archived',
): Promise<number> {
  const locked = await db.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM marketplace.vouchers
    WHERE id = ANY (${[...voucherIds]}::uuid[]) AND state = 'draft'
    ORDER BY id FOR NO KEY UPDATE`);
  if (locked.length === 0) return 0;
  return db.$executeRaw(sql`
    UPDATE marketplace.vouchers SET state = ${state}::marketplace.voucher_state, updated_at = now()
    WHERE id = ANY (${locked.map(({ id }) => id)}::uuid[])`);
}
