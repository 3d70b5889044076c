import {
  attribution,
  categoryReference,
  languageParameter,
  nameParameter,
  numberParameter,
  openingState,
  page,
  uuidParameter,
} from '@pika/shared';
import { z } from 'zod';
import { businessReference, discount, latitude, longitude, refusalReason, texts } from '../voucher/voucher.schemas.ts';

export const newClaim = z.strictObject({
  sourceId: nameParameter({ max: 100 }).optional().meta({
    description: 'What tells apart claims of one voucher by one person, such as the campaign mail it came from.',
  }),
});

export const claimParams = z.strictObject({ id: uuidParameter() });

export const claimStates = ['active', 'redeemed', 'released', 'expired'] as const;

export const claimQuery = z.strictObject({
  latitude: latitude().optional(),
  longitude: longitude().optional(),
  language: languageParameter(),
});

export const claimsQuery = z.strictObject({
  ...claimQuery.shape,
  state: z.enum(claimStates).optional().meta({ description: 'Only claims that are in this state now.' }),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

const instant = z.iso.datetime();

const claimReason = z.enum([
  ...refusalReason.options,
  'claim.redeemed',
  'claim.released',
  'claim.expired',
  'business.inactive',
]);

export const claimAnswer = z
  .object({
    id: z.uuid(),
    state: z.enum(claimStates).meta({ description: 'At this moment: a claim expires by itself.' }),
    sourceId: z.string().nullable(),
    shortCode: z.string().nullable().meta({ description: 'To be typed at the counter.', example: '7K2MW-QX4TB' }),
    balanceMinor: z.number().nullable().meta({ description: 'What a gift balance has left, in minor units.' }),
    claimedAt: instant,
    expiresAt: instant
      .nullable()
      .meta({ description: 'Fixed when it was claimed; never later than the voucher ends.' }),
    redeemedAt: instant.nullable(),
    voucher: z.object({
      id: z.uuid(),
      ...texts,
      discount,
      category: categoryReference,
      business: businessReference,
      attribution,
      state: z.enum(['draft', 'published', 'suspended', 'expired', 'archived']),
      validFrom: instant.nullable().meta({ description: 'At the location, or where it begins first.' }),
      expiresAt: instant.nullable().meta({ description: 'At the location, or where it ends last.' }),
    }),
    location: z
      .object({
        id: z.uuid(),
        latitude: z.number(),
        longitude: z.number(),
        distanceMeters: z.number().nullable().meta({ description: 'From the point that was given.' }),
        street: z.string().nullable(),
        city: z.string().nullable(),
        countryCode: z.string().nullable(),
        ...openingState,
      })
      .nullable()
      .meta({ description: 'The nearest to the point; without one, where there is only one.' }),
    redeemable: z.object({
      now: z.boolean(),
      reasons: z.array(claimReason).meta({ description: 'Every reason but what is asked for at the counter.' }),
    }),
  })
  .meta({ id: 'Claim', description: 'A voucher in a wallet.' });

export const claimsAnswer = z.object({ data: z.array(claimAnswer), page }).meta({ id: 'Claims' });

export type ClaimAnswer = z.input<typeof claimAnswer>;
