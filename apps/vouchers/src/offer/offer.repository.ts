import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList, type Sql } from '@pika/database';
import type { OfferState } from './offer.schemas.ts';

export interface OfferTextRow {
  field: 'title' | 'description' | 'terms';
  language: string;
  value: string;
  isStale: boolean;
}

export interface OfferLocationRow {
  id: string;
  timeZone: string;
  validFrom: string;
  expiresAt: string | null;
  requiredLanguages: string[];
}

export interface OfferRow {
  id: string;
  businessId: string;
  state: OfferState;
  version: number;
  sourceLanguage: string;
  categoryId: string;
  discountType: 'percentage' | 'fixed_amount' | 'free_item' | 'fixed_price' | 'gift_balance';
  percentOff: number | null;
  percentCapMinor: number | null;
  amountOffMinor: number | null;
  freeItemQuantity: number | null;
  fixedPriceMinor: number | null;
  giftBalanceMinor: number | null;
  currency: string | null;
  firstDay: string;
  lastDay: string | null;
  validDaysAfterClaim: number | null;
  redeemableMinutes: [number, number][] | null;
  campaignId: string | null;
  limitTotal: number | null;
  limitPerUser: number | null;
  limitPerUserDay: number | null;
  limitPerLocationDay: number | null;
  budgetMinor: number | null;
  claimLimitTotal: number | null;
  claimLimitPerUser: number | null;
  geofenceMeters: number | null;
  rollbackWindowMinutes: number;
  stackingGroup: string | null;
  createdAt: Date;
  updatedAt: Date;
  usedCount: number;
  discountMinor: number;
  claimedCount: number;
  texts: OfferTextRow[];
  locations: OfferLocationRow[];
}

/** The latest first: ids begin with the time. */
export const offerList: PagedList<OfferRow> = {
  name: 'offers',
  columns: [{ column: sql`v.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

/**
 * A translation is stale where it says which source text it was made from and that is not the one that stands there now. A
 * place asks for the languages of its country's market; for the default language where that has none.
 */
const selectOffers = sql`
  SELECT v.id, v.business_id AS "businessId", v.state::text AS state, v.version, v.source_language AS "sourceLanguage",
    v.category_id AS "categoryId", v.discount_type::text AS "discountType", v.percent_off::float8 AS "percentOff",
    v.percent_cap_minor::float8 AS "percentCapMinor", v.amount_off_minor::float8 AS "amountOffMinor",
    v.free_item_quantity AS "freeItemQuantity", v.fixed_price_minor::float8 AS "fixedPriceMinor",
    v.gift_balance_minor::float8 AS "giftBalanceMinor", v.currency,
    v.valid_from::text AS "firstDay", v.valid_until::text AS "lastDay",
    v.valid_days_after_claim AS "validDaysAfterClaim",
    CASE WHEN v.redeemable_hours IS NOT NULL THEN (
      SELECT jsonb_agg(jsonb_build_array(lower(part), upper(part)) ORDER BY lower(part))
      FROM unnest(v.redeemable_hours) AS part
    ) END AS "redeemableMinutes",
    v.campaign_id AS "campaignId", v.limit_total AS "limitTotal", v.limit_per_user AS "limitPerUser",
    v.limit_per_user_day AS "limitPerUserDay", v.limit_per_location_day AS "limitPerLocationDay",
    v.budget_minor::float8 AS "budgetMinor", v.claim_limit_total AS "claimLimitTotal",
    v.claim_limit_per_user AS "claimLimitPerUser", v.geofence_meters AS "geofenceMeters",
    v.rollback_window_minutes AS "rollbackWindowMinutes", v.stacking_group AS "stackingGroup",
    v.created_at AS "createdAt", v.updated_at AS "updatedAt",
    counter.used_count AS "usedCount", counter.discount_minor::float8 AS "discountMinor",
    counter.claimed_count AS "claimedCount", own.texts, place.locations
  FROM marketplace.vouchers v
  JOIN marketplace.voucher_counters counter ON counter.voucher_id = v.id
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'field', field.name, 'language', t.language_code, 'value', t.value,
      'isStale', t.language_code <> v.source_language AND t.source_hash IS NOT NULL
        AND t.source_hash IS DISTINCT FROM encode(sha256(convert_to(source.value, 'UTF8')), 'hex')
    ) ORDER BY field.ordinal, t.language_code COLLATE "C"), '[]') AS texts
    FROM unnest('{title,description,terms}'::text[], ARRAY[v.title_key, v.description_key, v.terms_key])
      WITH ORDINALITY AS field (name, key, ordinal)
    JOIN i18n.translations t ON t.key = field.key
    LEFT JOIN i18n.translations source ON source.key = field.key AND source.language_code = v.source_language
  ) AS own
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', l.id, 'timeZone', l.time_zone,
      'validFrom', marketplace.instant_text(business.start_of_day(v.valid_from, l.time_zone)),
      'expiresAt', marketplace.instant_text(business.start_of_day(v.valid_until + 1, l.time_zone)),
      'requiredLanguages', coalesce(to_jsonb(market.required_languages), (
        SELECT jsonb_agg(language.code) FROM i18n.languages language WHERE language.is_default
      ), '[]')
    ) ORDER BY l.id), '[]') AS locations
    FROM marketplace.voucher_locations link
    JOIN business.locations l ON l.id = link.location_id AND l.business_id = v.business_id AND l.deleted_at IS NULL
    LEFT JOIN catalog.markets market ON market.country_code = l.country_code
    WHERE link.voucher_id = v.id
  ) AS place`;

export async function findOffer(db: Db, businessId: string, id: string): Promise<OfferRow | null> {
  const rows = await db.$queryRaw<OfferRow[]>(sql`
    /* findOffer */
    ${selectOffers}
    WHERE v.id = ${id}::uuid AND v.business_id = ${businessId}::uuid AND v.deleted_at IS NULL`);
  return rows[0] ?? null;
}

export interface OfferFilter {
  businessId: string;
  state: OfferState | undefined;
  campaignId: string | undefined;
}

/** Up to `limit` of the business, behind `after`. */
export function listOffers(
  db: Db,
  { businessId, state, campaignId }: OfferFilter,
  { after, limit }: { after: readonly PageKey[] | null; limit: number },
): Promise<OfferRow[]> {
  const isInState = state === undefined ? sql`TRUE` : sql`v.state = ${state}::marketplace.voucher_state`;
  const isOfCampaign = campaignId === undefined ? sql`TRUE` : sql`v.campaign_id = ${campaignId}::uuid`;
  return db.$queryRaw<OfferRow[]>(sql`
    /* listOffers */
    ${selectOffers}
    WHERE v.business_id = ${businessId}::uuid AND v.deleted_at IS NULL AND ${isInState} AND ${isOfCampaign}
      AND ${rowsAfter(offerList, after)}
    ORDER BY ${orderOf(offerList)}
    LIMIT ${limit}::integer`);
}

/** Not FOR UPDATE: who redeems meanwhile refers to the row, and waits for nothing that waits for their counter. */
export const lockOffer = (businessId: string, id: string): Sql => sql`
  SELECT version FROM marketplace.vouchers
  WHERE id = ${id}::uuid AND business_id = ${businessId}::uuid AND deleted_at IS NULL
  FOR NO KEY UPDATE`;
