import {
  assertActsForBusiness,
  inIdempotentTransaction,
  inTransaction,
  pageOf,
  pageStart,
  type Database,
} from '@pika/database';
import { etagOfVersion, route, sharedProblems, type Route } from '@pika/shared';
import { businessContext, changeAsking } from '../business-context.ts';
import { businessOf } from '../business-of.ts';
import { voucherProblems } from '../problems.ts';
import { mapOffer } from './offer.mapper.ts';
import { listOffers, offerList, type OfferRow } from './offer.repository.ts';
import {
  newOffer,
  offerAnswer,
  offerParams,
  offerPatch,
  offersAnswer,
  offersQuery,
  type OfferState,
} from './offer.schemas.ts';
import { changeOffer, createOffer, moveOffer, offerProblem, removeOffer } from './offer.service.ts';

export interface OfferDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

const staff = ['owner', 'manager'] as const;
const members = ['owner', 'manager', 'redeemer'] as const;
const content = { 'application/json': offerAnswer };
const headers = { ETag: 'Version of the offer, for `If-Match`.' };
const cannotFind = [voucherProblems['voucher.notFound'].code];

export function offerRoutes(deps: OfferDeps): Route[] {
  return [
    insertRoute(deps),
    listRoute(deps),
    updateRoute(deps),
    deleteRoute(deps),
    moveRoute(deps, { verb: 'publish', to: 'published', summary: 'Publish an offer' }),
    moveRoute(deps, { verb: 'suspend', to: 'suspended', summary: 'Take an offer off the list for now' }),
    moveRoute(deps, { verb: 'resume', to: 'published', from: 'suspended', summary: 'Put a suspended offer back' }),
    moveRoute(deps, { verb: 'archive', to: 'archived', summary: 'End an offer for good' }),
  ];
}

const replyOf = (row: OfferRow) => ({
  body: mapOffer(row),
  cacheControl: 'no-store',
  headers: { ETag: etagOfVersion(row.version) },
});

const refused = (error: unknown): never => {
  throw offerProblem(error);
};

function insertRoute({ database, now }: OfferDeps): Route {
  return route({
    method: 'post',
    path: '/v1/vouchers',
    operationId: 'insertVoucher',
    tags: ['Offers'],
    summary: 'Draft an offer',
    description: 'Nobody else sees a draft; `POST /v1/vouchers/{id}/publish` shows it to people.',
    access: { member: staff, business: 'businessId', scope: 'offers.write' },
    idempotency: 'required',
    body: newOffer,
    responses: { 201: { description: 'The draft.', content, headers: { ...headers, Location: 'Where it is.' } } },
    problems: cannotFind,
    handler: (input) =>
      inIdempotentTransaction(database, businessContext(input), input.idempotency, async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        const row = await createOffer(tx, input.body, now());
        const reply = replyOf(row);
        return { ...reply, status: 201, headers: { ...reply.headers, Location: `/v1/vouchers/${row.id}` } };
      }),
  });
}

function listRoute({ database, cursorSecret }: OfferDeps): Route {
  return route({
    method: 'get',
    path: '/v1/vouchers',
    operationId: 'listVouchers',
    tags: ['Offers'],
    summary: 'The offers of a business in every state, the latest first',
    access: { member: members, business: 'businessId', scope: 'offers.read' },
    query: offersQuery,
    responses: { 200: { description: 'A page of offers.', content: { 'application/json': offersAnswer } } },
    handler: (input) => {
      const { caller, businessId } = input;
      const { state, campaignId, limit, cursor } = input.query;
      const filter = { businessId, state, campaignId };
      const walk = { secret: cursorSecret, question: filter };
      const after = pageStart(offerList, cursor, walk);
      return inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, caller, members);
        const rows = await listOffers(tx, filter, { after, limit: limit + 1 });
        const { data, page } = pageOf(offerList, rows, limit, walk);
        return { body: { data: data.map(mapOffer), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function updateRoute({ database }: OfferDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/vouchers/{id}',
    operationId: 'updateVoucher',
    tags: ['Offers'],
    summary: 'Change an offer',
    description:
      'Limits and texts are changed one by one, the discount as a whole. A published offer stays published; what its markets ' +
      'ask for and it lacks then stands in `missing`. The kind of discount and the currency stay once somebody claimed or redeemed it.',
    access: { member: staff, businessOf: businessOf(database, 'voucher'), scope: 'offers.write' },
    ifMatch: 'required',
    params: offerParams,
    body: offerPatch,
    responses: { 200: { description: 'The offer.', content, headers } },
    problems: [
      ...cannotFind,
      voucherProblems['voucher.limitBelowUse'].code,
      voucherProblems['voucher.discountInUse'].code,
    ],
    handler: (input) =>
      inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        return replyOf(await changeOffer(tx, changeAsking(input), input.body));
      }).catch(refused),
  });
}

function deleteRoute({ database, now }: OfferDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/vouchers/{id}',
    operationId: 'deleteVoucher',
    tags: ['Offers'],
    summary: 'Remove an offer',
    description: 'Drafts and archived offers that nobody has claimed or redeemed; the others are kept for who did.',
    access: { member: staff, businessOf: businessOf(database, 'voucher'), scope: 'offers.write' },
    ifMatch: 'required',
    params: offerParams,
    responses: { 204: { description: 'It is gone.' } },
    problems: [...cannotFind, voucherProblems['voucher.wrongState'].code, sharedProblems['record.inUse'].code],
    handler: (input) =>
      inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        await removeOffer(tx, changeAsking(input), now());
        return { status: 204 };
      }),
  });
}

interface Move {
  verb: 'publish' | 'suspend' | 'resume' | 'archive';
  to: OfferState;
  /** Where the verb means one way of several to that state. */
  from?: OfferState;
  summary: string;
}

function moveRoute({ database, now }: OfferDeps, { verb, summary, ...way }: Move): Route {
  const isPublishing = way.to === 'published';
  return route({
    method: 'post',
    path: `/v1/vouchers/{id}/${verb}`,
    operationId: `${verb}Voucher`,
    tags: ['Offers'],
    summary,
    ...(isPublishing && {
      description:
        'Titles and descriptions must be there in the languages that the markets of its locations ask for, and none of its ' +
        'texts there may be older than the source; `errors` of 422 names each.',
    }),
    access: { member: staff, businessOf: businessOf(database, 'voucher'), scope: 'offers.write' },
    idempotency: 'optional',
    ifMatch: 'required',
    params: offerParams,
    responses: { 200: { description: 'The offer.', content, headers } },
    problems: [
      ...cannotFind,
      voucherProblems['voucher.wrongState'].code,
      ...(isPublishing ? [voucherProblems['voucher.incomplete'].code] : []),
    ],
    handler: (input) =>
      inIdempotentTransaction(database, businessContext(input), input.idempotency, async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        return replyOf(await moveOffer(tx, changeAsking(input), { ...way, now: now() }));
      }),
  });
}
