import { voucherKeySetType } from '@pika/shared/voucher-token';
import { z } from 'zod';

export const voucherKeySet = z
  .object({
    typ: z.literal(voucherKeySetType),
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
        nbf: z.int().meta({ description: 'From when it signs, in seconds; tokens count their minutes from here.' }),
        exp: z.int().meta({ description: 'From when nothing that it signed is good, in seconds.' }),
      }),
    ),
  })
  .meta({ id: 'VoucherKeys' });
