import { Prisma, type Db, type ResolvedText } from '@pika/database';
import type { LanguageChain } from '@pika/shared';

export interface VoucherRow {
  id: string;
  facts: string;
  text: ResolvedText;
  categoryId: string;
  categorySlug: string;
  categoryText: ResolvedText;
  businessId: string;
  businessText: ResolvedText;
  logoUrl: string | null;
  attribution: string | null;
}

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

/** A published voucher of a verified business, or null. */
export async function findVoucher(
  db: Db,
  id: string,
  { chain, matchLength }: LanguageChain,
): Promise<VoucherRow | null> {
  const rows = await db.$queryRaw<VoucherRow[]>(Prisma.sql`
    /* findVoucher */
    SELECT v.id, marketplace.discount_json(v) AS facts,
      marketplace.voucher_text(v.id, ${[...chain]}::text[], ${matchLength}::int) AS text,
      c.id AS "categoryId", c.slug AS "categorySlug",
      marketplace.category_text(c.id, ${[...chain]}::text[], ${matchLength}::int) AS "categoryText",
      b.id AS "businessId", b.logo_url AS "logoUrl", b.attribution,
      marketplace.business_text(b.id, ${[...chain]}::text[], ${matchLength}::int) AS "businessText"
    FROM marketplace.vouchers v
    JOIN business.businesses b ON b.id = v.business_id
    JOIN catalog.categories c ON c.id = v.category_id
    WHERE v.id = ${id}::uuid AND v.state = 'published' AND v.deleted_at IS NULL
      AND b.status = 'verified' AND b.deleted_at IS NULL`);
  return rows[0] ?? null;
}

/** Every place a voucher is valid at; nearest first where a point is given, else in id order. */
export async function listVoucherLocations(
  db: Db,
  voucherId: string,
  point: { latitude: number; longitude: number } | null,
  at: Date,
): Promise<VoucherLocationRow[]> {
  return db.$queryRaw<VoucherLocationRow[]>(Prisma.sql`
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
