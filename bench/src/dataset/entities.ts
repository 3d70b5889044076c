import { businessCount, citySlot, phraseNumber } from './draws.ts';

/** Kinds of `bench.id(kind, n)`. Locations are numbered business × 8 + branch. */
export const kind = { category: 1, business: 2, location: 3, voucher: 4 } as const;

/** Language ordinals as in `bench.words`, and the share of entities that are translated. */
const languageShares = `(VALUES (0, 'en', 1.0), (1, 'es', 0.6), (2, 'gn', 0.3)) AS language (ordinal, code, share)`;

export const languages = `
INSERT INTO i18n.languages (code, name, english_name, fallback_code, chain, match_length, text_search_config, is_active, is_default)
VALUES ('es', 'Español', 'Spanish', NULL, '{es}', 1, 'spanish', true, true),
  ('en', 'English', 'English', NULL, '{en}', 1, 'english', true, false),
  ('gn', 'Avañe''ẽ', 'Guarani', 'es', '{gn,es}', 1, 'simple', true, false)`;

/** A tree of 10 × 10 × 10: numbers 0–9 are the tops, 10–109 the middles, 110–1109 the leaves. */
export const categories = `
INSERT INTO catalog.categories (id, parent_id, slug, path, position, name_key, source_language)
SELECT bench.id(${kind.category}, n), path[cardinality(path) - 1], 'category-' || n, path, n % 10,
  'category.' || n || '.name', 'en'
FROM generate_series(0, 1109) AS n
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN n < 10 THEN ARRAY[bench.id(${kind.category}, n)]
    WHEN n < 110 THEN ARRAY[bench.id(${kind.category}, (n - 10) / 10), bench.id(${kind.category}, n)]
    ELSE ARRAY[bench.id(${kind.category}, (n - 110) / 100), bench.id(${kind.category}, 10 + (n - 110) / 10), bench.id(${kind.category}, n)]
  END AS path
) AS tree;
INSERT INTO i18n.translations (key, language_code, value, domain)
SELECT 'category.' || n || '.name', language.code, initcap(split_part(phrase.text, ' ', 1) || ' ' || split_part(phrase.text, ' ', 2)), 'category'
FROM generate_series(0, 1109) AS n
JOIN ${languageShares} ON bench.draw(100 + language.ordinal, n) < language.share
JOIN bench.phrases phrase ON phrase.number = ${phraseNumber(103, 'n', 'language.ordinal')}`;

/** A business is called by two words and a proper name that few others share. */
export const businesses = `
INSERT INTO business.businesses (id, category_id, name_key, description_key, source_language, status, phone, logo_url, attribution)
SELECT bench.id(${kind.business}, n), bench.id(${kind.category}, ${leafOfBusiness('n')}),
  'business.' || bench.id(${kind.business}, n) || '.name', 'business.' || bench.id(${kind.business}, n) || '.description', 'en',
  'verified', '+595 21 ' || 100000 + n,
  CASE WHEN bench.draw(111, n) < 0.5 THEN 'https://files.example.org/logo/' || n || '.webp' END,
  CASE WHEN bench.draw(112, n) < 0.3 THEN '© OpenStreetMap contributors' END
FROM generate_series(0, ${businessCount - 1}) AS n;
INSERT INTO i18n.translations (key, language_code, value, domain, business_id)
SELECT 'business.' || bench.id(${kind.business}, n) || '.' || text.field, language.code, text.value, 'business',
  bench.id(${kind.business}, n)
FROM generate_series(0, ${businessCount - 1}) AS n
JOIN ${languageShares} ON bench.draw(113 + language.ordinal, n) < language.share
JOIN bench.phrases p1 ON p1.number = ${phraseNumber(116, 'n', 'language.ordinal')}
JOIN bench.phrases p2 ON p2.number = ${phraseNumber(117, 'n', 'language.ordinal')}
CROSS JOIN LATERAL (VALUES
  ('name', initcap(split_part(p1.text, ' ', 1) || ' ' || split_part(p1.text, ' ', 2) || ' '
    || bench.syllable(bench.pick(118, n, 100)) || bench.syllable(bench.pick(119, n, 100)) || bench.syllable(bench.pick(120, n, 4)) || 'ni')),
  ('description', p1.text || ', ' || p2.text || '.')
) AS text (field, value)`;

