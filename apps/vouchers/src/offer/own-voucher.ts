import { callerContext, inTransaction, sql, type Database, type Db } from '@pika/database';
import { etagOfVersion, isCutShort, type Caller, type LanguageChain, type Reply } from '@pika/shared';
import { businessOf } from '../business-of.ts';
import { mapVoucher } from '../voucher/voucher.mapper.ts';
import type { VoucherLocationRow, VoucherText } from '../voucher/voucher.repository.ts';
import type { VoucherAnswer } from '../voucher/voucher.schemas.ts';
import { mapOffer } from './offer.mapper.ts';
import { findOffer, type OfferRow } from './offer.repository.ts';

interface OwnQuestion {
  caller: Caller;
  id: string;
  point: { latitude: number; longitude: number } | null;
  language: LanguageChain;
  at: Date;
  requestId: string;
  clientAddress: string;
}

type Reasons = VoucherAnswer['locations'][number]['redeemable']['reasons'];

const reasonsOfState: Readonly<Record<OfferRow['state'], Reasons>> = {
  draft: ['voucher.notPublished'],
  published: [],
  suspended: ['voucher.suspended'],
  expired: ['voucher.expired'],
  archived: ['voucher.archived'],
};

/**
 * What members of the business, and its keys with `offers.read`, are told of a voucher in every state: the public answer, which
 * nobody else may be given of most, and the offer behind it. Null for everybody else.
 */
export function ownVoucherOf(database: Database): (question: OwnQuestion) => Promise<Reply | null> {
  const ownerOf = businessOf(database, 'voucher');
  return async ({ caller, id, point, language, at, requestId, clientAddress }) => {
    if (!mayOwn(caller)) return null;
    const businessId = await ownerOf(id);
    if (businessId === null || !mayActFor(caller, businessId)) return null;
    const context = callerContext(caller, { businessId, requestId, clientAddress });
    return inTransaction(database, context, async (tx) => {
      const offer = (await actsForBusiness(tx)) ? await findOffer(tx, businessId, id) : null;
      if (offer === null) return null;
      const text = await getOwnText(tx, id, language);
      const voucher = mapVoucher(text, await listOwnLocations(tx, id, point, at));
      const more = reasonsOfState[offer.state];
      return {
        body: {
          ...voucher,
          locations: voucher.locations.map((location) => withReasons(location, more)),
          offer: mapOffer(offer),
        },
        contentLanguages: text[2],
        cacheControl: 'no-store',
        headers: { ETag: etagOfVersion(offer.version) },
      };
    });
  };
}

function withReasons(location: VoucherAnswer['locations'][number], more: Reasons): VoucherAnswer['locations'][number] {
  const reasons = [...new Set([...more, ...location.redeemable.reasons])];
  return { ...location, redeemable: { now: reasons.length === 0, reasons } };
}

/** Before anything is looked up: most who ask belong to no business. */
function mayOwn(caller: Caller): boolean {
  if (caller.kind === 'apiKey') return caller.scopes.includes('offers.read');
  return caller.kind === 'user' && Object.keys(caller.businesses).length > 0;
}

function mayActFor(caller: Caller, businessId: string): boolean {
  if (caller.kind === 'apiKey') return caller.businessId === businessId;
  return caller.kind === 'user' && (Object.hasOwn(caller.businesses, businessId) || isCutShort(caller.businesses));
}

async function actsForBusiness(tx: Db): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ acts: boolean }[]>(sql`
    SELECT security.current_business_id() IS NOT NULL AS acts`);
  return row?.acts === true;
}

async function getOwnText(tx: Db, id: string, { chain, matchLength }: LanguageChain): Promise<VoucherText> {
  const [row] = await tx.$queryRaw<[{ text: VoucherText }]>(sql`
    SELECT marketplace.voucher_text(${id}::uuid, ${[...chain]}::text[], ${matchLength}::int) AS text`);
  return row.text;
}

/** As `listVoucherLocations`, from the rows themselves: what is not published has no cards. */
function listOwnLocations(
  tx: Db,
  id: string,
  point: { latitude: number; longitude: number } | null,
  at: Date,
): Promise<VoucherLocationRow[]> {
  return tx.$queryRaw<VoucherLocationRow[]>(sql`
    /* listOwnLocations */
    SELECT l.id, l.latitude, l.longitude, near.distance AS "distanceMeters", l.street, l.city,
      l.country_code AS "countryCode", l.time_zone AS "timeZone", state.is_open AS "isOpen", state.opens_at AS "opensAt",
      valid."from" AS "validFrom", valid.until AS "expiresAt",
      CASE WHEN valid.until <= ${at} THEN '{voucher.expired}'
        ELSE ARRAY(SELECT jsonb_array_elements_text(('[' || refusal.reasons || ']')::jsonb)) END AS reasons
    FROM marketplace.vouchers v
    JOIN marketplace.voucher_locations link ON link.voucher_id = v.id
    JOIN business.locations l ON l.id = link.location_id AND l.business_id = v.business_id AND l.deleted_at IS NULL
    CROSS JOIN LATERAL business.opening_state(l.id, l.time_zone, l.weekly_hours, ${at}) AS state
    CROSS JOIN LATERAL (
      SELECT ST_Distance(
        marketplace.point_at(l.latitude, l.longitude),
        marketplace.point_at(${point?.latitude ?? null}::float8, ${point?.longitude ?? null}::float8)
      ) AS distance
    ) AS near
    CROSS JOIN LATERAL (
      SELECT business.start_of_day(v.valid_from, l.time_zone) AS "from",
        business.start_of_day(v.valid_until + 1, l.time_zone) AS until
    ) AS valid
    CROSS JOIN LATERAL marketplace.reasons_not_now(v.id, l.id, l.time_zone, state.is_open, valid."from", NULL, ${at}) AS refusal
    WHERE v.id = ${id}::uuid
    ORDER BY near.distance NULLS LAST, l.id`);
}
