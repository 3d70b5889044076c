import { instantParameter, nameParameter, numberParameter, page, uuidParameter } from '@pika/shared';
import { z } from 'zod';

/** A seeded business of the demo owner. */
const exampleBusinessId = '01941f29-7c00-7841-863a-7cd1fde7f01d';

const count = () => numberParameter({ min: 1, max: 1_000_000_000, integer: true }).nullable();

const fields = {
  name: nameParameter({ max: 120 }).meta({ description: 'For the people of the business.', example: 'Primavera 2026' }),
  startsAt: instantParameter().nullable().meta({ description: 'Inclusive; null: from the beginning.' }),
  endsAt: instantParameter().nullable().meta({ description: 'Exclusive; null: without an end.' }),
  limitTotal: count().meta({ description: 'Redemptions of all its vouchers together.' }),
  limitPerUser: count().meta({ description: 'Redemptions of one person, of all its vouchers together.' }),
  budgetMinor: numberParameter({ min: 1, max: 1_000_000_000_000, integer: true })
    .nullable()
    .meta({ description: 'Sum of the discounts of all its vouchers, in minor units of the currency.' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .meta({ description: 'ISO 4217, of the budget; given with one and not without.', example: 'PYG' }),
};

export const newCampaign = z
  .strictObject({
    businessId: uuidParameter().meta({ description: 'The business whose it is.', example: exampleBusinessId }),
    name: fields.name,
    startsAt: fields.startsAt.default(null),
    endsAt: fields.endsAt.default(null),
    limitTotal: fields.limitTotal.default(null),
    limitPerUser: fields.limitPerUser.default(null),
    budgetMinor: fields.budgetMinor.default(null),
    currency: fields.currency.default(null),
  })
  .meta({
    example: {
      businessId: exampleBusinessId,
      name: 'Primavera 2026',
      startsAt: '2026-09-21T03:00:00Z',
      endsAt: '2026-12-21T03:00:00Z',
      limitTotal: 1_000,
      budgetMinor: 5_000_000,
      currency: 'PYG',
    },
  });

export const campaignPatch = z
  .strictObject(fields)
  .partial()
  .meta({ description: 'What is not named stays as it is; null removes.', example: { limitTotal: 2_000 } });

export const campaignParams = z.strictObject({ id: uuidParameter().meta({ description: 'Id of the campaign.' }) });

export const campaignsQuery = z.strictObject({
  businessId: uuidParameter().meta({ description: 'Whose campaigns.', example: exampleBusinessId }),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const campaignAnswer = z
  .object({
    id: z.uuid(),
    businessId: z.uuid(),
    version: z.int().meta({ description: 'What the ETag says.' }),
    name: z.string(),
    startsAt: z.iso.datetime().nullable(),
    endsAt: z.iso.datetime().nullable(),
    limitTotal: z.int().nullable(),
    limitPerUser: z.int().nullable(),
    budgetMinor: z.number().nullable(),
    currency: z.string().nullable(),
    voucherCount: z.int().meta({ description: 'How many vouchers belong to it.' }),
    counters: z
      .object({ redeemed: z.int(), discountMinor: z.number() })
      .meta({ description: 'What its vouchers have used of the limits together.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Campaign', description: 'Vouchers that share limits.' });

export const campaignsAnswer = z.object({ data: z.array(campaignAnswer), page }).meta({ id: 'Campaigns' });

export type NewCampaign = z.output<typeof newCampaign>;
export type CampaignPatch = z.output<typeof campaignPatch>;
export type CampaignContent = Omit<NewCampaign, 'businessId'>;
export type Campaign = z.input<typeof campaignAnswer>;
