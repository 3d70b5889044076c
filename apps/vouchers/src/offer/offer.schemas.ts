import { languageParameter, numberParameter, openingHours, page, textParameter, uuidParameter } from '@pika/shared';
import { z } from 'zod';

/** Rows of the seed, so that Swagger UI's examples work for the demo owner as they stand. */
const exampleBusinessId = '01941f29-7c00-7841-863a-7cd1fde7f01d';
const exampleCategoryId = '01941f29-7c00-7cb5-ac31-f0aa61cb2f22';

/** Enough for every amount that is a discount, and exact in JSON. */
const amountMax = 1_000_000_000_000;
const countMax = 1_000_000_000;

export const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/)
  .meta({ description: 'BCP 47, as /v1/languages lists it.', example: 'es' });

const textsOf = (value: z.ZodString | z.ZodNullable<z.ZodString>) => z.record(languageTag, value);

const title = textParameter({ max: 120 });
const description = textParameter({ max: 2_000 });
const terms = textParameter({ max: 5_000 });

/** JavaScript makes the second of March of a thirtieth of February. */
function isOnCalendar(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A date that is on the calendar, from 2000 to 2999. */
const localDate = z
  .string()
  .regex(/^2\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
  .refine(isOnCalendar, { params: { code: 'noSuchDay' } });

const amount = (min: number) => numberParameter({ min, max: amountMax, integer: true });
const count = () => numberParameter({ min: 1, max: countMax, integer: true });

const minor = 'In minor units of the currency.';

const percentage = z.strictObject({
  type: z.literal('percentage'),
  percent: numberParameter({ min: 0.01, max: 100 })
    .refine((percent) => Number(percent.toFixed(2)) === percent, { params: { code: 'tooFine' } })
    .meta({ description: 'With two decimals at most.', example: 15 }),
  capMinor: amount(1)
    .nullish()
    .meta({ description: `The most that it takes off. ${minor}` }),
});
const fixedAmount = z.strictObject({
  type: z.literal('fixed_amount'),
  amountMinor: amount(1).meta({ description: `What it takes off. ${minor}`, example: 15_000 }),
});
const freeItem = z.strictObject({
  type: z.literal('free_item'),
  quantity: numberParameter({ min: 1, max: 1_000, integer: true }).meta({ example: 1 }),
});
const fixedPrice = z.strictObject({
  type: z.literal('fixed_price'),
  amountMinor: amount(0).meta({ description: `What is paid. ${minor}`, example: 25_000 }),
});
const giftBalance = z.strictObject({
  type: z.literal('gift_balance'),
  amountMinor: amount(1).meta({ description: `What can be spent, in parts too. ${minor}`, example: 100_000 }),
});

const discount = z
  .discriminatedUnion('type', [percentage, fixedAmount, freeItem, fixedPrice, giftBalance])
  .meta({ id: 'OfferDiscount', description: 'What is given; each type has fields of its own.' });

const limit = (meaning: string) => count().nullish().meta({ description: meaning });

const limits = z
  .strictObject({
    total: limit('Redemptions in all.'),
    perUser: limit('Redemptions of one person.'),
    perUserPerDay: limit('Redemptions of one person on a local day.'),
    perLocationPerDay: limit('Redemptions at one location on its local day.'),
    budgetMinor: amount(1)
      .nullish()
      .meta({ description: `Sum of the discounts. ${minor}` }),
    claims: limit('Claims in all.'),
    claimsPerUser: limit('Claims of one person.'),
  })
  .meta({ description: 'At most so many; without a limit where there is none. None may be lower than what is used.' });

const clock = (pattern: RegExp, example: string) => z.string().regex(pattern).meta({ example });

const weeklyWindow = z.strictObject({
  dayOfWeek: numberParameter({ min: 1, max: 7, integer: true }).meta({ description: 'ISO 8601: 1 is Monday.' }),
  opens: clock(/^(?:[01]\d|2[0-3]):[0-5]\d$/, '11:30'),
  closes: clock(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, '15:00').meta({
    description: 'At or before `opens`: on the next day.',
  }),
});

const redeemableHours = z
  .array(weeklyWindow)
  .min(1)
  .max(100)
  .meta({ description: 'When it can be redeemed, by the clock of the location; always where there are none.' });

const fields = {
  categoryId: uuidParameter().meta({ example: exampleCategoryId }),
  discount,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .meta({
      description: 'ISO 4217, of every amount; given where there is an amount and nowhere else.',
      example: 'PYG',
    }),
  firstDay: localDate.meta({ description: 'The first day, by the calendar of the location.', example: '2026-01-01' }),
  lastDay: localDate.nullable().meta({ description: 'The last day, inclusive; null: no end.', example: '2026-12-31' }),
  validDaysAfterClaim: numberParameter({ min: 1, max: 3_650, integer: true })
    .nullable()
    .meta({ description: 'Days that a claim is good for, fixed when it is claimed; null: as long as the offer.' }),
  redeemableHours: redeemableHours.nullable(),
  locationIds: z
    .array(uuidParameter())
    .max(200)
    .meta({ description: 'Locations of the business; at least one to be published.' }),
  campaignId: uuidParameter().nullable().meta({ description: 'A campaign of the business, in the same currency.' }),
  limits,
  geofenceMeters: numberParameter({ min: 1, max: 100_000, integer: true })
    .nullable()
    .meta({ description: 'How near to the location the person must be; null: anywhere.' }),
  rollbackWindowMinutes: numberParameter({ min: 0, max: 525_600, integer: true }).meta({
    description: 'How long a redemption can be rolled back.',
  }),
  stackingGroup: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,60}$/)
    .nullable()
    .meta({ description: 'Offers of one group can be combined; null: it stands alone.', example: 'welcome' }),
};

