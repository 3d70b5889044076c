import { sql, type Db } from '../db.ts';
import { multirangeText, type MinuteRange } from './hours.ts';

/** How many rows a write added or changed; rows that were already so are not counted. */
export interface Written {
  inserted: number;
  updated: number;
}

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
}

/*
 * Each function below writes any number of rows in one statement and in key order, so that two at once cannot wait for
 * each other in a circle, and leaves rows that are already so untouched, so that a second run changes nothing. PostgreSQL
 * says by `xmax = 0` whether a returned row was inserted.
 */

export async function upsertTranslations(db: Db, rows: readonly TranslationRow[]): Promise<Written> {
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO i18n.translations AS t (key, language_code, value, domain, updated_at)
      SELECT r.key, r.language, r.value, r.domain, now()
      FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (key text, language text, value text, domain text)
      ORDER BY r.key, r.language
      ON CONFLICT (key, language_code) DO UPDATE SET value = excluded.value, updated_at = now()
      WHERE t.value <> excluded.value
      RETURNING (xmax = 0) AS inserted`),
  );
}

export async function upsertCategories(db: Db, rows: readonly CategoryRow[]): Promise<Written> {
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO catalog.categories AS t (id, parent_id, slug, position, name_key, source_language, updated_at)
      SELECT r.id, r."parentId", r.slug, r.position, r."nameKey", r."sourceLanguage", now()
      FROM jsonb_to_recordset(${json(rows)}::jsonb)
        AS r (id uuid, "parentId" uuid, slug text, position int, "nameKey" text, "sourceLanguage" text)
      ORDER BY r.id
      ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, position = excluded.position,
        source_language = excluded.source_language, updated_at = now()
      WHERE (t.parent_id, t.position, t.source_language)
        IS DISTINCT FROM (excluded.parent_id, excluded.position, excluded.source_language)
      RETURNING (xmax = 0) AS inserted`),
  );
}

/** An owner is given to a business that has none, and never taken from one that has. */
export async function upsertBusinesses(db: Db, rows: readonly BusinessRow[]): Promise<Written> {
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO business.businesses AS t (id, owner_id, category_id, name_key, other_names_key, description_key,
        source_language, status, phone, website, source_id, source_hash, attribution, updated_at)
      SELECT r.id, r."ownerId", r."categoryId", r."nameKey", r."otherNamesKey", r."descriptionKey",
        r."sourceLanguage", r.status, r.phone, r.website, r."sourceId", r."sourceHash", r.attribution, now()
      FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (id uuid, "ownerId" uuid, "categoryId" uuid, "nameKey" text,
        "otherNamesKey" text, "descriptionKey" text, "sourceLanguage" text, status business.business_status, phone text,
        website text, "sourceId" text, "sourceHash" text, attribution text)
      ORDER BY r.id
      ON CONFLICT (id) DO UPDATE SET owner_id = coalesce(t.owner_id, excluded.owner_id),
        category_id = excluded.category_id, other_names_key = excluded.other_names_key,
        source_language = excluded.source_language, phone = excluded.phone, website = excluded.website,
        source_hash = excluded.source_hash, attribution = excluded.attribution, updated_at = now()
      WHERE (t.owner_id, t.category_id, t.other_names_key, t.source_language, t.phone, t.website, t.source_hash,
          t.attribution)
        IS DISTINCT FROM (coalesce(t.owner_id, excluded.owner_id), excluded.category_id, excluded.other_names_key,
          excluded.source_language, excluded.phone, excluded.website, excluded.source_hash, excluded.attribution)
      RETURNING (xmax = 0) AS inserted`),
  );
}

export async function upsertLocations(db: Db, rows: readonly LocationRow[]): Promise<Written> {
  const prepared = rows.map(({ weeklyMinutes, ...row }) => ({
    ...row,
    weeklyHours: weeklyMinutes === null ? null : multirangeText(weeklyMinutes),
  }));
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO business.locations AS t (id, business_id, latitude, longitude, street, city, country_code, time_zone,
        weekly_hours, hours_text, updated_at)
      SELECT r.id, r."businessId", r.latitude, r.longitude, r.street, r.city, r."countryCode", r."timeZone",
        r."weeklyHours"::int4multirange, r."hoursText", now()
      FROM jsonb_to_recordset(${json(prepared)}::jsonb) AS r (id uuid, "businessId" uuid, latitude float8,
        longitude float8, street text, city text, "countryCode" text, "timeZone" text, "weeklyHours" text,
        "hoursText" text)
      ORDER BY r.id
      ON CONFLICT (id) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude,
        street = excluded.street, city = excluded.city, country_code = excluded.country_code,
        time_zone = excluded.time_zone, weekly_hours = excluded.weekly_hours, hours_text = excluded.hours_text,
        updated_at = now()
      WHERE (t.latitude, t.longitude, t.street, t.city, t.country_code, t.time_zone, t.weekly_hours, t.hours_text)
        IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.street, excluded.city, excluded.country_code,
          excluded.time_zone, excluded.weekly_hours, excluded.hours_text)
      RETURNING (xmax = 0) AS inserted`),
  );
}

