import {
  callerContext,
  inIdempotentTransaction,
  inTransaction,
  pageOf,
  pageStart,
  singleStatements,
  type Database,
} from '@pika/database';
import { etagOfVersion, Problem, route, sharedProblems, type LanguageChain, type Route } from '@pika/shared';
import { voucherProblems } from '../problems.ts';
import { coordinatePair, pointOf, voucherParams } from '../voucher/voucher.schemas.ts';
import { mapClaim } from './claim.mapper.ts';
import { listClaims, nearestClaims, newestClaims, type ClaimRow, type Viewpoint } from './claim.repository.ts';
import { claimAnswer, claimParams, claimQuery, claimsAnswer, claimsQuery, newClaim } from './claim.schemas.ts';
import { claimOnce, getClaim, releaseOnce } from './claim.service.ts';

export interface ClaimDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

export function claimRoutes(deps: ClaimDeps): Route[] {
  return [claimRoute(deps), listRoute(deps), getRoute(deps), releaseRoute(deps)];
}

const content = { 'application/json': claimAnswer };
const headers = { ETag: 'Version of the claim, for `If-Match`.' };
const notFound = sharedProblems['record.notFound'].code;

const replyOf = (row: ClaimRow) => ({
  body: mapClaim(row),
  cacheControl: 'no-store',
  contentLanguages: row.text[2],
  headers: { ETag: etagOfVersion(row.version) },
});

function claimRoute({ database, now }: ClaimDeps): Route {
  return route({
    method: 'post',
    path: '/v1/vouchers/{id}/claims',
    operationId: 'claimVoucher',
    tags: ['Claims'],
    summary: 'Put a voucher into my wallet',
    description:
      'There is one claim of a person, a voucher and a source: asked again, with or without an Idempotency-Key, the ' +
      'answer is the same claim. One that was released is taken back. What limits or ends the voucher refuses it.',
    access: 'authenticated',
    idempotency: 'optional',
    params: voucherParams,
    body: newClaim,
    responses: {
      200: { description: 'It was claimed before.', content, headers },
      201: { description: 'It is claimed now.', content, headers: { ...headers, Location: 'Where it is.' } },
    },
    problems: [voucherProblems['voucher.notFound'].code, voucherProblems['claim.refused'].code],
    handler: ({ caller, params: { id }, body, language, idempotency, requestId, clientAddress }) =>
      inIdempotentTransaction(
        database,
        callerContext(caller, { requestId, clientAddress }),
        idempotency,
        async (tx) => {
          const claim = { voucherId: id, sourceId: body.sourceId ?? '' };
          const claimed = await claimOnce(tx, claim, { at: now(), point: null, language });
          if (claimed instanceof Problem) return claimed;
          const reply = replyOf(claimed.row);
          if (!claimed.isNew) return reply;
          return { ...reply, status: 201, headers: { ...reply.headers, Location: `/v1/claims/${claimed.row.id}` } };
        },
      ),
  });
}

function viewOf(
  query: { latitude?: number | undefined; longitude?: number | undefined },
  language: LanguageChain,
  at: Date,
): Viewpoint {
  return { at, point: pointOf(query), language };
}

function listRoute({ database, cursorSecret, now }: ClaimDeps): Route {
  return route({
    method: 'get',
    path: '/v1/claims',
    operationId: 'listClaims',
    tags: ['Claims'],
    summary: 'My wallet',
    description: 'The newest first; with a point, the one whose nearest place is nearest.',
    access: 'authenticated',
    query: claimsQuery,
    crossChecks: coordinatePair,
    responses: { 200: { description: 'A page of claims.', content: { 'application/json': claimsAnswer } } },
    handler: async ({ caller, query, language, requestId, clientAddress }) => {
      const view = viewOf(query, language, now());
      const list = view.point === null ? newestClaims : nearestClaims;
      const state = query.state ?? null;
      const walk = { secret: cursorSecret, question: [caller.userId, state, view.point] };
      const after = pageStart(list, query.cursor, walk);
      const db = singleStatements(database, callerContext(caller, { requestId, clientAddress }));
      const rows = await listClaims(db, view, { list, state, after, limit: query.limit + 1 });
      const { data, page } = pageOf(list, rows, query.limit, walk);
      return {
        body: { data: data.map(mapClaim), page },
        cacheControl: 'no-store',
        contentLanguages: [...new Set(data.flatMap(({ text }) => text[2]))],
      };
    },
  });
}

function getRoute({ database, now }: ClaimDeps): Route {
  return route({
    method: 'get',
    path: '/v1/claims/{id}',
    operationId: 'getClaim',
    tags: ['Claims'],
    summary: 'One of my claims',
    access: 'authenticated',
    params: claimParams,
    query: claimQuery,
    crossChecks: coordinatePair,
    responses: { 200: { description: 'The claim.', content, headers } },
    problems: [notFound],
    handler: async ({ caller, params: { id }, query, language, requestId, clientAddress }) => {
      const db = singleStatements(database, callerContext(caller, { requestId, clientAddress }));
      return replyOf(await getClaim(db, id, viewOf(query, language, now())));
    },
  });
}

function releaseRoute({ database, now }: ClaimDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/claims/{id}',
    operationId: 'releaseClaim',
    tags: ['Claims'],
    summary: 'Give a claim back',
    description: 'It counts against no limit of claims any more, and can be claimed again. What was redeemed stays.',
    access: 'authenticated',
    params: claimParams,
    responses: { 204: { description: 'It is given back.' } },
    problems: [notFound, sharedProblems['record.changed'].code, voucherProblems['claim.over'].code],
    handler: ({ caller, params: { id }, request, language, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
        const ifMatch = request.headers['if-match'];
        await releaseOnce(tx, { id, userId: caller.userId, ifMatch }, { at: now(), point: null, language });
        return { status: 204 };
      }),
  });
}