/** Every 50th business has two to five branches in its city; hours follow ten patterns, unknown for one in ten. */
export const locations = `
CREATE UNLOGGED TABLE bench.hours AS
SELECT pattern, hours::int4multirange FROM (VALUES
  (0, NULL),
  (1, '{[540,1080),[1980,2520),[3420,3960),[4860,5400),[6300,6840)}'),
  (2, '{[480,1200),[1920,2640),[3360,4080),[4800,5520),[6240,6960),[7680,8400)}'),
  (3, '{[600,1320),[2040,2760),[3480,4200),[4920,5640),[6360,7080),[7800,8520),[9240,9960)}'),
  (4, '{[0,120),[1080,1560),[2520,3000),[3960,4440),[5400,5880),[6840,7440),[8280,8880),[9720,10080)}'),
  (5, '{[0,10080)}'),
  (6, '{[480,720),[900,1140),[1920,2160),[2340,2580),[3360,3600),[3780,4020),[4800,5040),[5220,5460),[6240,6480),[6660,6900),[7680,7920)}'),
  (7, '{[420,840),[1860,2280),[3300,3720),[4740,5160),[6180,6600),[7620,8040),[9060,9480)}'),
  (8, '{[2160,2700),[3600,4140),[5040,5580),[6480,7020),[7920,8460),[9360,9900)}'),
  (9, '{[480,1320),[1920,2760),[3360,4200),[4800,5640),[6240,7080),[7680,8520)}')
) AS patterns (pattern, hours);
INSERT INTO business.locations (id, business_id, latitude, longitude, street, city, country_code, time_zone, weekly_hours)
SELECT bench.id(${kind.location}, place.number), bench.id(${kind.business}, n),
  city.latitude + scatter.radius * sin(scatter.angle),
  city.longitude + scatter.radius * cos(scatter.angle) / cosd(city.latitude),
  'Calle ' || bench.pick(133, place.number, 500), city.name, 'PY', city.time_zone, hours.hours
FROM generate_series(0, ${businessCount - 1}) AS n
CROSS JOIN LATERAL generate_series(0, CASE WHEN bench.pick(130, n, 50) = 0 THEN 1 + bench.pick(131, n, 4) ELSE 0 END) AS branch
CROSS JOIN LATERAL (SELECT n * 8 + branch AS number) AS place
CROSS JOIN LATERAL (
  SELECT 5.0 / 111.32 * sqrt(-2 * ln(1 - bench.draw(134, place.number))) AS radius, 2 * pi() * bench.draw(135, place.number) AS angle
) AS scatter
JOIN bench.city_slots slot ON slot.slot = ${citySlot(132, 'n')}
JOIN bench.cities city ON city.number = slot.rank
JOIN bench.hours hours ON hours.pattern = bench.pick(136, place.number, 10);
INSERT INTO business.special_days (location_id, day, hours)
SELECT l.id, make_date(year, month, day), '{}'
FROM business.locations l, generate_series(2025, 2035) AS year, (VALUES (1, 1), (12, 25)) AS feast (month, day)
WHERE hashtext(l.id::text) % 50 = 0`;

/**
 * Vouchers numbered from–to: 70 % are live (2 % of these not yet valid), 15 % expired, 15 % drafts. Each is valid at
 * all branches of its business.
 */
