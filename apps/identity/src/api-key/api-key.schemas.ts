import { businessIdOf } from '@pika/database';
import { apiKeyScopeNames, apiKeyScopes, numberParameter, page, textParameter, uuidParameter } from '@pika/shared';
import { z } from 'zod';

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;

const origin = z
  .string()
  .max(200)
  .refine(isOrigin, { params: { code: 'invalidFormat', format: 'origin' } })
  .meta({ description: 'Scheme, host and port, without a path.', example: 'https://shop.example' });

const scopes = z
  .array(z.enum(apiKeyScopeNames))
  .min(1)
  .max(apiKeyScopeNames.length)
  .refine((names) => new Set(names).size === names.length, { params: { code: 'repeated' } })
  .meta({
    description: Object.entries(apiKeyScopes)
      .map(([name, text]) => `\`${name}\`: ${text}.`)
      .join(' '),
    uniqueItems: true,
    example: ['offers.read', 'redemptions.write'],
  });

/** The seeded café, so that Swagger UI's example works for its owner. */
const exampleBusinessId = businessIdOf('cafe-del-puerto');

export const newApiKeyBody = z.strictObject({
  businessId: uuidParameter().meta({ example: exampleBusinessId }),
  name: textParameter({ max: 100 }).meta({ example: 'Till 2' }),
  scopes,
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .meta({ description: 'From when on it is refused; null: never.', example: '2027-12-31T23:59:59Z' }),
  allowedOrigins: z
    .array(origin)
    .max(20)
    .default([])
    .meta({ description: 'Origins of pages that may use it. None: it is for servers, and any Origin is refused.' }),
});

export const apiKeysQuery = z.strictObject({
  businessId: uuidParameter(),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const apiKeyParams = z.strictObject({ id: uuidParameter() });

const apiKey = {
  id: z.uuid(),
  businessId: z.uuid(),
  name: z.string(),
  prefix: z.string().meta({ description: 'How the key begins.', example: 'pika_3f9a1c07be52' }),
  scopes: z.array(z.string()),
  allowedOrigins: z.array(z.string()),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().meta({ description: 'To the minute.' }),
  revokedAt: z.iso.datetime().nullable(),
};

const apiKeyAnswer = z.object(apiKey).meta({ id: 'ApiKey' });

export const createdApiKey = z
  .object({
    ...apiKey,
    secret: z.string().nullable().meta({
      description: 'The whole key, for the header Authorization. It is shown this once: null in a repeated answer.',
    }),
  })
  .meta({ id: 'CreatedApiKey' });

export const apiKeysAnswer = z.object({ data: z.array(apiKeyAnswer), page });

export type ApiKey = z.input<typeof apiKeyAnswer>;
