import { sql, type Db, type ResolvedText } from '@pika/database';
import type { LanguageChain } from '@pika/shared';

export interface BusinessRow {
  id: string;
  text: ResolvedText;
  categoryId: string;
  categorySlug: string;
  categoryText: ResolvedText;
  phone: string | null;
  website: string | null;
  logoUrl: string | null;
  attribution: string | null;
  closedAt: Date | null;
}

export interface LocationRow {
  id: string;
  latitude: number;
  longitude: number;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  timeZone: string;
  /** [from, to) in minutes of the local week. */
  weeklyMinutes: [number, number][] | null;
  /** From the local today on, in order; minutes are those of the day. */
  specialDays: { date: string; minutes: [number, number][] }[];
  hoursText: string | null;
  isOpen: boolean | null;
  opensAt: Date | null;
}

/** A verified business, one that has closed included, or null. */
export async function findBusiness(
  db: Db,
  id: string,
  { chain, matchLength }: LanguageChain,
): Promise<BusinessRow | null> {
  const rows = await db.$queryRaw<BusinessRow[]>(sql`
    /* findBusiness */
    SELECT b.id, b.phone, b.website, b.logo_url AS "logoUrl", b.attribution, b.closed_at AS "closedAt",
      jsonb_build_array(text.body, text.served, text.depth, text.languages) AS text,
      c.id AS "categoryId", c.slug AS "categorySlug",
      jsonb_build_array(category.body, category.served, category.depth, category.languages) AS "categoryText"
    FROM business.businesses b
    JOIN catalog.categories c ON c.id = b.category_id
    CROSS JOIN LATERAL i18n.render_text(
      '{name,description}', ARRAY[b.name_key, b.description_key], '', b.source_language, ${[...chain]}::text[], ${matchLength}::int
    ) AS text
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[c.name_key], 'category.', c.source_language, ${[...chain]}::text[], ${matchLength}::int
    ) AS category
    WHERE b.id = ${id}::uuid AND b.status = 'verified' AND b.deleted_at IS NULL`);
  return rows[0] ?? null;
}

/** The living branches of a business, in id order. */
export async function listLocations(db: Db, businessId: string, at: Date): Promise<LocationRow[]> {
  return db.$queryRaw<LocationRow[]>(sql`
    /* listLocations */
    SELECT l.id, l.latitude, l.longitude, l.street, l.city, l.country_code AS "countryCode", l.time_zone AS "timeZone",
      CASE WHEN l.weekly_hours IS NOT NULL THEN (
        SELECT coalesce(jsonb_agg(jsonb_build_array(lower(part), upper(part)) ORDER BY lower(part)), '[]')
        FROM unnest(l.weekly_hours) AS part
      ) END AS "weeklyMinutes",
      special.days AS "specialDays", l.hours_text AS "hoursText",
      state.is_open AS "isOpen", state.opens_at AS "opensAt"
    FROM business.public_locations l
    CROSS JOIN LATERAL business.opening_state(l.id, l.time_zone, l.weekly_hours, ${at}) AS state
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('date', s.day, 'minutes', (
        SELECT coalesce(jsonb_agg(jsonb_build_array(lower(part), upper(part)) ORDER BY lower(part)), '[]')
        FROM unnest(s.hours) AS part
      )) ORDER BY s.day), '[]') AS days
      FROM business.special_days s
      WHERE s.location_id = l.id AND s.day >= (${at}::timestamptz AT TIME ZONE l.time_zone)::date
    ) AS special
    WHERE l.business_id = ${businessId}::uuid
    ORDER BY l.id`);
}
