import {
  attribution,
  booleanParameter,
  categoryReference,
  instantParameter,
  languageParameter,
  numberParameter,
  openingState,
  page,
  readNumber,
  served,
  slugParameter,
  textParameter,
  uuidParameter,
  wantedLanguage,
  type FieldError,
  type RawInput,
} from '@pika/shared';
import { z } from 'zod';
import { offerAnswer } from '../offer/offer.schemas.ts';
import type { Bounds } from './voucher.search.ts';

/** A seeded offer with three locations, so that Swagger UI's example works as it stands; a test executes it. */
export const exampleVoucherId = '01941f29-7c00-742e-8d2f-6d010638d381';

export const radiusMetersDefault = 5_000;
export const radiusMetersMax = 100_000;

export const latitude = () =>
  numberParameter({ min: -90, max: 90 }).meta({ description: 'Degrees north, WGS 84.', example: -25.2867 });
export const longitude = () =>
  numberParameter({ min: -180, max: 180 }).meta({ description: 'Degrees east, WGS 84.', example: -57.647 });

const bounds = z
  .string()
  .transform((text, context): Bounds => {
    const numbers = text.split(',', 5).map((part) => readNumber(part) ?? Number.NaN);
    const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = numbers;
    const isWithin = Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90 && south <= north;
    if (numbers.length === 4 && isWithin) return [west, south, east, north];
    context.addIssue({ code: 'custom', params: { code: 'invalidFormat', format: 'bounds' } });
    return z.NEVER;
  })
  .meta({
    description: 'west,south,east,north in degrees, instead of a radius; west > east crosses the antimeridian.',
    pattern: String.raw`^-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3}$`,
  });

export const nearbyQuery = z.strictObject({
  latitude: latitude(),
  longitude: longitude(),
  radiusMeters: numberParameter({ min: 1, max: radiusMetersMax })
    .optional()
    .meta({ description: `Geodesic metres around the point; ${radiusMetersDefault} unless said.`, example: 5000 }),
  bbox: bounds.optional(),
  category: slugParameter().optional().meta({ description: 'Slug of a category; those below it are included.' }),
  business: uuidParameter().optional().meta({ description: 'Only offers of this business.' }),
  q: textParameter({ max: 100 })
    .refine((text) => /[\p{L}\p{N}]/u.test(text), { params: { code: 'noWord' } })
    .optional()
    .meta({
      description: 'Words to find in the texts and the name of the business; small typing errors are forgiven.',
      pattern: String.raw`[\p{L}\p{N}]`,
    }),
  openNow: booleanParameter().optional().meta({ description: 'Only places that are open now, by their own clock.' }),
  redeemableNow: booleanParameter().optional().meta({ description: 'Only what the caller can redeem now.' }),
  openAt: instantParameter()
    .meta({ description: 'Only places that are open at this instant (RFC 3339).', example: undefined })
    .optional(),
  language: languageParameter(),
  limit: numberParameter({ min: 1, max: 100, integer: true })
    .default(20)
    .meta({ description: 'Results on a page, at most.', example: 20 }),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const voucherParams = z.strictObject({
  id: uuidParameter().meta({
    description: 'Id of the voucher; the example is a seeded one.',
    example: exampleVoucherId,
  }),
});

export const voucherQuery = z.strictObject({
  latitude: latitude().optional(),
  longitude: longitude().optional(),
  language: languageParameter(),
});

/** A point is both or none. */
export function coordinatePair({ latitude: north, longitude: east }: RawInput['query']): FieldError[] {
  if ((north === undefined) === (east === undefined)) return [];
  return [{ field: north === undefined ? 'latitude' : 'longitude', code: 'coordinatePair' }];
}

export function pointOf({
  latitude: north,
  longitude: east,
}: {
  latitude?: number | undefined;
  longitude?: number | undefined;
}): { latitude: number; longitude: number } | null {
  return north === undefined || east === undefined ? null : { latitude: north, longitude: east };
}

const instant = z.iso.datetime();

export const discount = z
  .object({
    type: z.enum(['percentage', 'fixed_amount', 'free_item', 'fixed_price', 'gift_balance']),
    value: z.number().meta({
      description: 'Percent, a number of items, or an amount in minor units of the currency, by type.',
      example: 15000,
    }),
    capMinor: z.number().nullable().meta({ description: 'The most a percentage takes off, in minor units.' }),
    currency: z.string().nullable().meta({ description: 'ISO 4217.', example: 'PYG' }),
  })
  .meta({ id: 'Discount' });

/** What `redeemable` can say, beside what a consumer brings along. */
export const refusalReason = z.enum([
  'voucher.notPublished',
  'voucher.suspended',
  'voucher.archived',
  'voucher.notYetValid',
  'voucher.expired',
  'voucher.outsideHours',
  'location.closed',
  'campaign.notStarted',
  'campaign.ended',
  'voucher.soldOut',
  'voucher.budgetExhausted',
  'user.limitReached',
  'user.dailyLimitReached',
  'location.dailyLimitReached',
  'campaign.soldOut',
  'campaign.budgetExhausted',
  'campaign.userLimitReached',
]);

export type RefusalReason = z.output<typeof refusalReason>;

const redeemable = z.object({ now: z.boolean(), reasons: z.array(refusalReason) }).meta({
  id: 'Redeemable',
  description:
    'Whether the caller can redeem it now and, if not, every reason; for anonymous callers whether anybody can. A claim, a ' +
    'position or an amount that redeeming may ask for are not reasons.',
});

export const businessReference = z
  .object({ id: z.uuid(), name: z.string().nullable(), logoUrl: z.string().nullable() })
  .meta({ id: 'BusinessReference' });

export const texts = {
  title: z.string().nullable(),
  description: z.string().nullable(),
  terms: z.string().nullable(),
  language: wantedLanguage,
  served,
};

export const nearbyVoucher = z
  .object({
    id: z.uuid(),
    ...texts,
    discount,
    validFrom: instant,
    expiresAt: instant.nullable(),
    category: categoryReference,
    business: businessReference,
    location: z.object({
      id: z.uuid(),
      latitude: z.number(),
      longitude: z.number(),
      distanceMeters: z.number().meta({ description: 'Geodesic, to a decimetre.' }),
      ...openingState,
    }),
    redeemable,
    attribution,
  })
  .meta({ id: 'NearbyVoucher' });

export const nearbyAnswer = z.object({ data: z.array(nearbyVoucher), page }).meta({ id: 'NearbyVouchers' });

export const nearbyGeoJson = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: z.uuid(),
        geometry: z.object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]) }),
        properties: nearbyVoucher,
      }),
    ),
    page,
  })
  .meta({ id: 'NearbyVouchersGeoJson', description: 'GeoJSON (RFC 7946) with `page` as a foreign member.' });

export const voucherAnswer = z
  .object({
    id: z.uuid(),
    ...texts,
    discount,
    category: categoryReference,
    business: businessReference,
    locations: z
      .array(
        z.object({
          id: z.uuid(),
          latitude: z.number(),
          longitude: z.number(),
          distanceMeters: z.number().nullable().meta({ description: 'From the point that was given.' }),
          street: z.string().nullable(),
          city: z.string().nullable(),
          countryCode: z.string().nullable(),
          ...openingState,
          validFrom: instant,
          expiresAt: instant.nullable(),
          redeemable,
        }),
      )
      .meta({ description: 'Every place it is valid at; nearest first where a point was given.' }),
    attribution,
    offer: offerAnswer.optional().meta({ description: 'For members of its business alone.' }),
  })
  .meta({ id: 'Voucher' });

export type VoucherAnswer = z.output<typeof voucherAnswer>;