export function vouchers(from: number, to: number): string {
  return `
INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key, source_language, state,
  discount_type, percent_off, percent_cap_minor, amount_off_minor, free_item_quantity, fixed_price_minor, gift_balance_minor,
  currency, valid_from, valid_until)
SELECT bench.id(${kind.voucher}, n), bench.id(${kind.business}, owner.number), bench.id(${kind.category}, category.number),
  'voucher.' || bench.id(${kind.voucher}, n) || '.title', 'voucher.' || bench.id(${kind.voucher}, n) || '.description',
  'voucher.' || bench.id(${kind.voucher}, n) || '.terms', 'en', state.state::marketplace.voucher_state,
  discount.type::marketplace.discount_type,
  CASE discount.type WHEN 'percentage' THEN 5 * (1 + bench.pick(144, n, 14)) END,
  CASE WHEN discount.type = 'percentage' AND bench.pick(145, n, 3) = 0 THEN 50000 END,
  CASE discount.type WHEN 'fixed_amount' THEN 5000 * (1 + bench.pick(144, n, 20)) END,
  CASE discount.type WHEN 'free_item' THEN 1 + bench.pick(144, n, 3) END,
  CASE discount.type WHEN 'fixed_price' THEN 1000 * (5 + bench.pick(144, n, 100)) END,
  CASE discount.type WHEN 'gift_balance' THEN 50000 * (1 + bench.pick(144, n, 10)) END,
  CASE WHEN discount.type IN ('fixed_amount', 'fixed_price', 'gift_balance')
    OR discount.type = 'percentage' AND bench.pick(145, n, 3) = 0 THEN 'PYG' END,
  CASE WHEN state.draw < 0.014 THEN date '2040-01-01' ELSE date '2025-01-01' - bench.pick(146, n, 300) END,
  CASE WHEN state.draw >= 0.70 AND state.draw < 0.85 THEN date '2025-02-01'
    WHEN bench.draw(147, n) < 0.6 THEN date '2041-01-01' + bench.pick(148, n, 3000) END
FROM generate_series(${from}, ${to - 1}) AS n
CROSS JOIN LATERAL (SELECT ${businessOfVoucher('n')} AS number) AS owner
CROSS JOIN LATERAL (SELECT ${categoryOfVoucher('n', 'owner.number')} AS number) AS category
CROSS JOIN LATERAL (SELECT draw, CASE WHEN draw < 0.70 THEN 'published' WHEN draw < 0.85 THEN 'expired' ELSE 'draft' END AS state
  FROM (SELECT bench.draw(142, n) AS draw) AS drawn) AS state
CROSS JOIN LATERAL (SELECT (ARRAY['percentage','percentage','fixed_amount','free_item','fixed_price','gift_balance'])[1 + bench.pick(143, n, 6)] AS type) AS discount;
INSERT INTO marketplace.voucher_locations (voucher_id, location_id)
SELECT bench.id(${kind.voucher}, n), bench.id(${kind.location}, owner.number * 8 + branch)
FROM generate_series(${from}, ${to - 1}) AS n
CROSS JOIN LATERAL (SELECT ${businessOfVoucher('n')} AS number) AS owner
CROSS JOIN LATERAL generate_series(0, CASE WHEN bench.pick(130, owner.number, 50) = 0 THEN 1 + bench.pick(131, owner.number, 4) ELSE 0 END) AS branch`;
}

/** Titles of 5 words, descriptions of 10, terms of 5: about as long as those the seed is written with. */
export function voucherTexts(from: number, to: number): string {
  const phrase = (place: number): string =>
    `JOIN bench.phrases p${place} ON p${place}.number = ${phraseNumber(160 + place, 'n', 'language.ordinal')}`;
  return `
INSERT INTO i18n.translations (key, language_code, value, domain, business_id)
SELECT 'voucher.' || bench.id(${kind.voucher}, n) || '.' || text.field, language.code, text.value, 'voucher',
  bench.id(${kind.business}, ${businessOfVoucher('n')})
FROM generate_series(${from}, ${to - 1}) AS n
JOIN ${languageShares} ON bench.draw(150 + language.ordinal, n) < language.share
${[1, 2, 3, 4].map(phrase).join('\n')}
CROSS JOIN LATERAL (VALUES
  ('title', upper(left(p1.text, 1)) || substr(p1.text, 2)),
  ('description', upper(left(p2.text, 1)) || substr(p2.text, 2) || ', ' || p3.text || '.'),
  ('terms', upper(left(p4.text, 1)) || substr(p4.text, 2) || '.')
) AS text (field, value)`;
}

function leafOfBusiness(n: string): string {
  return `110 + bench.pick(110, ${n}, 1000)`;
}

function businessOfVoucher(n: string): string {
  return `bench.pick(140, ${n}, ${businessCount})`;
}

/** Six in ten vouchers stand in the category of their business, three beside it, one anywhere. */
function categoryOfVoucher(n: string, business: string): string {
  return `CASE WHEN bench.pick(141, ${n}, 10) < 6 THEN ${leafOfBusiness(business)}
    WHEN bench.pick(141, ${n}, 10) < 9 THEN 110 + (bench.pick(110, ${business}, 1000) / 10) * 10 + bench.pick(149, ${n}, 10)
    ELSE 110 + bench.pick(149, ${n}, 1000) END`;
}
