import { fieldsOf, languagesOf, servedOf, type Database } from '@pika/database';
import { route, type Route } from '@pika/shared';
import { listCategories } from './category.repository.ts';
import { categoriesAnswer, categoriesQuery } from './category.schemas.ts';

export function categoryRoutes({ database }: { database: Database }): Route[] {
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
        const rows = await listCategories(database.prisma, language);
        const data = rows.map(({ text, ...category }) => ({
          ...category,
          ...fieldsOf<'name'>(text),
          served: servedOf(text),
        }));
        return {
          body: { data, page: { next: null } },
          contentLanguages: languagesOf(rows.map(({ text }) => text)),
          cacheControl: 'public, max-age=60',
          etag: true,
        };
      },
    }),
  ];
}
