import { numberParameter, page, textParameter } from '@pika/shared';
import { z } from 'zod';

export const citiesQuery = z.strictObject({
  q: textParameter({ max: 100 })
    .optional()
    .meta({ description: 'How a word of the name begins, whatever its case and accents.', example: 'asuncion' }),
  limit: numberParameter({ min: 1, max: 100, integer: true })
    .default(20)
    .meta({ description: 'Cities in the answer, at most.', example: 20 }),
});

export const citiesAnswer = z
  .object({
    data: z.array(
      z
        .object({
          name: z.string().meta({ description: 'As its businesses write it.', example: 'Asunción' }),
          countryCode: z.string().nullable().meta({ description: 'ISO 3166-1 alpha-2.' }),
          latitude: z.number().meta({ description: 'Of the middle of its places, in degrees north (WGS 84).' }),
          longitude: z.number().meta({ description: 'Of the middle of its places, in degrees east (WGS 84).' }),
          placeCount: z.int().meta({ description: 'How many places of verified businesses it has.' }),
        })
        .meta({ id: 'City' }),
    ),
    page,
  })
  .meta({ id: 'Cities' });
