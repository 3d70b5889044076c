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
import { mapCampaign } from './campaign.mapper.ts';
import { campaignList, listCampaigns, type CampaignRow } from './campaign.repository.ts';
import {
  campaignAnswer,
  campaignParams,
  campaignPatch,
  campaignsAnswer,
  campaignsQuery,
  newCampaign,
} from './campaign.schemas.ts';
import { campaignProblem, changeCampaign, createCampaign, getCampaign, removeCampaign } from './campaign.service.ts';

export interface CampaignDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

const staff = ['owner', 'manager'] as const;
const members = ['owner', 'manager', 'redeemer'] as const;
const content = { 'application/json': campaignAnswer };
const headers = { ETag: 'Version of the campaign, for `If-Match`.' };

export function campaignRoutes(deps: CampaignDeps): Route[] {
  return [insertRoute(deps), listRoute(deps), getRoute(deps), updateRoute(deps), deleteRoute(deps)];
}

const replyOf = (row: CampaignRow) => ({
  body: mapCampaign(row),
  cacheControl: 'no-store',
  headers: { ETag: etagOfVersion(row.version) },
});

function insertRoute({ database, now }: CampaignDeps): Route {
  return route({
    method: 'post',
    path: '/v1/campaigns',
    operationId: 'insertCampaign',
    tags: ['Campaigns'],
    summary: 'Begin a campaign',
    description: 'Vouchers join it by their `campaignId`; from then on they share its limits.',
    access: { member: staff, business: 'businessId', scope: 'offers.write' },
    idempotency: 'required',
    body: newCampaign,
    responses: { 201: { description: 'The campaign.', content, headers: { ...headers, Location: 'Where it is.' } } },
    handler: (input) =>
      inIdempotentTransaction(database, businessContext(input), input.idempotency, async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        const row = await createCampaign(tx, input.body, now());
        const reply = replyOf(row);
        return { ...reply, status: 201, headers: { ...reply.headers, Location: `/v1/campaigns/${row.id}` } };
      }),
  });
}

function listRoute({ database, cursorSecret }: CampaignDeps): Route {
  return route({
    method: 'get',
    path: '/v1/campaigns',
    operationId: 'listCampaigns',
    tags: ['Campaigns'],
    summary: 'The campaigns of a business, the latest first',
    access: { member: members, business: 'businessId', scope: 'offers.read' },
    query: campaignsQuery,
    responses: { 200: { description: 'A page of campaigns.', content: { 'application/json': campaignsAnswer } } },
    handler: (input) => {
      const { caller, businessId, query } = input;
      const { limit, cursor } = query;
      const walk = { secret: cursorSecret, question: businessId };
      const after = pageStart(campaignList, cursor, walk);
      return inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, caller, members);
        const rows = await listCampaigns(tx, { businessId, after, limit: limit + 1 });
        const { data, page } = pageOf(campaignList, rows, limit, walk);
        return { body: { data: data.map(mapCampaign), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function getRoute({ database }: CampaignDeps): Route {
  return route({
    method: 'get',
    path: '/v1/campaigns/{id}',
    operationId: 'getCampaign',
    tags: ['Campaigns'],
    summary: 'One campaign with what is used of its limits',
    access: { member: members, businessOf: businessOf(database, 'campaign'), scope: 'offers.read' },
    params: campaignParams,
    responses: { 200: { description: 'The campaign.', content, headers } },
    handler: (input) =>
      inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, input.caller, members);
        return replyOf(await getCampaign(tx, { businessId: input.businessId, id: input.params.id }));
      }),
  });
}

function updateRoute({ database }: CampaignDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/campaigns/{id}',
    operationId: 'updateCampaign',
    tags: ['Campaigns'],
    summary: 'Change a campaign',
    access: { member: staff, businessOf: businessOf(database, 'campaign'), scope: 'offers.write' },
    ifMatch: 'required',
    params: campaignParams,
    body: campaignPatch,
    responses: { 200: { description: 'The campaign.', content, headers } },
    problems: [voucherProblems['voucher.limitBelowUse'].code],
    handler: (input) =>
      inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        return replyOf(await changeCampaign(tx, changeAsking(input), input.body));
      }).catch((error: unknown) => {
        throw campaignProblem(error);
      }),
  });
}

function deleteRoute({ database, now }: CampaignDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/campaigns/{id}',
    operationId: 'deleteCampaign',
    tags: ['Campaigns'],
    summary: 'Remove a campaign',
    description: 'One that no voucher belongs to and in which nothing was redeemed.',
    access: { member: staff, businessOf: businessOf(database, 'campaign'), scope: 'offers.write' },
    ifMatch: 'required',
    params: campaignParams,
    responses: { 204: { description: 'It is gone.' } },
    problems: [sharedProblems['record.inUse'].code],
    handler: (input) =>
      inTransaction(database, businessContext(input), async (tx) => {
        await assertActsForBusiness(tx, input.caller, staff);
        await removeCampaign(tx, changeAsking(input), now());
        return { status: 204 };
      }),
  });
}
