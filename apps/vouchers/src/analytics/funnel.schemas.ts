import { instantParameter, uuidParameter } from '@pika/shared';
import { z } from 'zod';

export const funnelQuery = z.strictObject({
  businessId: uuidParameter(),
  voucherId: uuidParameter().optional().meta({ description: 'Only this voucher.' }),
  from: instantParameter().meta({ description: 'Inclusive (RFC 3339).', example: '2026-11-01T00:00:00Z' }),
  to: instantParameter().meta({ description: 'Exclusive; at most 366 days later.', example: '2026-12-01T00:00:00Z' }),
  by: z
    .enum(['voucher', 'location', 'day', 'hour', 'language', 'channel'])
    .default('voucher')
    .meta({ description: 'What is counted apart. Days and hours are those of the place.' }),
});

const step = (description: string) => z.number().meta({ description });

export const funnelAnswer = z
  .object({
    data: z
      .array(
        z.object({
          key: z.string().nullable().meta({ description: 'Null where the event does not say.' }),
          seen: step('How often it stood in a list, estimated from a sample.'),
          scanned: step('How often it was looked up at the counter.'),
          claimed: step('How often it was put into a wallet.'),
          redeemed: step('How often it was redeemed.'),
          rolledBack: step('How often that was taken back.'),
        }),
      )
      .meta({ description: 'At most 1,000, the most redeemed first.' }),
  })
  .meta({ id: 'Funnel' });
