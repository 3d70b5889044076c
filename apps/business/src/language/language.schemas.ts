import { page } from '@pika/shared';
import { z } from 'zod';

export const languagesQuery = z.strictObject({});

export const languagesAnswer = z
  .object({
    data: z.array(
      z
        .object({
          code: z.string().meta({ description: 'BCP 47.', example: 'gn' }),
          name: z.string().meta({ description: 'As its readers call it.', example: 'Avañe’ẽ' }),
          englishName: z.string(),
          direction: z.enum(['ltr', 'rtl']),
          isDefault: z.boolean(),
        })
        .meta({ id: 'Language' }),
    ),
    page,
  })
  .meta({ id: 'Languages' });
