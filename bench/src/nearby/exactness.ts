import { searchNearby, type NearbyFilter, type NearbyPosition } from '@pika/vouchers';
import type pg from 'pg';
import type { Point } from './points.ts';

export interface Exactness {
  asked: number;
  equal: number;
}

const pages = 3;
const limit = 20;

/** Walks three pages at some points and compares them with a sort of everything in the radius by exact distance. */
export async function checkExactness(pool: pg.Pool, points: readonly Point[], batch: number): Promise<Exactness> {
  let equal = 0;
  for (const point of points) {
    const [found, expected] = [await walk(pool, point, batch), await bruteForce(pool, point)];
    if (found.join() === expected.join()) equal += 1;
  }
  return { asked: points.length, equal };
}

async function walk(pool: pg.Pool, { latitude, longitude }: Point, batch: number): Promise<string[]> {
  const ids: string[] = [];
  let after: NearbyPosition | null = null;
  const at = new Date();
  for (let page = 0; page < pages; page++) {
    const filter: NearbyFilter = {
      latitude,
      longitude,
      radiusMeters: 5_000,
      bounds: null,
      category: null,
      businessId: null,
      words: null,
      language: { chain: ['es'], matchLength: 1 },
      openAt: null,
      at,
      limit,
      after,
      batch,
      onlyRedeemable: false,
      userId: null,
      format: 'json',
    };
    const { data, next }: { data: string; next: NearbyPosition | null } = await searchNearby(
      { pool, namedStatements: true },
      filter,
    );
    ids.push(...(JSON.parse(`[${data}]`) as { id: string }[]).map(({ id }) => id));
    after = next;
    if (next === null) break;
  }
  return ids;
}

async function bruteForce(pool: pg.Pool, { latitude, longitude }: Point): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT nearest.voucher_id AS id
    FROM (
      SELECT DISTINCT ON (link.voucher_id) link.voucher_id, l.id AS location_id, ST_Distance(place.position, here.point) AS distance
      FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography AS point) AS here
      JOIN bench.seed_locations place ON ST_DWithin(place.position, here.point, 5000)
      JOIN business.public_locations l ON l.id = place.location_id
      JOIN marketplace.voucher_locations link ON link.location_id = l.id
      JOIN marketplace.vouchers v ON v.id = link.voucher_id
      WHERE v.state = 'published' AND v.deleted_at IS NULL
        AND (v.valid_until IS NULL OR now() < (v.valid_until + 1)::timestamp AT TIME ZONE l.time_zone)
      ORDER BY link.voucher_id, distance, l.id
    ) AS nearest
    ORDER BY nearest.distance, nearest.location_id, nearest.voucher_id
    LIMIT $3`,
    [longitude, latitude, pages * limit],
  );
  return rows.map(({ id }) => id);
}
