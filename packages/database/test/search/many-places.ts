import { addLanguages, insertRows, type Queryable } from '@pika/tests';

export const middle = { latitude: -25.28, longitude: -57.63 };

const tagged = (expression: string, tag: number) =>
  `lpad(to_hex(${expression}), 8, '0') || '-0000-7000-8000-00000000000${tag}'`;

/** The business with this number, for a filter. */
export const businessNumber = (number: number) => `${number.toString(16).padStart(8, '0')}-0000-7000-8000-000000000001`;

const categories = ['comida', 'cafe', 'ocio', 'salud', 'ropa'];

/**
 * 20,000 places within about 100 km of the middle, of 8,000 businesses with a voucher each: half have one place, half
 * have four. Every voucher says "descuento", one in fifty "chipa".
 */
export async function addManyPlaces(db: Queryable): Promise<void> {
  const run = (text: string) => db.query(text, []);
  await addLanguages(db);
  // Row by row the triggers would take minutes; what they keep true is computed at the end by their own functions.
  await run('SET session_replication_role = replica');
  await insertRows(
    db,
    'catalog.categories',
    categories.map((slug, position) => {
      const id = `c000000${position}-0000-7000-8000-000000000000`;
      const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
      return { id, slug, path: [id], position, name_key: `category.${slug}`, source_language: 'es', ...stamps };
    }),
  );
  await run(`
    INSERT INTO i18n.translations (key, language_code, value, domain)
    SELECT 'category.' || slug, 'es', slug, 'category' FROM catalog.categories
    UNION ALL
    SELECT 'business.' || n, 'es', 'Casa ' || n, 'business' FROM generate_series(1, 8000) AS n
    UNION ALL
    SELECT 'voucher.' || n, 'es', CASE WHEN n % 50 = 0 THEN 'Descuento en chipa' ELSE 'Descuento grande' END, 'voucher'
    FROM generate_series(1, 8000) AS n`);
  await run(`
    INSERT INTO business.businesses (id, category_id, name_key, description_key, source_language, status)
    SELECT (${tagged('n', 1)})::uuid, ('c000000' || n % 5 || '-0000-7000-8000-000000000000')::uuid,
      'business.' || n, 'business.' || n || '.description', 'es', 'verified'
    FROM generate_series(1, 8000) AS n`);
  await run(`
    INSERT INTO business.locations (id, business_id, latitude, longitude, time_zone, weekly_hours)
    SELECT (${tagged('n * 4 + part', 2)})::uuid, (${tagged('n', 1)})::uuid,
      ${middle.latitude} + sin(n * 12.9898 + part * 78.233), ${middle.longitude} + sin(n * 39.346 + part * 11.135),
      'America/Asuncion', CASE WHEN n % 2 = 0 THEN '{[0,10080)}'::int4multirange END
    FROM generate_series(1, 8000) AS n, generate_series(0, CASE WHEN n <= 4000 THEN 0 ELSE 3 END) AS part`);
  await run(`
    INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key,
      source_language, state, discount_type, percent_off, valid_from)
    SELECT (${tagged('n', 3)})::uuid, (${tagged('n', 1)})::uuid,
      ('c000000' || n % 5 || '-0000-7000-8000-000000000000')::uuid,
      'voucher.' || n, 'voucher.' || n || '.description', 'voucher.' || n || '.terms', 'es', 'published', 'percentage', 10,
      '2025-01-01'
    FROM generate_series(1, 8000) AS n`);
  await run(`
    INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
    SELECT v.id, l.id FROM marketplace.vouchers v JOIN business.locations l USING (business_id)`);
  // What has been used of them, so that no table is too small for its index.
  await run(`
    INSERT INTO marketplace.campaigns (id, business_id, name) SELECT id, business_id, 'Verano' FROM marketplace.vouchers;
    INSERT INTO marketplace.campaign_counters (campaign_id) SELECT id FROM marketplace.campaigns;
    INSERT INTO marketplace.campaign_user_counters (campaign_id, user_id) SELECT id, id FROM marketplace.campaigns;
    UPDATE marketplace.vouchers SET campaign_id = id, limit_total = 9, limit_per_user = 9, limit_per_user_day = 9,
      limit_per_location_day = 9;
    INSERT INTO marketplace.voucher_counters (voucher_id, limit_total) SELECT id, limit_total FROM marketplace.vouchers;
    INSERT INTO marketplace.user_counters (voucher_id, user_id) SELECT id, id FROM marketplace.vouchers;
    INSERT INTO marketplace.user_day_counters (voucher_id, user_id, day) SELECT id, id, '2026-01-01' FROM marketplace.vouchers;
    INSERT INTO marketplace.location_day_counters (voucher_id, location_id, day)
    SELECT voucher_id, location_id, '2026-01-01' FROM marketplace.voucher_locations;
    INSERT INTO marketplace.holds (id, voucher_id, user_id, key, created_at, expires_at)
    SELECT id, id, id, 'held', '2026-01-01', '2026-01-02' FROM marketplace.vouchers`);
  // compute_* read what was written above: statistics first.
  await run('ANALYZE');
  await run('SET jit = off');
  await run(`
    INSERT INTO marketplace.cards
    SELECT * FROM marketplace.compute_cards(ARRAY(SELECT id FROM marketplace.vouchers)) ORDER BY location_id, voucher_id`);
  await run(`
    INSERT INTO marketplace.location_facets
    SELECT * FROM marketplace.compute_facets(ARRAY(SELECT id FROM business.locations)) ORDER BY facet_id, location_id`);
  await run(`
    INSERT INTO marketplace.search_words (language_code, word)
    SELECT DISTINCT split_part(token, ':', 1), split_part(token, ':', 2)
    FROM marketplace.cards card, unnest(tsvector_to_array(card.search)) AS token WHERE left(token, 1) <> '@'`);
  await run('SET session_replication_role = origin');
  await run('VACUUM ANALYZE');
  await run('SELECT marketplace.refresh_word_frequencies()');
}
