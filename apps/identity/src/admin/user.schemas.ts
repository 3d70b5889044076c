import { numberParameter, page, textParameter, uuidParameter } from '@pika/shared';
import { z } from 'zod';

const state = z.enum(['active', 'suspended', 'erased']);
const role = z.enum(['support', 'admin']);

export const usersQuery = z.strictObject({
  email: textParameter({ max: 254 })
    .toLowerCase()
    .optional()
    .meta({ description: 'The beginning of the e-mail address, or all of it.' }),
  name: textParameter({ min: 3, max: 100 }).optional().meta({ description: 'A part of the displayed name.' }),
  state: state.optional(),
  role: role.optional().meta({ description: 'Who holds that role.' }),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const userParams = z.strictObject({ id: uuidParameter() });
export const userRoleParams = z.strictObject({ id: uuidParameter(), role });

const user = {
  id: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  state,
  roles: z.array(role),
  createdAt: z.iso.datetime(),
};

export const usersAnswer = z.object({ data: z.array(z.object(user).meta({ id: 'User' })), page });

export const userAnswer = z
  .object({
    ...user,
    stateReason: z.string().nullable().meta({ description: 'Why an operator suspended or reactivated them.' }),
    language: z.string().nullable(),
    isEmailVerified: z.boolean(),
    businesses: z.array(z.object({ id: z.uuid(), role: z.enum(['owner', 'manager', 'redeemer']) })),
    sessionCount: z.int().meta({ description: 'Sessions that are open.' }),
    lastUsedAt: z.iso.datetime().nullable().meta({ description: 'When one of them was renewed, to the hour.' }),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'UserDetail' });

export type UserSummary = z.input<typeof usersAnswer>['data'][number];
export type UserDetail = z.input<typeof userAnswer>;

const reason = textParameter({ min: 3, max: 500 }).meta({
  description: 'Why; it is kept with the change.',
  example: 'Ticket 4711',
});

export const userPatch = z.strictObject({
  state: z.enum(['active', 'suspended']).meta({ example: 'suspended' }),
  reason,
});

export const impersonationBody = z.strictObject({ reason });

export const impersonationAnswer = z
  .object({
    accessToken: z.string().meta({ description: 'A JWT with the claim `imp`: the operator. It cannot be refreshed.' }),
    expiresIn: z.int().meta({ description: 'Seconds that it is good for.', example: 600 }),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'Impersonation' });
