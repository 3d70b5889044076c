import { route, type Route } from '@pika/shared';
import { voucherKeySetType } from '@pika/shared/voucher-token';
import type { z } from 'zod';
import type { VoucherKeys } from './open-voucher-keys.ts';
import { voucherKeySet } from './voucher-key.schemas.ts';

export interface VoucherKeyDeps {
  voucherKeys: VoucherKeys;
}

export function voucherKeyRoutes({ voucherKeys }: VoucherKeyDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/.well-known/voucher-keys.json',
      operationId: 'listVoucherKeys',
      tags: ['Counter'],
      summary: 'The public keys of voucher tokens',
      description:
        'What a till needs to verify QR codes without network. A key is here a week before it signs. They verify no ' +
        'access tokens, whose keys are at `/.well-known/jwks.json`.',
      access: 'public',
      // Every till behind one address asks for them, and they are in memory.
      rateLimit: 'none',
      responses: { 200: { description: 'The keys.', content: { 'application/json': voucherKeySet } } },
      handler: () => ({ body: answerOf(voucherKeys), cacheControl: 'public, max-age=300', etag: true }),
    }),
  ];
}

function answerOf(voucherKeys: VoucherKeys): z.input<typeof voucherKeySet> {
  const same = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' } as const;
  return { typ: voucherKeySetType, keys: voucherKeys.published().map((key) => ({ ...same, ...key })) };
}
