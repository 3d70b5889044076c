import type { PublicReads } from '@pika/database';
import type { LanguageChain } from '@pika/shared';

/** [west, south, east, north] in degrees, as in GeoJSON; west > east crosses the antimeridian. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** The last row of a page, in the list's total order. */
export interface NearbyPosition {
  distanceMeters: number;
  locationId: string;
  voucherId: string;
}

export interface NearbyFilter {
  latitude: number;
  longitude: number;
  /** The area is a circle or bounds, never both. */
  radiusMeters: number | null;
  bounds: Bounds | null;
  category: string | null;
  businessId: string | null;
  words: string | null;
  language: LanguageChain;
  /** Only places open at this instant. */
  openAt: Date | null;
  /** Only what `userId`, or anybody, can redeem at that instant. */
  onlyRedeemable: boolean;
  /** For whom it is said whether they can redeem; null for anybody. */
  userId: string | null;
  /** The instant at which the walk through the pages began. */
  at: Date;
  limit: number;
  after: NearbyPosition | null;
  /** How many locations to look at first; any number is right, a good one is fast. */
  batch: number;
  format: 'json' | 'geojson';
}

export interface NearbyPage {
  isCategoryKnown: boolean;
  /** The page as JSON text: the inside of an array of cards, or of GeoJSON features. */
  data: string;
  languages: string[];
  next: NearbyPosition | null;
  batch: number;
}

interface NearbyRow {
  category_known: boolean;
  data: string | null;
  languages: string[] | null;
  next_distance: number | null;
  next_location_id: string | null;
  next_voucher_id: string | null;
  batch: number;
}

const searchNearbySql = `
  SELECT category_known, data, languages, next_distance, next_location_id, next_voucher_id, batch
  FROM marketplace.search_nearby($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`;

/**
 * One page of the nearby list, in one round trip and without a transaction: the order is (exact distance, location id,
 * voucher id). The SQL stands in packages/database/sql/marketplace/find_nearby.sql. It takes the pool itself because
 * Prisma costs about 0.17 ms a request here (docs/decisions/0003-nearby-uses-the-pool.md).
 */
export async function searchNearby(
  { pool, namedStatements }: Pick<PublicReads, 'pool' | 'namedStatements'>,
  filter: NearbyFilter,
): Promise<NearbyPage> {
  const { rows } = await pool.query<NearbyRow>({
    ...(namedStatements ? { name: 'search_nearby' } : {}),
    text: searchNearbySql,
    values: [
      filter.latitude,
      filter.longitude,
      filter.radiusMeters,
      filter.bounds,
      filter.category,
      filter.businessId,
      filter.words,
      filter.language.chain,
      filter.language.matchLength,
      filter.openAt,
      filter.at,
      filter.limit,
      filter.after?.distanceMeters ?? null,
      filter.after?.locationId ?? null,
      filter.after?.voucherId ?? null,
      filter.batch,
      filter.format === 'geojson',
      filter.onlyRedeemable,
      filter.userId,
    ],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('marketplace.search_nearby answered no row');
  return {
    isCategoryKnown: row.category_known,
    data: row.data ?? '',
    languages: row.languages ?? [],
    next: positionOf(row),
    batch: row.batch,
  };
}

function positionOf(row: NearbyRow): NearbyPosition | null {
  if (row.next_distance === null || row.next_location_id === null || row.next_voucher_id === null) return null;
  return { distanceMeters: row.next_distance, locationId: row.next_location_id, voucherId: row.next_voucher_id };
}
