import { numberParameter, page, uuidParameter } from '@pika/shared';
import { z } from 'zod';

export const tokenPair = z
  .object({
    accessToken: z.string().meta({ description: 'A JWT (RFC 9068), for the header Authorization.' }),
    refreshToken: z.string().meta({ description: 'Good once; keep it where nobody else reads it.' }),
    expiresIn: z.int().meta({ description: 'Seconds that the access token is good for.', example: 600 }),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'TokenPair' });

/** Any text: what is no token of ours is refused as any other that is not good. */
export const refreshBody = z.strictObject({
  refreshToken: z
    .string()
    .max(1_000)
    .meta({ description: 'Of the last answer.', example: 'q2V4bO0b9wqXh1f0bq8nq2mD3T1oYk5xq7m2pUo3s1Q' }),
});

export const sessionParams = z.strictObject({ id: uuidParameter() });

export const sessionsQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

const session = z
  .object({
    id: z.uuid(),
    userAgent: z.string().nullable(),
    clientAddress: z.string().nullable().meta({ description: 'Where the log-in came from.' }),
    impersonatedBy: z.uuid().nullable().meta({
      description: 'The operator who acts as me here, from where the other fields say; null: a log-in of my own.',
    }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().meta({ description: 'When it was last renewed, to the hour.' }),
    expiresAt: z.iso.datetime(),
    isCurrent: z.boolean().meta({ description: 'Whether this request belongs to it.' }),
  })
  .meta({ id: 'Session' });

export const sessionsAnswer = z.object({ data: z.array(session), page });

export type Session = z.input<typeof session>;
