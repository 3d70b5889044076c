import type { Random } from '@pika/tests';

/** A connection with a transaction of its own. */
export interface Connection {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** What there is to edit. */
export interface Pools {
  vouchers: string[];
  locations: string[];
  businesses: string[];
  categories: string[];
  /** Keys of texts that cards show or search, with their domains; written and unwritten ones. */
  keys: { key: string; domain: 'category' | 'business' | 'voucher' }[];
}

export async function readPools(db: Connection): Promise<Pools> {
  const { rows } = await db.query<{ pools: Pools }>(`
    SELECT jsonb_build_object(
      'vouchers', coalesce((SELECT jsonb_agg(id ORDER BY id) FROM marketplace.vouchers), '[]'),
      'locations', coalesce((SELECT jsonb_agg(id ORDER BY id) FROM business.locations), '[]'),
      'businesses', coalesce((SELECT jsonb_agg(id ORDER BY id) FROM business.businesses), '[]'),
      'categories', coalesce((SELECT jsonb_agg(id ORDER BY id) FROM catalog.categories), '[]'),
      'keys', coalesce((
        SELECT jsonb_agg(jsonb_build_object('key', key, 'domain', domain) ORDER BY key) FROM (
          SELECT unnest(ARRAY[title_key, description_key, terms_key]) AS key, 'voucher' AS domain FROM marketplace.vouchers
          UNION ALL SELECT unnest(ARRAY[name_key, description_key]), 'business' FROM business.businesses
          UNION ALL SELECT name_key, 'category' FROM catalog.categories
        ) AS text
      ), '[]')
    ) AS pools`);
  return rows[0]!.pools;
}

/** One of the pool, or an id that nobody has. */
export const anyOf = (random: Random, pool: readonly string[]): string =>
  pool.length === 0 ? random.id() : random.pick(pool);
