import { numberParameter, page, textParameter, uuidParameter } from '@pika/shared';
import { z } from 'zod';
import { countryCode } from './country-code.ts';

const position = z.strictObject({
  latitude: z.number().min(-90).max(90).meta({ description: 'Degrees north, WGS 84.' }),
  longitude: z.number().min(-180).max(180).meta({ description: 'Degrees east, WGS 84.' }),
});

const fields = {
  label: textParameter({ max: 60 }).meta({ example: 'Home' }),
  street: textParameter({ max: 200 }).nullable(),
  city: textParameter({ max: 100 }).nullable(),
  postalCode: textParameter({ max: 20 }).nullable(),
  countryCode: z.string().regex(countryCode).meta({ description: 'ISO 3166-1 alpha-2.', example: 'PY' }),
  position: position.nullable().meta({ description: 'Given by the person, or null.' }),
};

export const newAddress = z.strictObject({
  label: fields.label,
  street: fields.street.default(null),
  city: fields.city.default(null),
  postalCode: fields.postalCode.default(null),
  countryCode: fields.countryCode,
  position: fields.position.default(null),
});

export type NewAddress = z.output<typeof newAddress>;

export const addressPatch = z.strictObject(fields).partial();

export const addressParams = z.strictObject({ id: uuidParameter() });

export const addressesQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const addressAnswer = z
  .object({
    id: z.uuid(),
    label: z.string(),
    street: z.string().nullable(),
    city: z.string().nullable(),
    postalCode: z.string().nullable(),
    countryCode: z.string(),
    position: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Address' });

export const addressesAnswer = z.object({ data: z.array(addressAnswer), page });

export type Address = z.input<typeof addressAnswer>;
