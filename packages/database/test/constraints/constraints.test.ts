import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  locationRow,
  openTestDatabase,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
  type Row,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const id = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const [root, child, grandchild, business, location, voucher, fresh] = [1, 2, 3, 4, 5, 6, 99].map(id) as [
  ...[string, string, string, string, string, string, string],
];

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  const { pool } = test;
  await addLanguages(pool);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: root, slug: 'food' })]);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: child, slug: 'cafe', parentId: root })]);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: grandchild, slug: 'tea', parentId: child })]);
  await insertRows(pool, 'business.businesses', [
    {
      ...businessRow({ id: business, categoryId: root }),
      source_id: 'osm:1',
      other_names_key: 'business.taken.otherNames',
    },
  ]);
  await insertRows(pool, 'business.locations', [
    locationRow({ id: location, businessId: business, latitude: 0, longitude: 0 }),
  ]);
  await insertRows(pool, 'marketplace.vouchers', [voucherRow({ id: voucher, businessId: business, categoryId: root })]);
  await insertRows(pool, 'users.users', [{ ...user, id: id(7), email: 'taken@pika.example' }]);
  await insertRows(pool, 'i18n.translations', translationRows('voucher', `voucher.${voucher}.title`, { es: 'Hola' }));
});
afterAll(() => test.close());

const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
const user: Row = { id: fresh, email: 'a@pika.example', display_name: 'A', ...stamps };
const language: Row = {
  code: 'xx',
  name: 'X',
  english_name: 'X',
  direction: 'ltr',
  chain: ['xx'],
  match_length: 1,
  text_search_config: 'simple',
  is_active: false,
  is_default: false,
};
const freshLocation = locationRow({ id: fresh, businessId: business, latitude: 0, longitude: 0 });
const freshVoucher = voucherRow({ id: fresh, businessId: business, categoryId: root });
const freshBusiness = businessRow({ id: fresh, categoryId: root });
const freshCategory = categoryRow({ id: fresh, slug: 'fresh' });
const [text = {}] = translationRows('voucher', 'voucher.fresh.title', { es: 'Hola' });
const day: Row = { location_id: location, day: '2026-06-01', hours: '{}' };

const bases: Record<string, Row> = {
  'users.users': user,
  'i18n.languages': language,
  'i18n.translations': text,
  'catalog.categories': freshCategory,
  'business.businesses': freshBusiness,
  'business.locations': freshLocation,
  'business.special_days': day,
  'marketplace.vouchers': freshVoucher,
};

