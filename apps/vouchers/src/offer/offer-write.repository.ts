import { sql, type Db, type Sql } from '@pika/database';
import type { OfferContent, OfferState } from './offer.schemas.ts';

/** The columns of an offer and their values, in one order. */
interface OfferColumns {
  discountType: string;
  percentOff: number | null;
  percentCapMinor: number | null;
  amountOffMinor: number | null;
  freeItemQuantity: number | null;
  fixedPriceMinor: number | null;
  giftBalanceMinor: number | null;
  hours: string | null;
}

export type StoredOffer = OfferContent & OfferColumns;

const columns = sql`
  category_id, discount_type, percent_off, percent_cap_minor, amount_off_minor, free_item_quantity, fixed_price_minor,
  gift_balance_minor, currency, valid_from, valid_until, valid_days_after_claim, redeemable_hours, campaign_id,
  limit_total, limit_per_user, limit_per_user_day, limit_per_location_day, budget_minor, claim_limit_total,
  claim_limit_per_user, geofence_meters, rollback_window_minutes, stacking_group`;

const valuesOf = (offer: StoredOffer): Sql => sql`
  ${offer.categoryId}::uuid, ${offer.discountType}::marketplace.discount_type, ${offer.percentOff}::numeric,
  ${offer.percentCapMinor}::bigint, ${offer.amountOffMinor}::bigint, ${offer.freeItemQuantity}::integer,
  ${offer.fixedPriceMinor}::bigint, ${offer.giftBalanceMinor}::bigint, ${offer.currency}, ${offer.firstDay}::date,
  ${offer.lastDay}::date, ${offer.validDaysAfterClaim}::integer, ${offer.hours}::int4multirange,
  ${offer.campaignId}::uuid, ${offer.limits.total ?? null}::integer, ${offer.limits.perUser ?? null}::integer,
  ${offer.limits.perUserPerDay ?? null}::integer, ${offer.limits.perLocationPerDay ?? null}::integer,
  ${offer.limits.budgetMinor ?? null}::bigint, ${offer.limits.claims ?? null}::integer,
  ${offer.limits.claimsPerUser ?? null}::integer, ${offer.geofenceMeters}::integer,
  ${offer.rollbackWindowMinutes}::integer, ${offer.stackingGroup}`;

/** A draft. */
export async function insertOffer(
  tx: Db,
  { id, businessId, sourceLanguage }: { id: string; businessId: string; sourceLanguage: string },
  offer: StoredOffer,
): Promise<void> {
  const key = `voucher.${id}`;
  await tx.$executeRaw(sql`
    INSERT INTO marketplace.vouchers
      (id, business_id, title_key, description_key, terms_key, source_language, updated_at, ${columns})
    VALUES (${id}::uuid, ${businessId}::uuid, ${`${key}.title`}, ${`${key}.description`}, ${`${key}.terms`},
      ${sourceLanguage}, now(), ${valuesOf(offer)})`);
}

/** Texts and locations have no version of their own: what changes them moves that of the offer. */
export async function updateOffer(
  tx: Db,
  id: string,
  offer: StoredOffer,
  { movesContent }: { movesContent: boolean },
): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE marketplace.vouchers
    SET (${columns}, content_version) = ROW (${valuesOf(offer)}, content_version + ${movesContent ? 1 : 0}::integer)
    WHERE id = ${id}::uuid`);
}

/** Only along the ways that the database knows: else a check_violation of `vouchers_state_transition`. */
export async function updateOfferState(tx: Db, id: string, state: OfferState): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE marketplace.vouchers SET state = ${state}::marketplace.voucher_state WHERE id = ${id}::uuid`);
}

/** Whether it was: of drafts and archived ones those that nobody has claimed or redeemed. */
export async function deleteOffer(tx: Db, id: string, now: Date): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    UPDATE marketplace.vouchers SET deleted_at = ${now}::timestamptz
    WHERE id = ${id}::uuid AND state IN ('draft', 'archived')
      AND NOT EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.voucher_id = vouchers.id)
      AND NOT EXISTS (SELECT FROM marketplace.claims claim WHERE claim.voucher_id = vouchers.id)`);
  return count > 0;
}

export async function setLocations(tx: Db, voucherId: string, locationIds: readonly string[]): Promise<void> {
  await tx.$executeRaw(sql`
    DELETE FROM marketplace.voucher_locations
    WHERE voucher_id = ${voucherId}::uuid AND location_id <> ALL (${[...locationIds]}::uuid[])`);
  await tx.$executeRaw(sql`
    INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
    SELECT ${voucherId}::uuid, id FROM unnest(${[...locationIds]}::uuid[]) AS id ORDER BY id
    ON CONFLICT DO NOTHING`);
}

export interface References {
  category: boolean;
  currency: boolean;
  locations: number;
  campaign: { currency: string | null } | null;
  languages: string[];
}

/** What of the things that an offer points to is there, and the business's own; `languages` are all that there are. */
export async function findReferences(
  tx: Db,
  businessId: string,
  offer: Pick<OfferContent, 'categoryId' | 'currency' | 'locationIds' | 'campaignId'>,
): Promise<References> {
  const [row] = await tx.$queryRaw<[References]>(sql`
    SELECT
      EXISTS (SELECT FROM catalog.categories c WHERE c.id = ${offer.categoryId}::uuid AND c.deleted_at IS NULL) AS category,
      EXISTS (SELECT FROM catalog.currencies c WHERE c.code = ${offer.currency}) AS currency,
      (SELECT count(*)::integer FROM business.locations l
       WHERE l.id = ANY (${[...offer.locationIds]}::uuid[]) AND l.business_id = ${businessId}::uuid
         AND l.deleted_at IS NULL) AS locations,
      (SELECT jsonb_build_object('currency', c.currency) FROM marketplace.campaigns c
       WHERE c.id = ${offer.campaignId}::uuid AND c.business_id = ${businessId}::uuid AND c.deleted_at IS NULL) AS campaign,
      (SELECT array_agg(l.code ORDER BY l.code) FROM i18n.languages l WHERE l.code <> 'und') AS languages`);
  return row;
}
