import {
  languageParameter,
  numberParameter,
  page,
  served,
  textParameter,
  uuidParameter,
  violation,
  wantedLanguage,
} from '@pika/shared';
import { z } from 'zod';

const amountMax = Number.MAX_SAFE_INTEGER;

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217.', example: 'PYG' });

/** What is told at the counter beside what is redeemed. */
const circumstances = {
  locationId: uuidParameter()
    .optional()
    .meta({ description: 'Where; may be left out where it is valid at one place.' }),
  latitude: z.number().min(-90).max(90).optional().meta({ description: 'Degrees north, WGS 84, of who redeems.' }),
  longitude: z.number().min(-180).max(180).optional().meta({ description: 'Degrees east, WGS 84.' }),
  accuracyMeters: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'What the device says of the position.' }),
  amountMinor: z.int().min(0).max(amountMax).optional().meta({
    description: 'What is to be paid, in minor units; of a free item its price.',
    example: 120000,
  }),
  currency: currency.optional(),
  combinedWith: z.array(uuidParameter()).max(20).optional().meta({ description: 'Other vouchers of the same order.' }),
  holdKey: textParameter({ min: 1, max: 100 }).optional().meta({ description: 'The hold that this redeems.' }),
  device: textParameter({ min: 1, max: 100 }).optional().meta({ description: 'Name of the till or device.' }),
};

export const redeemBody = z.strictObject(circumstances);

export const codeBody = z.strictObject({
  code: z.string().min(4).max(200).meta({
    description: 'What a QR code holds, a short code of a claim, or a printed code.',
    example: 'BIENVENIDA',
  }),
  ...circumstances,
});

export type Circumstances = z.output<typeof redeemBody>;

export const redeemParams = z.strictObject({ id: uuidParameter() });

export const validateQuery = z.strictObject({ language: languageParameter() });

export const validation = z
  .object({
    redeemable: z.boolean(),
    violations: z.array(violation).meta({ description: 'Every rule that says no.' }),
    voucher: z.object({
      id: z.uuid(),
      title: z.string().nullable(),
      terms: z.string().nullable(),
      language: wantedLanguage,
      served,
    }),
    claimId: z.uuid().nullable(),
    locationId: z.uuid().nullable(),
    discountMinor: z.number().nullable().meta({ description: 'What it takes off, where that can be said.' }),
    amountMinor: z.number().nullable(),
    currency: z.string().nullable(),
  })
  .meta({ id: 'Validation' });

const channel = z.enum(['web', 'app', 'counter', 'offline', 'api']);

export const redemptionAnswer = z
  .object({
    id: z.uuid(),
    voucherId: z.uuid(),
    businessId: z.uuid(),
    locationId: z.uuid().nullable(),
    claimId: z.uuid().nullable(),
    channel,
    discountMinor: z.number().nullable(),
    amountMinor: z.number().nullable(),
    currency: z.string().nullable(),
    localDay: z.iso.date().meta({ description: 'The day at the place.' }),
    redeemedAt: z.iso.datetime(),
    rollbackUntil: z.iso.datetime().meta({ description: 'Until then it can be rolled back.' }),
  })
  .meta({ id: 'Redemption' });

export const rollbackBody = z.strictObject({
  reason: textParameter({ min: 1, max: 500 }).meta({ description: 'Why, for the books.', example: 'Scanned twice' }),
});

export const rollbackAnswer = z
  .object({
    id: z.uuid(),
    reversesId: z.uuid(),
    voucherId: z.uuid(),
    businessId: z.uuid(),
    locationId: z.uuid().nullable(),
    claimId: z.uuid().nullable(),
    discountMinor: z.number(),
    currency: z.string().nullable(),
    reason: z.string(),
    rolledBackAt: z.iso.datetime(),
  })
  .meta({ id: 'Rollback' });

export const redemptionsQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const ledgerEntry = z
  .object({
    id: z.uuid(),
    kind: z.enum(['redemption', 'rollback']),
    reversesId: z.uuid().nullable(),
    rolledBackAt: z.iso.datetime().nullable(),
    locationId: z.uuid().nullable(),
    claimId: z.uuid().nullable(),
    staffId: z.uuid().nullable(),
    channel,
    discountMinor: z.number(),
    amountMinor: z.number().nullable(),
    currency: z.string().nullable(),
    localDay: z.iso.date(),
    redeemedAt: z.iso.datetime(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'LedgerEntry' });

export const redemptionsAnswer = z.object({ data: z.array(ledgerEntry), page });

const scan = z.strictObject({
  nonce: uuidParameter().meta({ description: 'Drawn by the till for this scan, once.' }),
  code: z.string().min(4).max(200),
  locationId: uuidParameter(),
  scannedAt: z.iso.datetime({ offset: true }).meta({ description: 'By the clock of the till.' }),
  amountMinor: z.int().min(0).max(amountMax).optional(),
  currency: currency.optional(),
  device: textParameter({ min: 1, max: 100 }).optional(),
});

export const syncBody = z.strictObject({
  scans: z
    .array(scan)
    .min(1)
    .max(500)
    .meta({
      example: [
        {
          nonce: '01941f29-7c00-7000-8000-000000000001',
          code: 'BIENVENIDA',
          locationId: '01941f29-7c00-7000-8000-000000000002',
          scannedAt: '2026-01-31T18:30:00Z',
        },
      ],
    }),
});

export type OfflineScan = z.output<typeof scan>;

export const syncAnswer = z
  .object({
    data: z.array(
      z.object({
        nonce: z.uuid(),
        verdict: z.enum(['within', 'overUse', 'withdrawn', 'notFound', 'nonceReused', 'invalidCode']),
        violations: z.array(violation),
        redemptionId: z.uuid().nullable(),
      }),
    ),
  })
  .meta({ id: 'MergedScans' });
