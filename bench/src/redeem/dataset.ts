import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { askedRow } from './asked.ts';

export interface RedeemDataset {
  hot: string;
  /** A thousand others. */
  many: readonly string[];
}

const redeemedBefore = 20_000;
const limits = { total: 1_000_000_000, perUser: 5 };

/** A business with one branch, whose vouchers are limited in all and per person, so that everything is counted. */
export async function fillRedeemDataset(pool: pg.Pool): Promise<RedeemDataset> {
  const [language, category, owner, business, location] = ['es', ...Array.from({ length: 4 }, () => randomUUID())];
  await pool.query(
    `INSERT INTO i18n.languages (code, name, english_name, direction, chain, match_length, text_search_config, is_active, is_default)
    VALUES ($1, $1, $1, 'ltr', ARRAY[$1], 1, 'spanish', true, true)`,
    [language],
  );
  await pool.query(
    `INSERT INTO catalog.categories (id, slug, position, name_key, source_language, created_at, updated_at)
    VALUES ($1::uuid, 'food', 0, 'category.' || $1::uuid, $2, now(), now())`,
    [category, language],
  );
  await pool.query(
    `INSERT INTO users.users (id, email, display_name, updated_at) VALUES ($1::uuid, $1::uuid || '@pika.example', 'An owner', now())`,
    [owner],
  );
  await pool.query(
    `INSERT INTO business.businesses (id, category_id, name_key, description_key, source_language, status, created_at, updated_at)
    VALUES ($1::uuid, $2, 'business.' || $1::uuid || '.name', 'business.' || $1::uuid || '.description', $3, 'verified', now(), now())`,
    [business, category, language],
  );
  await pool.query(`INSERT INTO business.members (business_id, user_id, role) VALUES ($1, $2, 'owner')`, [
    business,
    owner,
  ]);
  await pool.query(
    `INSERT INTO business.locations (id, business_id, latitude, longitude, time_zone, created_at, updated_at)
    VALUES ($1, $2, -25.2867, -57.647, 'America/Asuncion', now(), now())`,
    [location, business],
  );
  const ids = Array.from({ length: 1_001 }, () => randomUUID());
  await pool.query(
    `INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key, source_language, state,
      discount_type, percent_off, valid_from, limit_total, limit_per_user, created_at, updated_at)
    SELECT id, $2, $3, 'voucher.' || id || '.title', 'voucher.' || id || '.description', 'voucher.' || id || '.terms', $4, 'published',
      'percentage', 10, '2025-01-01', $5, $6, now(), now()
    FROM unnest($1::uuid[]) AS id`,
    [ids, business, category, language, limits.total, limits.perUser],
  );
  await pool.query(
    'INSERT INTO marketplace.voucher_locations (voucher_id, location_id) SELECT id, $2 FROM unnest($1::uuid[]) AS id',
    [ids, location],
  );
  const [hot = '', ...many] = ids;
  // What is measured is a database at work: plans that were made for empty tables are another matter.
  for (let done = 0; done < redeemedBefore; done += 256) {
    const asked = Array.from({ length: 256 }, (_, ordinal) => askedRow(many[(done + ordinal) % many.length]!, ordinal));
    await pool.query('SELECT FROM marketplace.redeem($1)', [JSON.stringify(asked)]);
  }
  await pool.query('VACUUM ANALYZE');
  return { hot, many };
}
