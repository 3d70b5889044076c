import { numberParameter } from '@pika/shared';
import { z } from 'zod';
import { voucherParams } from '../voucher/voucher.schemas.ts';

const key = z
  .string()
  .regex(/^[\w.:-]{1,100}$/)
  .meta({ description: 'Chosen by the caller, such as the id of a basket.', example: 'basket-7' });

export const newHold = z.strictObject({
  key,
  ttlSeconds: numberParameter({ min: 1, max: 900, integer: true }).meta({
    description: 'From now on; it ends by itself.',
    example: 300,
  }),
});

export const holdParams = z.strictObject({ ...voucherParams.shape, key });

export const holdAnswer = z
  .object({
    id: z.uuid(),
    voucherId: z.uuid(),
    key: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Hold', description: 'A short reservation: it counts like a redemption as long as it lives.' });
