import { jobContext, singleStatements, sql, type Database, type Db } from '@pika/database';
import { route, type Route } from '@pika/shared';
import { z } from 'zod';
import type { VoucherKeys } from '../voucher-key/open-voucher-keys.ts';
import { voucherTokenSeconds } from '../voucher-key/voucher-key.ring.ts';

export interface RevocationDeps {
  database: Database;
  voucherKeys: VoucherKeys;
  now: () => Date;
}

/** As long as a token lives, and what clocks differ by and transactions take. */
const coveredSeconds = voucherTokenSeconds + 300;

export function revocationRoutes({ database, voucherKeys, now }: RevocationDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/claims/revocations',
      operationId: 'getRevocations',
      tags: ['Counter'],
      summary: 'Which tokens are worth nothing though they have not expired',
      description:
        'For tills without network: a signed set, of about 22 bits a token, of claims that were redeemed or given back and ' +
        'of vouchers that were suspended or archived. What it does not hold was good when it was made; what it seems to ' +
        'hold is held but once in a million times, so ask the network. `readRevocationFilter` of `@pika/shared/voucher-token` ' +
        'reads it.',
      access: 'public',
      responses: {
        200: {
          description: 'The set.',
          content: { 'application/octet-stream': z.string().meta({ format: 'binary' }) },
        },
      },
      handler: async () => {
        // Of the whole minute, so that who asks again meanwhile is told that nothing has changed.
        const madeAt = new Date(Math.floor(now().getTime() / 60_000) * 60_000);
        const ids = await listRevokedTokens(singleStatements(database, jobContext('revocations')), coveredSeconds);
        return { body: voucherKeys.signRevocations(ids, madeAt), cacheControl: 'public, max-age=10', etag: true };
      },
    }),
  ];
}

async function listRevokedTokens(db: Db, seconds: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    /* listRevokedTokens */
    SELECT id FROM marketplace.list_revoked_tokens(${seconds}::integer) AS id`);
  return rows.map(({ id }) => id);
}
