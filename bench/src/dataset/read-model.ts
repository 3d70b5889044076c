import type pg from 'pg';
import { businessCount } from './draws.ts';
import { kind } from './entities.ts';

/** A run of businesses, whose vouchers and locations become cards together. */
export interface Batch {
  from: number;
  to: number;
}

/** Batches of about 2,000 vouchers, in the order of location ids. */
export function batchesOf(voucherCount: number): Batch[] {
  const size = Math.max(20, Math.min(2_000, Math.round((2_000 * businessCount) / voucherCount)));
  return Array.from({ length: Math.ceil(businessCount / size) }, (_, index) => ({
    from: index * size,
    to: Math.min(businessCount, (index + 1) * size),
  }));
}

/** Cards and the words in them, as marketplace.refresh_cards writes them, but into a table without indexes. */
export async function fillCards(client: pg.ClientBase, { from, to }: Batch): Promise<void> {
  const { rows } = await client.query<{ ids: string[] }>(
    `SELECT coalesce(array_agg(id), '{}') AS ids FROM marketplace.vouchers
    WHERE business_id >= bench.id(${kind.business}, $1) AND business_id < bench.id(${kind.business}, $2) AND state = 'published'`,
    [from, to],
  );
  await client.query(
    `WITH wanted AS MATERIALIZED (
      SELECT * FROM marketplace.compute_cards($1::uuid[])
    ), words AS (
      INSERT INTO marketplace.search_words (language_code, word)
      SELECT split_part(token, ':', 1) AS language, substr(token, strpos(token, ':') + 1) AS word
      FROM (SELECT DISTINCT unnest(tsvector_to_array(wanted.search)) AS token FROM wanted) AS used
      WHERE left(token, 1) <> '@'
        AND NOT EXISTS (
          SELECT FROM marketplace.search_words known
          WHERE known.language_code = split_part(token, ':', 1) AND known.word = substr(token, strpos(token, ':') + 1)
        )
      ORDER BY language, word
      ON CONFLICT DO NOTHING
    )
    INSERT INTO marketplace.cards SELECT * FROM wanted ORDER BY location_id, voucher_id`,
    [rows[0]?.ids ?? []],
  );
}

export async function fillFacets(client: pg.ClientBase, { from, to }: Batch): Promise<void> {
  const { rows } = await client.query<{ ids: string[] }>(
    `SELECT coalesce(array_agg(id), '{}') AS ids FROM business.locations
    WHERE id >= bench.id(${kind.location}, $1) AND id < bench.id(${kind.location}, $2)`,
    [from * 8, to * 8],
  );
  await client.query('INSERT INTO marketplace.location_facets SELECT * FROM marketplace.compute_facets($1::uuid[])', [
    rows[0]?.ids ?? [],
  ]);
}

/** The side table of the ancestor's query. */
export const seedLocations = `
CREATE TABLE bench.seed_locations AS
SELECT id AS location_id, public.ST_SetSRID(public.ST_MakePoint(longitude, latitude), 4326)::public.geography AS position
FROM business.locations;
ALTER TABLE bench.seed_locations ADD PRIMARY KEY (location_id);
CREATE INDEX seed_locations_position_idx ON bench.seed_locations USING gist (position)`;
