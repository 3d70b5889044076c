import { sql, type Db } from '@pika/database';
import type { LanguageChain } from '@pika/shared';
import type { RefusalReason } from './voucher.schemas.ts';

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
  /** Why it cannot be redeemed there now. */
  reasons: RefusalReason[];
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
  userId: string | null,
  at: Date,
): Promise<VoucherLocationRow[]> {
  return db.$queryRaw<VoucherLocationRow[]>(sql`
    /* listVoucherLocations */
    SELECT id, latitude, longitude, distance AS "distanceMeters", street, city, country_code AS "countryCode",
      time_zone AS "timeZone", is_open AS "isOpen", opens_at AS "opensAt", valid_from AS "validFrom",
      expires_at AS "expiresAt", reasons
    FROM marketplace.voucher_places(
      ${voucherId}::uuid, ${point?.latitude ?? null}::float8, ${point?.longitude ?? null}::float8, ${userId}::uuid,
      ${at}::timestamptz)`);
}
