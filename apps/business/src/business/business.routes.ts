import type { Database } from '@pika/database';
import { route, type Route } from '@pika/shared';
import { businessProblems } from '../problems.ts';
import { mapBusiness } from './business.mapper.ts';
import { findBusiness, listLocations } from './business.repository.ts';
import { businessAnswer, businessParams, businessQuery } from './business.schemas.ts';

export function businessRoutes({ database, now }: { database: Database; now: () => Date }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/businesses/{id}',
      operationId: 'getBusiness',
      tags: ['Businesses'],
      summary: 'One business with its branches and their hours',
      access: 'public',
      params: businessParams,
      query: businessQuery,
      readsAfter: true,
      responses: { 200: { description: 'The business.', content: { 'application/json': businessAnswer } } },
      problems: [businessProblems['business.notFound'].code],
      handler: async ({ params, language, readAfter }) => {
        const { db } = database.publicAfter(readAfter);
        const [row, locations] = await Promise.all([
          findBusiness(db, params.id, language),
          listLocations(db, params.id, now()),
        ]);
        if (row === null) throw businessProblems['business.notFound']();
        const { answer, languages } = mapBusiness(row, locations, language.chain[0] ?? null);
        return { body: answer, contentLanguages: languages, cacheControl: 'public, max-age=10', etag: true };
      },
    }),
  ];
}
