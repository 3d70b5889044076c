import { searchNearby, type NearbyFilter } from '@pika/vouchers';

export interface Statement {
  text: string;
  values: unknown[];
}

/** The statement that the product sends for a filter, taken from the product itself. */
export async function searchStatement(filter: NearbyFilter): Promise<Statement> {
  let sent: Statement | null = null;
  const pool = {
    query: async (statement: Statement) => {
      sent = statement;
      return { rows: [{ category_known: true, data: '', languages: [], batch: 8 }] };
    },
  };
  await searchNearby({ pool, namedStatements: true } as unknown as Parameters<typeof searchNearby>[0], filter);
  if (sent === null) throw new Error('searchNearby sent no statement');
  return sent;
}

/**
 * The ancestor's query, as it was thought up first: everything joined for everything in the radius, then sorted.
 * Its texts are those of the language asked for, else the key; it serves no fallback chain, no opening hours, no
 * cursor, and shows a voucher once per location. Its geography column stands in a side table with a GiST index.
 */
export function ancestorStatement(
  latitude: number,
  longitude: number,
  radiusMeters: number,
  language: string,
): Statement {
  return {
    text: `
SELECT v.id, coalesce(title.value, v.title_key) AS title, coalesce(description.value, v.description_key) AS description,
  coalesce(terms.value, v.terms_key) AS terms, v.discount_type, v.percent_off, v.percent_cap_minor, v.amount_off_minor,
  v.free_item_quantity, v.fixed_price_minor, v.gift_balance_minor, v.currency, v.valid_from, v.valid_until,
  c.id AS category_id, c.slug, coalesce(category_name.value, c.name_key) AS category_name,
  b.id AS business_id, coalesce(business_name.value, b.name_key) AS business_name, b.logo_url, b.attribution,
  l.id AS location_id, l.latitude, l.longitude, l.time_zone, l.weekly_hours,
  ST_Distance(place.position, ST_SetSRID(ST_MakePoint($2, $1), 4326)::geography) AS distance
FROM marketplace.vouchers v
JOIN marketplace.voucher_locations vl ON vl.voucher_id = v.id
JOIN business.locations l ON l.id = vl.location_id
JOIN bench.seed_locations place ON place.location_id = l.id
JOIN business.businesses b ON b.id = v.business_id
JOIN catalog.categories c ON c.id = v.category_id
LEFT JOIN i18n.translations title ON title.key = v.title_key AND title.language_code = $4
LEFT JOIN i18n.translations description ON description.key = v.description_key AND description.language_code = $4
LEFT JOIN i18n.translations terms ON terms.key = v.terms_key AND terms.language_code = $4
LEFT JOIN i18n.translations business_name ON business_name.key = b.name_key AND business_name.language_code = $4
LEFT JOIN i18n.translations category_name ON category_name.key = c.name_key AND category_name.language_code = $4
WHERE v.state = 'published' AND v.deleted_at IS NULL AND l.deleted_at IS NULL AND b.deleted_at IS NULL
  AND b.status = 'verified' AND (v.valid_until IS NULL OR v.valid_until >= CURRENT_DATE)
  AND ST_DWithin(place.position, ST_SetSRID(ST_MakePoint($2, $1), 4326)::geography, $3)
ORDER BY ST_Distance(place.position, ST_SetSRID(ST_MakePoint($2, $1), 4326)::geography)
LIMIT 20`,
    values: [latitude, longitude, radiusMeters, language],
  };
}
