import type pg from 'pg';

export const counts = { users: 500, businesses: 200, each: 50 } as const;

/** Everybody's id follows from a number, here and in SQL. */
const id = (kind: string, number: string): string => `md5('${kind} ' || ${number})::uuid`;

/** 200 businesses with a branch, 50 vouchers and 50 campaigns each; 500 people with 50 claims each. */
export async function fillSmallDataset(pool: pg.Pool): Promise<void> {
  const { users, businesses, each } = counts;
  const statements = [
    `INSERT INTO i18n.languages (code, name, english_name, chain, match_length, text_search_config, is_active, is_default)
     VALUES ('en', 'English', 'English', '{en}', 1, 'english', true, true)`,
    `INSERT INTO catalog.categories (id, slug, name_key, source_language)
     VALUES (${id('category', '1')}, 'all', 'category.all', 'en')`,
    `INSERT INTO users.users (id, email, display_name)
     SELECT ${id('user', 'n')}, 'person' || n || '@example.org', 'Person ' || n FROM generate_series(1, ${users}) n`,
    `INSERT INTO business.businesses (id, owner_id, category_id, name_key, description_key, source_language, status)
     SELECT ${id('business', 'n')}, ${id('user', 'n')}, ${id('category', '1')}, 'business.' || n || '.name',
       'business.' || n || '.description', 'en', 'verified' FROM generate_series(1, ${businesses}) n`,
    `INSERT INTO business.locations (id, business_id, latitude, longitude, time_zone)
     SELECT ${id('location', 'n')}, ${id('business', 'n')}, -25.3, -57.6, 'America/Asuncion'
     FROM generate_series(1, ${businesses}) n`,
    `INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key,
       source_language, discount_type, percent_off, valid_from)
     SELECT ${id('voucher', 'n')}, ${id('business', `(1 + n % ${businesses})`)}, ${id('category', '1')},
       'v.' || n || '.title', 'v.' || n || '.description', 'v.' || n || '.terms', 'en', 'percentage', 20, '2025-01-01'
     FROM generate_series(1, ${businesses * each}) n`,
    `INSERT INTO marketplace.campaigns (id, business_id, name)
     SELECT ${id('campaign', 'n')}, ${id('business', `(1 + n % ${businesses})`)}, 'Campaign ' || n
     FROM generate_series(1, ${businesses * each}) n`,
    `INSERT INTO marketplace.claims (id, voucher_id, user_id)
     SELECT ${id('claim', 'n')}, ${id('voucher', `(1 + (n + n / ${businesses * each}) % ${businesses * each})`)}, ${id('user', `(1 + n % ${users})`)}
     FROM generate_series(1, ${users * each}) n`,
    'VACUUM (ANALYZE)',
  ];
  for (const statement of statements) await pool.query(statement);
}
