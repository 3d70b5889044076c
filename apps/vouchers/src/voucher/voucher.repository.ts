import { sql, type Db } from '@pika/database';
import type { LanguageChain } from '@pika/shared';

/** [inside of the public JSON object, deepest place of the chain used, languages used]. */
export type VoucherText = readonly [body: string, depth: number, languages: string[]];

export interface VoucherLocationRow {
  id: string;
  latitude: number;
  longitude: number;
  distanceMeters: number | null;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  timeZone: string;
  isOpen: boolean | null;
  opensAt: Date | null;
  validFrom: Date;
  expiresAt: Date | null;
}

/** What a published voucher of a verified business shows, or null. */
export async function findVoucher(
  db: Db,
  id: string,
  { chain, matchLength }: LanguageChain,
): Promise<VoucherText | null> {
  const rows = await db.$queryRaw<{ text: VoucherText }[]>(sql`
    /* findVoucher */
    SELECT marketplace.voucher_text(v.id, ${[...chain]}::text[], ${matchLength}::int) AS text
    FROM marketplace.vouchers v
    JOIN business.businesses b ON b.id = v.business_id
    WHERE v.id = ${id}::uuid AND v.state = 'published' AND v.deleted_at IS NULL
      AND b.status = 'verified' AND b.deleted_at IS NULL`);
  return rows[0]?.text ?? null;
}

/** Every place a voucher is valid at; nearest first where a point is given, else in id order. */
export async function listVoucherLocations(
  db: Db,
  voucherId: string,
  point: { latitude: number; longitude: number } | null,
  at: Date,
): Promise<VoucherLocationRow[]> {
  return db.$queryRaw<VoucherLocationRow[]>(sql`
    /* listVoucherLocations */
    SELECT l.id, l.latitude, l.longitude, near.distance AS "distanceMeters", l.street, l.city,
      l.country_code AS "countryCode", l.time_zone AS "timeZone", state.is_open AS "isOpen", state.opens_at AS "opensAt",
      card.valid_from AS "validFrom", card.expires_at AS "expiresAt"
    FROM marketplace.cards card
    JOIN business.public_locations l ON l.id = card.location_id
    CROSS JOIN LATERAL business.opening_state(l.id, l.time_zone, l.weekly_hours, ${at}) AS state
    CROSS JOIN LATERAL (
      SELECT ST_Distance(
        marketplace.point_at(l.latitude, l.longitude),
        marketplace.point_at(${point?.latitude ?? null}::float8, ${point?.longitude ?? null}::float8)
      ) AS distance
    ) AS near
    WHERE card.voucher_id = ${voucherId}::uuid
    ORDER BY near.distance NULLS LAST, l.id`);
}
