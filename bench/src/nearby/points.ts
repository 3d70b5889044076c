import type pg from 'pg';
import { seededRandom } from './random.ts';

/** Where somebody stands, and whose clocks are around. */
export interface Point {
  latitude: number;
  longitude: number;
  timeZone: string;
}

const jitterDegrees = 0.01;
const kindOfLocation = 3;

/** Points drawn by the density of locations, up to about a kilometre beside one of them. */
export async function drawPoints(client: pg.ClientBase, count: number, isOnlyDensest = false): Promise<Point[]> {
  const { rows } = await client.query<Point>(
    `SELECT latitude, longitude, time_zone AS "timeZone" FROM business.locations
    WHERE ($1::text IS NULL OR city = $1) AND id = ANY (
      SELECT bench.id(${kindOfLocation}, n * 8) FROM generate_series(0, 99999) AS n
    )
    ORDER BY hashtext(id::text), id LIMIT $2`,
    [isOnlyDensest ? 'City 0' : null, count],
  );
  const random = seededRandom(7);
  return rows.map((point) => ({
    ...point,
    latitude: point.latitude + (random() - 0.5) * 2 * jitterDegrees,
    longitude: point.longitude + (random() - 0.5) * 2 * jitterDegrees,
  }));
}

/** Points farther than any radius from every location. */
export async function drawSeaPoints(client: pg.ClientBase, count: number): Promise<Point[]> {
  const random = seededRandom(11);
  const found: Point[] = [];
  while (found.length < count) {
    const point = { latitude: -40 + 95 * random(), longitude: -179 + 358 * random(), timeZone: 'UTC' };
    const { rows } = await client.query<{ isNear: boolean }>(
      `SELECT EXISTS (
        SELECT FROM bench.seed_locations
        WHERE ST_DWithin(position, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography, 110000)
      ) AS "isNear"`,
      [point.longitude, point.latitude],
    );
    if (rows[0]?.isNear === false) found.push(point);
  }
  return found;
}