/** Gives locations exactly these special days, and takes all others from them. */
export async function replaceSpecialDays(
  db: Db,
  locationIds: readonly string[],
  rows: readonly SpecialDayRow[],
): Promise<Written> {
  const prepared = json(rows.map(({ minutes, ...row }) => ({ ...row, hours: multirangeText(minutes) })));
  await db.$executeRaw(sql`
    DELETE FROM business.special_days t
    WHERE t.location_id = ANY (${[...locationIds]}::uuid[]) AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${prepared}::jsonb) AS r ("locationId" uuid, day date)
      WHERE r."locationId" = t.location_id AND r.day = t.day
    )`);
  if (rows.length === 0) return { inserted: 0, updated: 0 };
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO business.special_days AS t (location_id, day, hours)
      SELECT r."locationId", r.day, r.hours::int4multirange
      FROM jsonb_to_recordset(${prepared}::jsonb) AS r ("locationId" uuid, day date, hours text)
      ORDER BY r."locationId", r.day
      ON CONFLICT (location_id, day) DO UPDATE SET hours = excluded.hours
      WHERE t.hours <> excluded.hours
      RETURNING (xmax = 0) AS inserted`),
  );
}

/** New vouchers are drafts: link them to locations, write their texts, then `settleDrafts`. */
export async function upsertVouchers(db: Db, rows: readonly VoucherRow[]): Promise<Written> {
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO marketplace.vouchers AS t (id, business_id, category_id, title_key, description_key, terms_key,
        source_language, discount_type, percent_off, percent_cap_minor, amount_off_minor, free_item_quantity,
        fixed_price_minor, gift_balance_minor, currency, valid_from, valid_until, updated_at)
      SELECT r.id, r."businessId", r."categoryId", r."titleKey", r."descriptionKey", r."termsKey",
        r."sourceLanguage", r."discountType", r."percentOff", r."percentCapMinor", r."amountOffMinor", r."freeItemQuantity",
        r."fixedPriceMinor", r."giftBalanceMinor", r.currency, r."validFrom", r."validUntil", now()
      FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (id uuid, "businessId" uuid, "categoryId" uuid, "titleKey" text,
        "descriptionKey" text, "termsKey" text, "sourceLanguage" text, "discountType" marketplace.discount_type,
        "percentOff" numeric, "percentCapMinor" bigint, "amountOffMinor" bigint, "freeItemQuantity" int,
        "fixedPriceMinor" bigint, "giftBalanceMinor" bigint, currency text, "validFrom" date, "validUntil" date)
      ORDER BY r.id
      ON CONFLICT (id) DO UPDATE SET category_id = excluded.category_id, source_language = excluded.source_language,
        discount_type = excluded.discount_type, percent_off = excluded.percent_off,
        percent_cap_minor = excluded.percent_cap_minor, amount_off_minor = excluded.amount_off_minor,
        free_item_quantity = excluded.free_item_quantity, fixed_price_minor = excluded.fixed_price_minor,
        gift_balance_minor = excluded.gift_balance_minor, currency = excluded.currency,
        valid_from = excluded.valid_from, valid_until = excluded.valid_until, updated_at = now()
      WHERE (t.category_id, t.source_language, t.discount_type, t.percent_off, t.percent_cap_minor, t.amount_off_minor,
          t.free_item_quantity, t.fixed_price_minor, t.gift_balance_minor, t.currency, t.valid_from, t.valid_until)
        IS DISTINCT FROM (excluded.category_id, excluded.source_language, excluded.discount_type, excluded.percent_off,
          excluded.percent_cap_minor, excluded.amount_off_minor, excluded.free_item_quantity, excluded.fixed_price_minor,
          excluded.gift_balance_minor, excluded.currency, excluded.valid_from, excluded.valid_until)
      RETURNING (xmax = 0) AS inserted`),
  );
}

export async function linkVouchers(
  db: Db,
  rows: readonly { voucherId: string; locationId: string }[],
): Promise<Written> {
  return countWritten(
    await db.$queryRaw<InsertedRow[]>(sql`
      INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
      SELECT r."voucherId", r."locationId"
      FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r ("voucherId" uuid, "locationId" uuid)
      ORDER BY r."voucherId", r."locationId"
      ON CONFLICT DO NOTHING
      RETURNING true AS inserted`),
  );
}

/** Takes drafts to their first state and leaves all others; publishing many at once refreshes their cards in one go. */
export async function settleDrafts(
  db: Db,
  voucherIds: readonly string[],
  state: 'published' | 'archived',
): Promise<number> {
  return db.$executeRaw(sql`
    WITH locked AS (
      SELECT id FROM marketplace.vouchers
      WHERE id = ANY (${[...voucherIds]}::uuid[]) AND state = 'draft'
      ORDER BY id FOR UPDATE
    )
    UPDATE marketplace.vouchers SET state = ${state}::marketplace.voucher_state, updated_at = now()
    WHERE id IN (SELECT id FROM locked)`);
}

function json(rows: readonly object[]): string {
  return JSON.stringify(rows);
}

interface InsertedRow {
  inserted: boolean;
}

function countWritten(rows: readonly InsertedRow[]): Written {
  const inserted = rows.filter((row) => row.inserted).length;
  return { inserted, updated: rows.length - inserted };
}
