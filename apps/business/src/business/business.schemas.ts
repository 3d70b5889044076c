import {
  attribution,
  categoryReference,
  clockTime,
  languageParameter,
  openingHours,
  openingState,
  served,
  uuidParameter,
  wantedLanguage,
} from '@pika/shared';
import { z } from 'zod';

/** A seeded business with several branches, so that Swagger UI's example works as it stands; a test executes it. */
const exampleBusinessId = '01941f29-7c00-7841-863a-7cd1fde7f01d';

export const businessParams = z.strictObject({
  id: uuidParameter().meta({
    description: 'Id of the business; the example is a seeded one.',
    example: exampleBusinessId,
  }),
});

export const businessQuery = z.strictObject({ language: languageParameter() });

const specialDay = z
  .object({
    date: z.iso.date().meta({ description: 'On the local calendar.' }),
    hours: z
      .array(z.object({ opens: clockTime, closes: clockTime }).meta({ id: 'OpenInterval' }))
      .meta({ description: 'Empty: closed all day. What goes on past midnight is on the next day.' }),
  })
  .meta({ id: 'SpecialDay' });

export const businessAnswer = z
  .object({
    id: z.uuid(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    language: wantedLanguage,
    served,
    category: categoryReference,
    phone: z.string().nullable(),
    website: z.string().nullable(),
    logoUrl: z.string().nullable(),
    closedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Since when the business is known to have closed for good; it has no locations then.' }),
    locations: z.array(
      z
        .object({
          id: z.uuid(),
          latitude: z.number(),
          longitude: z.number(),
          street: z.string().nullable(),
          city: z.string().nullable(),
          countryCode: z.string().nullable().meta({ description: 'ISO 3166-1 alpha-2.' }),
          ...openingState,
          weeklyHours: z.array(openingHours).nullable().meta({ description: 'Null where the hours are unknown.' }),
          specialDays: z
            .array(specialDay)
            .meta({ description: 'From today on, the dates that differ from the weekly hours, in their order.' }),
          hoursText: z
            .string()
            .nullable()
            .meta({ description: 'The hours as their source wrote them, which may say more than weeklyHours can.' }),
        })
        .meta({ id: 'Location' }),
    ),
    attribution,
  })
  .meta({ id: 'Business' });

export type BusinessAnswer = z.output<typeof businessAnswer>;
