import type { Database } from '@pika/database';
import { route, type Cache, type Route } from '@pika/shared';
import { listCities, type City } from './city.repository.ts';
import { citiesAnswer, citiesQuery } from './city.schemas.ts';

/** Counting them reads all places, so it is done once in a while for everybody; smaller cities than these are left out. */
const citiesMax = 5_000;
const countedSeconds = 300;

export function cityRoutes({ database, cache }: { database: Database; cache: Cache }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/cities',
      operationId: 'listCities',
      tags: ['Cities'],
      summary: 'Cities with places, those with the most first',
      access: 'public',
      query: citiesQuery,
      responses: { 200: { description: 'The cities found.', content: { 'application/json': citiesAnswer } } },
      handler: async ({ query: { q, limit } }) => {
        const cities = await cache.getOrSet('cities:1', countedSeconds, () =>
          listCities(database.public.db, citiesMax),
        );
        const found = q === undefined ? cities : cities.filter(beginsLike(q));
        return {
          body: { data: found.slice(0, limit), page: { next: null } },
          cacheControl: 'public, max-age=60',
          etag: true,
        };
      },
    }),
  ];
}

function beginsLike(text: string): (city: City) => boolean {
  const wanted = plain(text);
  return ({ name }) => wanted !== '' && ` ${plain(name)}`.includes(` ${wanted}`);
}

/** Lower-case words without accents. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
