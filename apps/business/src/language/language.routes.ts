import { sql, type Database } from '@pika/database';
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

interface LanguageRow {
  code: string;
  name: string;
  englishName: string;
  direction: 'ltr' | 'rtl';
  isDefault: boolean;
}

function listLanguages({ public: { db } }: Database): Promise<LanguageRow[]> {
  return db.$queryRaw<LanguageRow[]>(sql`
    /* listLanguages */
    SELECT code, name, english_name AS "englishName", direction::text AS direction, is_default AS "isDefault"
    FROM i18n.languages WHERE is_active ORDER BY is_default DESC, code`);
}
