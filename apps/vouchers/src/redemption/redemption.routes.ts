import {
  assertActsForBusiness,
  inIdempotentTransaction,
  inTransaction,
  pageOf,
  pageStart,
  type Database,
} from '@pika/database';
import { newId, route, type Route } from '@pika/shared';
import { businessContext } from '../business-context.ts';
import { businessOf } from '../business-of.ts';
import { voucherProblems } from '../problems.ts';
import { mapLedgerRow } from './redemption.mapper.ts';
import { ledgerList, listLedger, rollbackRedemption } from './redemption.repository.ts';
import {
  redeemParams,
  redemptionsAnswer,
  redemptionsQuery,
  rollbackAnswer,
  rollbackBody,
} from './redemption.schemas.ts';

export interface RedemptionDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

const staff = ['owner', 'manager', 'redeemer'] as const;
const managers = ['owner', 'manager'] as const;
const tags = ['Counter'];

export function redemptionRoutes(deps: RedemptionDeps): Route[] {
  return [listRoute(deps), rollbackRoute(deps)];
}

function listRoute({ database, cursorSecret }: RedemptionDeps): Route {
  return route({
    method: 'get',
    path: '/v1/vouchers/{id}/redemptions',
    operationId: 'listRedemptions',
    tags,
    summary: 'The ledger of a voucher, the latest first',
    access: { member: managers, businessOf: businessOf(database, 'voucher'), scope: 'redemptions.read' },
    params: redeemParams,
    query: redemptionsQuery,
    responses: { 200: { description: 'A page of entries.', content: { 'application/json': redemptionsAnswer } } },
    handler: (input) => {
      const { caller, params, query } = input;
      const { id } = params;
      const { limit, cursor } = query;
      const walk = { secret: cursorSecret, question: id };
      const after = pageStart(ledgerList, cursor, walk);
      return inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, caller, managers);
        const rows = await listLedger(tx, { voucherId: id, after, limit: limit + 1 });
        const { data, page } = pageOf(ledgerList, rows, limit, walk);
        return { body: { data: data.map(mapLedgerRow), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function rollbackRoute({ database, now }: RedemptionDeps): Route {
  return route({
    method: 'post',
    path: '/v1/redemptions/{id}/rollback',
    operationId: 'rollbackRedemption',
    tags,
    summary: 'Take a redemption back',
    description:
      'By one more entry of the ledger, once, within the voucher’s window. Quantity, budget, balance, claim and code are as ' +
      'before.',
    access: { member: staff, businessOf: businessOf(database, 'redemption'), scope: 'redemptions.write' },
    idempotency: 'required',
    params: redeemParams,
    body: rollbackBody,
    responses: { 201: { description: 'The entry that reverses it.', content: { 'application/json': rollbackAnswer } } },
    problems: [
      voucherProblems['redemption.alreadyRolledBack'].code,
      voucherProblems['redemption.windowClosed'].code,
      voucherProblems['redemption.notFound'].code,
    ],
    handler: (input) => {
      const { caller, businessId, params, body, idempotency, requestId } = input;
      const at = now();
      return inIdempotentTransaction(database, businessContext(input), idempotency, async (tx) => {
        await assertActsForBusiness(tx, caller, staff);
        const { verdict, outcome } = await rollbackRedemption(tx, {
          id: newId(at),
          redemptionId: params.id,
          businessId,
          reason: body.reason,
          requestId,
          staffId: caller.kind === 'user' ? caller.userId : null,
          apiKeyId: caller.kind === 'user' ? null : caller.keyId,
          at,
        });
        if (verdict === 'notFound' || outcome === null) throw voucherProblems['redemption.notFound']();
        if (verdict === 'rolledBack') return { status: 201, body: outcome, cacheControl: 'no-store' };
        return voucherProblems[`redemption.${verdict}`]({ params: outcome });
      });
    },
  });
}
