import { nameParameter, tokenBusinessesMax } from '@pika/shared';
import { z } from 'zod';

export const profileAnswer = z
  .object({
    id: z.uuid(),
    email: z.string(),
    isEmailVerified: z.boolean(),
    displayName: z.string(),
    language: z.string().nullable().meta({ description: 'The wanted language (BCP 47); see /v1/me/preferences.' }),
    hasSecondFactor: z.boolean(),
    roles: z.array(z.enum(['support', 'admin'])),
    businesses: z
      .array(z.object({ id: z.uuid(), role: z.enum(['owner', 'manager', 'redeemer']) }))
      .meta({ description: 'As they stand now; access tokens say what they were when they were issued.' }),
    hasMoreBusinesses: z.boolean().meta({
      description: `Whether \`businesses\`, as the access token, holds all that it can, the ${tokenBusinessesMax} oldest: others may be left out, and answer all the same.`,
    }),
    impersonatedBy: z.uuid().nullable().meta({ description: 'The operator who acts as this person.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Profile' });

export type Profile = z.input<typeof profileAnswer>;

export const profilePatch = z.strictObject({ displayName: nameParameter({ max: 100 }).optional() });
