import { fieldsOf, languagesOf, servedOf, type Database } from '@pika/database';
import { route, type Cache, type LanguageChain, type Route } from '@pika/shared';
import { listCategories } from './category.repository.ts';
import { categoriesAnswer, categoriesQuery } from './category.schemas.ts';

export function categoryRoutes({ database, cache }: { database: Database; cache: Cache }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/categories',
      operationId: 'listCategories',
      tags: ['Categories'],
      summary: 'The category tree, every node before those below it',
      access: 'public',
      query: categoriesQuery,
      responses: { 200: { description: 'The whole tree.', content: { 'application/json': categoriesAnswer } } },
      handler: async ({ language }) => {
        const key = `categories:1:${language.chain.join(',')}:${language.matchLength}`;
        const { data, languages } = await cache.getOrSet(key, 30, () => categoryTree(database, language));
        return {
          body: { data, page: { next: null } },
          contentLanguages: languages,
          cacheControl: 'public, max-age=60',
          etag: true,
        };
      },
    }),
  ];
}

async function categoryTree({ public: { db } }: Database, language: LanguageChain) {
  const rows = await listCategories(db, language);
  return {
    data: rows.map(({ text, ...category }) => ({ ...category, ...fieldsOf<'name'>(text), served: servedOf(text) })),
    languages: languagesOf(rows.map(({ text }) => text)),
  };
}