/** The constraint that refuses the row of this table with these changes, or null where it is taken; nothing is kept. */
async function refusalOf(table: string, changes: Row): Promise<string | null> {
  const client = await test.pool.connect();
  try {
    await client.query('BEGIN');
    await insertRows(client, table, [{ ...bases[table], ...changes }]);
    return null;
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (constraint === undefined) throw error;
    return constraint;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

type Case = [table: string, changes: Row];

describe('what is taken', () => {
  const amount = { percent_off: null, currency: 'PYG' };
  it.each<Case>([
    ...Object.keys(bases).map((table): Case => [table, {}]),
    ['business.locations', { latitude: 90, longitude: 180 }],
    ['business.locations', { latitude: -90, longitude: -180 }],
    ['business.locations', { weekly_hours: '{[0,10080)}', country_code: 'PY' }],
    ['business.locations', { weekly_hours: '{}', time_zone: 'Europe/Berlin' }],
    ['business.locations', { time_zone: 'America/Argentina/Buenos_Aires' }],
    ['business.locations', { time_zone: 'UTC' }],
    ['business.special_days', { hours: '{[0,1440)}' }],
    ['marketplace.vouchers', { percent_off: 100 }],
    ['marketplace.vouchers', { percent_cap_minor: 1, currency: 'PYG' }],
    ['marketplace.vouchers', { ...amount, discount_type: 'fixed_amount', amount_off_minor: 1 }],
    ['marketplace.vouchers', { discount_type: 'free_item', percent_off: null, free_item_quantity: 1 }],
    ['marketplace.vouchers', { ...amount, discount_type: 'fixed_price', fixed_price_minor: 0 }],
    ['marketplace.vouchers', { ...amount, discount_type: 'gift_balance', gift_balance_minor: 1 }],
    ['marketplace.vouchers', { valid_until: '2025-01-01' }],
  ])('%s %j', async (table, changes) => {
    expect(await refusalOf(table, changes)).toBeNull();
  });
});

const other = { percent_off: null };
const refused: Record<string, Case[]> = {
  users_email_lower_case: [['users.users', { email: 'A@pika.example' }]],
  users_email_key: [['users.users', { email: 'taken@pika.example' }]],
  languages_match_length_within_chain: [
    ['i18n.languages', { match_length: 0 }],
    ['i18n.languages', { match_length: 2 }],
  ],
  languages_chain_begins_with_code: [['i18n.languages', { chain: ['es', 'xx'] }]],
  languages_one_default_key: [['i18n.languages', { is_default: true }]],
  translations_value_not_empty: [['i18n.translations', { value: '' }]],
  translations_domain_known: [['i18n.translations', { domain: 'banner' }]],
  translations_category_unowned: [['i18n.translations', { domain: 'category', business_id: business }]],
  translations_pkey: [['i18n.translations', { key: `voucher.${voucher}.title` }]],
  categories_slug_key: [['catalog.categories', { slug: 'cafe' }]],
  categories_name_key_key: [['catalog.categories', { name_key: `category.${root}.name` }]],
  categories_acyclic: [['catalog.categories', { id: root, parent_id: grandchild }]],
  businesses_name_key_key: [['business.businesses', { name_key: `business.${business}.name` }]],
  businesses_description_key_key: [['business.businesses', { description_key: `business.${business}.description` }]],
  businesses_other_names_key_key: [['business.businesses', { other_names_key: 'business.taken.otherNames' }]],
  businesses_not_duplicate_of_itself: [['business.businesses', { possible_duplicate_of: fresh }]],
  businesses_source_id_key: [['business.businesses', { source_id: 'osm:1' }]],
  locations_latitude_in_range: [
    ['business.locations', { latitude: 90.000001 }],
    ['business.locations', { latitude: -91 }],
    ['business.locations', { latitude: 'NaN' }],
  ],
  locations_longitude_in_range: [
    ['business.locations', { longitude: 180.000001 }],
    ['business.locations', { longitude: -181 }],
    ['business.locations', { longitude: 'Infinity' }],
  ],
  locations_country_code_form: ['py', 'PRY', ''].map((code): Case => ['business.locations', { country_code: code }]),
  locations_weekly_hours_in_week: ['{[-1,60)}', '{[10000,10081)}', '{[0,)}'].map((hours): Case => [
    'business.locations',
    { weekly_hours: hours },
  ]),
  locations_time_zone_known: ['Mars/Olympus', '', '+03', "UTC'; --", 'america/asuncion', 'PYT4'].map((zone): Case => [
    'business.locations',
    { time_zone: zone },
  ]),
  special_days_hours_in_day: ['{[-1,60)}', '{[1380,1441)}'].map((hours): Case => ['business.special_days', { hours }]),
  vouchers_one_value_per_type: [
    ...[0, -1, 100.01, null].map((percent): Case => ['marketplace.vouchers', { percent_off: percent }]),
    ['marketplace.vouchers', { free_item_quantity: 1 }],
    ['marketplace.vouchers', { amount_off_minor: 100, currency: 'PYG' }],
    ['marketplace.vouchers', { ...other, discount_type: 'free_item', free_item_quantity: 0 }],
    ['marketplace.vouchers', { ...other, discount_type: 'fixed_amount', amount_off_minor: 0, currency: 'PYG' }],
    ['marketplace.vouchers', { ...other, discount_type: 'fixed_price', fixed_price_minor: -1, currency: 'PYG' }],
    ['marketplace.vouchers', { ...other, discount_type: 'gift_balance', gift_balance_minor: 0, currency: 'PYG' }],
  ],
  vouchers_cap_only_for_percentage: [
    ['marketplace.vouchers', { percent_cap_minor: 0, currency: 'PYG' }],
    [
      'marketplace.vouchers',
      { ...other, discount_type: 'fixed_amount', amount_off_minor: 5, percent_cap_minor: 1, currency: 'PYG' },
    ],
  ],
  vouchers_currency_with_amount: [
    ['marketplace.vouchers', { currency: 'PYG' }],
    ['marketplace.vouchers', { percent_cap_minor: 5 }],
    ['marketplace.vouchers', { ...other, discount_type: 'fixed_amount', amount_off_minor: 5 }],
    ['marketplace.vouchers', { ...other, discount_type: 'fixed_price', fixed_price_minor: 5 }],
    ['marketplace.vouchers', { ...other, discount_type: 'gift_balance', gift_balance_minor: 5 }],
    ['marketplace.vouchers', { ...other, discount_type: 'free_item', free_item_quantity: 1, currency: 'PYG' }],
  ],
  vouchers_currency_form: ['pyg', 'GS', 'PYGX'].map((currency): Case => [
    'marketplace.vouchers',
    { percent_cap_minor: 5, currency },
  ]),
  vouchers_validity_in_order: [['marketplace.vouchers', { valid_until: '2024-12-31' }]],
  ...Object.fromEntries(
    ['title', 'description', 'terms'].map((field): [string, Case[]] => [
      `vouchers_${field}_key_key`,
      [['marketplace.vouchers', { [`${field}_key`]: `voucher.${voucher}.${field}` }]],
    ]),
  ),
};

describe('what is refused', () => {
  it.each(
    Object.entries(refused).flatMap(([constraint, cases]) =>
      cases.map(([table, changes]) => [constraint, table, changes] as const),
    ),
  )('%s: %s %j', async (constraint, table, changes) => {
    expect(await refusalOf(table, changes)).toBe(constraint);
  });

  // With the check mended these two say so, and become cases of vouchers_one_value_per_type above.
  it.each<Row>([
    { discount_type: 'free_item' },
    { ...other, discount_type: 'fixed_amount', fixed_price_minor: 5, currency: 'PYG' },
  ])('vouchers_one_value_per_type: the one value of another type: %j', async (changes) => {
    expect(await refusalOf('marketplace.vouchers', changes)).toBe('vouchers_one_value_per_type');
  });

  it('a category moved below its own grandchild, or itself', async () => {
    const move = (parent: string) =>
      test.pool.query('UPDATE catalog.categories SET parent_id = $1 WHERE id = $2', [parent, root]);
    await expect(move(grandchild)).rejects.toMatchObject({ code: '23514', constraint: 'categories_acyclic' });
    await expect(move(root)).rejects.toMatchObject({ code: '23514', constraint: 'categories_acyclic' });
  });

  it('names each CHECK and unique index that the tables of the content have', async () => {
    const { rows } = await test.pool.query<{ name: string }>(`
      SELECT conname AS name FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace
      WHERE contype = 'c' AND nspname IN ('users', 'i18n', 'catalog', 'business', 'marketplace')
      UNION
      SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indisunique AND NOT i.indisprimary AND nspname IN ('users', 'i18n', 'catalog', 'business', 'marketplace')`);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map(({ name }) => name).filter((name) => refused[name] === undefined)).toEqual([]);
  });
});
