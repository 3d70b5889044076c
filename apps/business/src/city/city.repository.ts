import { sql, type Db } from '@pika/database';

export interface City {
  name: string;
  /** ISO 3166-1 alpha-2. */
  countryCode: string | null;
  latitude: number;
  longitude: number;
  placeCount: number;
}

/** The cities with the most public places, each with the middle of its places on the sphere. */
export async function listCities(db: Db, limit: number): Promise<City[]> {
  return db.$queryRaw<City[]>(sql`
    /* listCities */
    SELECT city.name, city."countryCode", round(ST_Y(city.middle)::numeric, 4)::float8 AS latitude,
      round(ST_X(city.middle)::numeric, 4)::float8 AS longitude, city."placeCount"
    FROM (
      SELECT location.city AS name, location.country_code AS "countryCode", count(*)::int AS "placeCount",
        ST_Centroid(ST_Collect(ST_MakePoint(location.longitude, location.latitude))::geography)::geometry AS middle
      FROM business.public_locations location
      WHERE location.city IS NOT NULL
      GROUP BY location.city, location.country_code
      ORDER BY count(*) DESC, location.city, location.country_code
      LIMIT ${limit}
    ) AS city`);
}
