import { z } from 'zod';

/** Parts of answers that more than one app gives. */

export const categoryReference = z
  .object({ id: z.uuid(), slug: z.string(), name: z.string().nullable() })
  .meta({ id: 'CategoryReference' });

export const served = z
  .record(z.string(), z.string())
  .meta({ description: 'Fields that were not found in the wanted language, each with the language it is in.' });

export const wantedLanguage = z
  .string()
  .nullable()
  .meta({ description: 'The wanted language that was found (BCP 47); `served` names what is not in it.' });

export const attribution = z.string().nullable().meta({
  description: 'Credit to show wherever this place is shown.',
  example: '© OpenStreetMap contributors, ODbL 1.0',
});

export const openingState = {
  timeZone: z.string().meta({ description: 'IANA zone.', example: 'America/Asuncion' }),
  isOpen: z.boolean().nullable().meta({ description: 'Null where the hours are unknown.' }),
  opensAt: z.iso.datetime().nullable().meta({ description: 'When it opens next, where it is closed.' }),
};

export const violation = z
  .looseObject({
    code: z.string().meta({ description: 'Stable code of the rule.', example: 'voucher.soldOut' }),
    message: z.string().meta({ description: 'The reason in the language of the caller.' }),
  })
  .meta({
    id: 'Violation',
    description: 'One rule that says no. Its figures stand beside it: `limit`, `used`, `opensAt`…',
  });

export const page = z.object({ next: z.string().nullable().meta({ description: 'Cursor of the next page.' }) });

export const clockTime = z
  .string()
  .meta({ description: 'HH:MM on the local clock; 24:00 is midnight at the end of the day.' });

export const openingHours = z
  .object({
    dayOfWeek: z.int().min(1).max(7).meta({ description: 'ISO 8601: 1 is Monday.' }),
    opens: clockTime,
    closes: clockTime.meta({ description: 'At or before `opens`: on the next day.' }),
  })
  .meta({ id: 'OpeningHours' });
