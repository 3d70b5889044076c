import { emailField, numberParameter, page, uuidParameter } from '@pika/shared';
import { z } from 'zod';
import { memberRole } from '../member/member.schemas.ts';

export const invitationsParams = z.strictObject({ businessId: uuidParameter() });
export const invitationParams = z.strictObject({ businessId: uuidParameter(), id: uuidParameter() });

export const invitationsQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const newInvitation = z.strictObject({
  email: emailField(),
  role: memberRole,
});

export const acceptance = z.strictObject({
  token: z.string().max(1_000).meta({
    description: 'Of the link that was sent by e-mail.',
    example: 'b3BlbiBzZXNhbWUgYW5kIGxldCBtZSBpbiwgcGxlYXM',
  }),
});

export const acceptedAnswer = z
  .object({ businessId: z.uuid(), role: memberRole })
  .meta({ id: 'Membership', description: 'What the caller is now; access tokens say so from their next refresh on.' });

export const invitationAnswer = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: memberRole,
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    invitedBy: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });

export const invitationsAnswer = z.object({ data: z.array(invitationAnswer), page });

export type Invitation = z.input<typeof invitationAnswer>;
