import { callerContext, inIdempotentTransaction, type Database } from '@pika/database';
import { contextOf, route, type Route } from '@pika/shared';
import type { VoucherKeys } from '../voucher-key/open-voucher-keys.ts';
import { mergeScans, type ScanAsked } from './redemption.repository.ts';
import { syncAnswer, syncBody, type OfflineScan } from './redemption.schemas.ts';
import { askedBy, targetOfCode, type Redeemer } from './redemption.service.ts';

export interface SyncDeps {
  database: Database;
  voucherKeys: Pick<VoucherKeys, 'published'>;
  now: () => Date;
}

export function syncRoutes({ database, voucherKeys, now }: SyncDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/redemptions/sync',
      operationId: 'syncRedemptions',
      tags: ['Counter'],
      summary: 'Hand in what was scanned without network',
      description:
        'Up to 500 scans, in any order, as often as you like: a scan counts once by its nonce. Which of all scans of a voucher ' +
        'were within its limits follows from when they were scanned, never from when they came in; what is beyond them is ' +
        'kept as over-use, with who and where.',
      access: { persons: 'all', scope: 'redemptions.write' },
      idempotency: 'optional',
      body: syncBody,
      bodyBytesMax: 500_000,
      responses: { 200: { description: 'What became of each scan.', content: { 'application/json': syncAnswer } } },
      handler: async ({ caller, body: { scans }, idempotency, requestId, clientAddress, request }) => {
        const asked = await Promise.all(scans.map((scan) => askedScan(scan, caller, voucherKeys)));
        const known = asked.filter((scan) => scan !== null);
        const { edge, messageLanguage } = contextOf(request);
        const context = callerContext(caller, { requestId, clientAddress });
        return inIdempotentTransaction(database, context, idempotency, async (tx) => {
          const merged = await mergeScans(tx, known, now());
          const byScan = new Map(known.map((scan, position) => [scan, merged[position]!]));
          const data = scans.map(({ nonce }, position) => {
            const scan = asked[position] ?? null;
            const { verdict, violations, redemptionId } = scan === null ? invalidCode : byScan.get(scan)!;
            const told = (violations ?? []).map((code) => edge.messages.violation(messageLanguage, { code }));
            return { nonce, verdict, violations: told, redemptionId };
          });
          return { body: { data }, cacheControl: 'no-store' };
        });
      },
    }),
  ];
}

const invalidCode = { verdict: 'invalidCode' as const, violations: null, redemptionId: null };

/** Null where the code is a token that we did not sign. */
async function askedScan(
  { code, ...scan }: OfflineScan,
  caller: Redeemer,
  voucherKeys: SyncDeps['voucherKeys'],
): Promise<ScanAsked | null> {
  const target = await targetOfCode(code, voucherKeys.published());
  if (target === null) return null;
  const { channel: _, ...by } = askedBy(caller);
  return { ...scan, ...target, ...by };
}
