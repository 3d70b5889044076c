import {
  assertActsForBusiness,
  inIdempotentTransaction,
  inTransaction,
  pageOf,
  pageStart,
  singleStatements,
  type Database,
} from '@pika/database';
import { instantText, route, type Route } from '@pika/shared';
import { businessContext } from '../business-context.ts';
import { businessOf } from '../business-of.ts';
import { voucherProblems } from '../problems.ts';
import { codeBatchList, listCodeBatches, type CodeBatchRow } from './code.repository.ts';
import {
  codeBatchAnswer,
  codeBatchesAnswer,
  codesCsv,
  codesParams,
  codesQuery,
  newCodes,
  type CodeBatch,
} from './code.schemas.ts';
import { codeProblem, exportCodes, orderCodes } from './code.service.ts';

export interface CodeDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

const staff = ['owner', 'manager'] as const;
const csv = 'text/csv';

export function codeRoutes(deps: CodeDeps): Route[] {
  return [insertRoute(deps), listRoute(deps)];
}

const mapBatch = ({ createdAt, finishedAt, ...row }: CodeBatchRow): CodeBatch => ({
  ...row,
  createdAt: instantText(createdAt),
  finishedAt: finishedAt === null ? null : instantText(finishedAt),
});

function insertRoute({ database, now }: CodeDeps): Route {
  return route({
    method: 'post',
    path: '/v1/vouchers/{id}/codes',
    operationId: 'insertCodes',
    tags: ['Codes'],
    summary: 'Have codes made',
    description:
      'Up to a million are made in the background; the list of batches says how far that is. A static code of your own is ' +
      'there at once.',
    access: { member: staff, businessOf: businessOf(database, 'voucher'), scope: 'offers.write' },
    idempotency: 'required',
    params: codesParams,
    body: newCodes,
    responses: { 202: { description: 'The batch.', content: { 'application/json': codeBatchAnswer } } },
    problems: [
      voucherProblems['voucher.notFound'].code,
      voucherProblems['voucher.wrongState'].code,
      voucherProblems['code.taken'].code,
    ],
    handler: (input) =>
      inIdempotentTransaction(database, businessContext(input), input.idempotency, async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        const asking = { businessId: input.businessId, id: input.params.id };
        const row = await orderCodes(tx, asking, input.body, now());
        return { status: 202, body: mapBatch(row), cacheControl: 'no-store' };
      }).catch((error: unknown) => {
        throw codeProblem(error);
      }),
  });
}

function listRoute({ database, cursorSecret }: CodeDeps): Route {
  return route({
    method: 'get',
    path: '/v1/vouchers/{id}/codes',
    operationId: 'listCodes',
    tags: ['Codes'],
    summary: 'Batches of codes, the latest first; the codes themselves as CSV',
    description: '`Accept: text/csv` is answered with every code, of one batch where `batchId` says which.',
    access: { member: staff, businessOf: businessOf(database, 'voucher'), scope: 'offers.read' },
    params: codesParams,
    query: codesQuery,
    responses: {
      200: {
        description: 'A page of batches, or all codes.',
        content: { 'application/json': codeBatchesAnswer, [csv]: codesCsv },
      },
    },
    handler: async (input) => {
      const { caller, businessId, query, mediaType, params } = input;
      const { limit, cursor, batchId } = query;
      const filter = { businessId, voucherId: params.id, batchId };
      const walk = { secret: cursorSecret, question: filter };
      const after = pageStart(codeBatchList, cursor, walk);
      const context = businessContext(input);
      const rows = await inTransaction(database, context, async (tx) => {
        await assertActsForBusiness(tx, caller, staff);
        return listCodeBatches(tx, filter, { after, limit: limit + 1 });
      });
      if (mediaType === csv) {
        return {
          stream: exportCodes(singleStatements(database, context), { voucherId: params.id, batchId }),
          cacheControl: 'no-store',
          headers: { 'Content-Disposition': `attachment; filename="codes-${batchId ?? params.id}.csv"` },
        };
      }
      const { data, page } = pageOf(codeBatchList, rows, limit, walk);
      return { body: { data: data.map(mapBatch), page }, cacheControl: 'no-store' };
    },
  });
}
