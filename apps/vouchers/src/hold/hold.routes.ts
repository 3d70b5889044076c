import { callerContext, inIdempotentTransaction, inTransaction, type Database } from '@pika/database';
import { instantText, newId, route, sharedProblems, type Route } from '@pika/shared';
import { voucherProblems } from '../problems.ts';
import { voucherParams } from '../voucher/voucher.schemas.ts';
import { holdVoucher, releaseHold, type HoldVerdict } from './hold.repository.ts';
import { holdAnswer, holdParams, newHold } from './hold.schemas.ts';

export interface HoldDeps {
  database: Database;
  now: () => Date;
}

export function holdRoutes(deps: HoldDeps): Route[] {
  return [holdRoute(deps), releaseRoute(deps)];
}

const content = { 'application/json': holdAnswer };

function holdRoute({ database, now }: HoldDeps): Route {
  return route({
    method: 'post',
    path: '/v1/vouchers/{id}/holds',
    operationId: 'holdVoucher',
    tags: ['Holds'],
    summary: 'Reserve a voucher for a few minutes',
    description:
      'Counts against the limits like a redemption until it ends, is released, or is redeemed under its key (`holdKey`). ' +
      'Asked again under a key that is held, the answer is the same hold with its end as it was.',
    access: 'authenticated',
    idempotency: 'optional',
    params: voucherParams,
    body: newHold,
    responses: {
      200: { description: 'It is held under this key already.', content },
      201: { description: 'It is held now.', content },
    },
    problems: [
      voucherProblems['voucher.notFound'].code,
      voucherProblems['hold.refused'].code,
      voucherProblems['hold.keyTaken'].code,
    ],
    handler: ({ caller, params: { id: voucherId }, body, idempotency, requestId, clientAddress }) =>
      inIdempotentTransaction(
        database,
        callerContext(caller, { requestId, clientAddress }),
        idempotency,
        async (tx) => {
          const at = now();
          const held = await holdVoucher(tx, { voucherId, id: newId(at), ...body, at });
          if (held.verdict === 'notFound') throw voucherProblems['voucher.notFound']();
          if (held.verdict === 'taken') return voucherProblems['hold.keyTaken']();
          if (held.verdict === 'refused') {
            return voucherProblems['hold.refused']({ violations: held.violations ?? [] });
          }
          return {
            status: held.verdict === 'held' ? 201 : 200,
            body: mapHold(held, voucherId, body.key),
            cacheControl: 'no-store',
          };
        },
      ),
  });
}

function mapHold({ holdId, createdAt, expiresAt }: HoldVerdict, voucherId: string, key: string) {
  if (holdId === null || createdAt === null || expiresAt === null) throw new Error('A hold without its instants.');
  return { id: holdId, voucherId, key, createdAt: instantText(createdAt), expiresAt: instantText(expiresAt) };
}

function releaseRoute({ database, now }: HoldDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/vouchers/{id}/holds/{key}',
    operationId: 'releaseHold',
    tags: ['Holds'],
    summary: 'Give a reservation back',
    access: 'authenticated',
    params: holdParams,
    responses: { 204: { description: 'It counts no more.' } },
    problems: [sharedProblems['record.notFound'].code],
    handler: ({ caller, params: { id: voucherId, key }, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
        const hold = { voucherId, key, userId: caller.userId, at: now() };
        if (!(await releaseHold(tx, hold))) throw sharedProblems['record.notFound']();
        return { status: 204 };
      }),
  });
}