const translated = 'Texts by language. A text in the language of the source is what the others are translated from.';

export const newOffer = z
  .strictObject({
    businessId: uuidParameter().meta({ description: 'The business that offers it.', example: exampleBusinessId }),
    sourceLanguage: languageTag.meta({ description: 'The language that the offer is written in.' }),
    title: textsOf(title).meta({ description: translated, example: { es: 'Dos meses por uno' } }),
    description: textsOf(description).default({}).meta({ description: translated }),
    terms: textsOf(terms).default({}).meta({ description: translated }),
    categoryId: fields.categoryId,
    discount: fields.discount,
    currency: fields.currency.default(null),
    firstDay: fields.firstDay,
    lastDay: fields.lastDay.default(null),
    validDaysAfterClaim: fields.validDaysAfterClaim.default(null),
    redeemableHours: fields.redeemableHours.default(null),
    locationIds: fields.locationIds.default([]),
    campaignId: fields.campaignId.default(null),
    limits: fields.limits.default({}),
    geofenceMeters: fields.geofenceMeters.default(null),
    rollbackWindowMinutes: fields.rollbackWindowMinutes.default(1_440),
    stackingGroup: fields.stackingGroup.default(null),
  })
  .meta({
    example: {
      businessId: exampleBusinessId,
      sourceLanguage: 'es',
      title: { es: 'Dos meses por uno', en: 'Two months for the price of one' },
      description: {
        es: 'Para nuevos socios, en cualquiera de nuestras sedes.',
        en: 'For new members, at any of our gyms.',
      },
      categoryId: exampleCategoryId,
      discount: { type: 'percentage', percent: 50, capMinor: 40_000 },
      currency: 'PYG',
      firstDay: '2026-01-01',
      lastDay: '2030-12-31',
      limits: { total: 500, perUser: 2 },
    },
  });

export const offerPatch = z
  .strictObject({
    title: textsOf(title.nullable()).meta({ description: 'By language; null removes a translation.' }),
    description: textsOf(description.nullable()).meta({ description: 'By language; null removes a text.' }),
    terms: textsOf(terms.nullable()).meta({ description: 'By language; null removes a text.' }),
    ...fields,
    discount: discount.meta({ description: 'Replaced as a whole.' }),
  })
  .partial()
  .meta({
    description: 'What is not named stays as it is. A new source text makes the translations of the old one stale.',
    example: { limits: { total: 500, perUser: null } },
  });

export const offerParams = z.strictObject({ id: uuidParameter().meta({ description: 'Id of the voucher.' }) });

const states = ['draft', 'published', 'suspended', 'expired', 'archived'] as const;

export const offersQuery = z.strictObject({
  businessId: uuidParameter().meta({ description: 'Whose offers.', example: exampleBusinessId }),
  state: z.enum(states).optional(),
  campaignId: uuidParameter().optional(),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
  language: languageParameter(),
});

const nullableCount = z.int().nullable();

const texts = z.record(z.string(), z.string());

const languageOfField = z.object({ field: z.enum(['title', 'description', 'terms']), language: z.string() });

export const offerAnswer = z
  .object({
    id: z.uuid(),
    businessId: z.uuid(),
    state: z.enum(states),
    version: z.int().meta({ description: 'What the ETag says.' }),
    sourceLanguage: z.string(),
    title: texts,
    description: texts,
    terms: texts,
    stale: z.array(languageOfField).meta({ description: 'Translations of a source text that has changed since.' }),
    missing: z
      .array(languageOfField)
      .meta({ description: 'What its markets ask for and it lacks, or has in a stale translation.' }),
    categoryId: z.uuid(),
    discount: z.union([
      percentage.extend({ capMinor: z.number().nullable() }),
      fixedAmount,
      freeItem,
      fixedPrice,
      giftBalance,
    ]),
    currency: z.string().nullable(),
    firstDay: z.string(),
    lastDay: z.string().nullable(),
    validDaysAfterClaim: nullableCount,
    redeemableHours: z.array(openingHours).nullable(),
    locations: z
      .array(
        z.object({
          id: z.uuid(),
          timeZone: z.string().meta({ description: 'IANA zone.' }),
          validFrom: z.iso.datetime().meta({ description: 'When the first day begins there.' }),
          expiresAt: z.iso.datetime().nullable().meta({ description: 'When the last day is over there.' }),
        }),
      )
      .meta({ description: 'Where it can be redeemed, with the instants that the local days are there.' }),
    campaignId: z.uuid().nullable(),
    limits: z.object({
      total: nullableCount,
      perUser: nullableCount,
      perUserPerDay: nullableCount,
      perLocationPerDay: nullableCount,
      budgetMinor: z.number().nullable(),
      claims: nullableCount,
      claimsPerUser: nullableCount,
    }),
    counters: z
      .object({ redeemed: z.int(), discountMinor: z.number(), claimed: z.int() })
      .meta({ description: 'What is used of the limits.' }),
    geofenceMeters: nullableCount,
    rollbackWindowMinutes: z.int(),
    stackingGroup: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Offer', description: 'A voucher as its business sees it.' });

export const offersAnswer = z.object({ data: z.array(offerAnswer), page }).meta({ id: 'Offers' });

export type NewOffer = z.output<typeof newOffer>;
export type OfferPatch = z.output<typeof offerPatch>;
export type Offer = z.input<typeof offerAnswer>;
export type OfferState = Offer['state'];
/** What may be written of an offer. */
export type OfferContent = Omit<NewOffer, 'businessId' | 'sourceLanguage' | 'title' | 'description' | 'terms'>;
