import { numberParameter, page, uuidParameter } from '@pika/shared';
import { z } from 'zod';

export const memberRole = z.enum(['owner', 'manager', 'redeemer']).meta({
  description: 'A redeemer redeems at the counter, a manager changes offers, an owner everything.',
  example: 'redeemer',
});

export const membersParams = z.strictObject({ businessId: uuidParameter() });
export const memberParams = z.strictObject({ businessId: uuidParameter(), userId: uuidParameter() });

export const membersQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const memberPatch = z.strictObject({ role: memberRole });

export const memberAnswer = z
  .object({
    userId: z.uuid(),
    email: z.string(),
    displayName: z.string(),
    role: memberRole,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' });

export const membersAnswer = z.object({ data: z.array(memberAnswer), page });

export type Member = z.input<typeof memberAnswer>;
