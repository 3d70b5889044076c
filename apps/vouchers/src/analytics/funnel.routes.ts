import { assertActsForBusiness, inTransaction, type Database } from '@pika/database';
import { invalidRequest, route, type Route } from '@pika/shared';
import { businessContext } from '../business-context.ts';
import { listFunnel, type FunnelRow } from './event.repository.ts';
import { funnelAnswer, funnelQuery } from './funnel.schemas.ts';

const managers = ['owner', 'manager'] as const;
const longestMillis = 366 * 86_400_000;

export function funnelRoutes({ database }: { database: Database }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/analytics/funnel',
      operationId: 'getFunnel',
      tags: ['Analytics'],
      summary: 'From seen to redeemed',
      description: 'How often the vouchers of a business were seen, scanned, claimed, redeemed and rolled back.',
      access: { member: managers, business: 'businessId', scope: 'analytics.read' },
      query: funnelQuery,
      responses: { 200: { description: 'The steps.', content: { 'application/json': funnelAnswer } } },
      handler: (input) => {
        const { caller, businessId, query } = input;
        const { voucherId, from, to, by } = query;
        if (to <= from) throw invalidRequest([{ field: 'to', code: 'notAfterStart' }]);
        if (to.getTime() - from.getTime() > longestMillis) {
          throw invalidRequest([{ field: 'to', code: 'tooManyDays', params: { days: 366 } }]);
        }
        return inTransaction(database, businessContext(input), async (tx) => {
          await assertActsForBusiness(tx, caller, managers);
          const rows = await listFunnel(tx, { businessId, voucherId: voucherId ?? null, from, to, by });
          return { body: { data: rows.map(mapStep) }, cacheControl: 'no-store' };
        });
      },
    }),
  ];
}

const mapStep = ({ key, ...counts }: FunnelRow) => ({
  key,
  seen: Number(counts.seen),
  scanned: Number(counts.scanned),
  claimed: Number(counts.claimed),
  redeemed: Number(counts.redeemed),
  rolledBack: Number(counts.rolledBack),
});
