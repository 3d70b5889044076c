import type { Database } from '@pika/database';
import { route, type Cache, type Route } from '@pika/shared';
import { languagesAnswer, languagesQuery } from './language.schemas.ts';

export function languageRoutes({ database, cache }: { database: Database; cache: Cache }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/languages',
      operationId: 'listLanguages',
      tags: ['Languages'],
      summary: 'The languages that readers can choose, the default first',
      access: 'public',
      query: languagesQuery,
      responses: { 200: { description: 'All of them.', content: { 'application/json': languagesAnswer } } },
      handler: async () => ({
        body: {
          data: await cache.getOrSet('languages:1', 30, () => listLanguages(database)),
          page: { next: null },
        },
        cacheControl: 'public, max-age=60',
        etag: true,
      }),
    }),
  ];
}

function listLanguages({ prisma }: Database) {
  return prisma.language.findMany({
    where: { isActive: true },
    select: { code: true, name: true, englishName: true, direction: true, isDefault: true },
    orderBy: [{ isDefault: 'desc' }, { code: 'asc' }],
  });
}
