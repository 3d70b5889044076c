import { languageParameter, page, served } from '@pika/shared';
import { z } from 'zod';

export const categoriesQuery = z.strictObject({ language: languageParameter() });

export const categoriesAnswer = z
  .object({
    data: z.array(
      z
        .object({
          id: z.uuid(),
          slug: z.string(),
          parentId: z.uuid().nullable(),
          depth: z.int().meta({ description: '1 at the top of the tree.' }),
          name: z.string().nullable(),
          served,
        })
        .meta({ id: 'Category' }),
    ),
    page,
  })
  .meta({ id: 'Categories' });
