import { assertBusinessRole, inIdempotentTransaction, inTransaction, pageOf, pageStart } from '@pika/database';
import { contextOf, route, sharedProblems, type Route } from '@pika/shared';
import { memberContext } from '../member/member.service.ts';
import { businessProblems } from '../problems.ts';
import { mapInvitation } from './invitation.mapper.ts';
import { invitationList, listInvitations, revokeInvitation } from './invitation.repository.ts';
import {
  acceptance,
  acceptedAnswer,
  invitationAnswer,
  invitationParams,
  invitationsAnswer,
  invitationsParams,
  invitationsQuery,
  newInvitation,
} from './invitation.schemas.ts';
import { accept, invite, type InvitationDeps } from './invitation.service.ts';

const managers = ['owner', 'manager'] as const;
const access = { member: managers, business: 'businessId' } as const;
const notFound = sharedProblems['record.notFound'];

export function invitationRoutes(deps: InvitationDeps): Route[] {
  return [insertRoute(deps), listRoute(deps), revokeRoute(deps), acceptRoute(deps)];
}

function insertRoute(deps: InvitationDeps): Route {
  return route({
    method: 'post',
    path: '/v1/businesses/{businessId}/invitations',
    operationId: 'insertInvitation',
    tags: ['Members'],
    summary: 'Invite somebody by e-mail',
    description:
      'The link in the mail is good for seven days, once, for a person with that verified address. An open invitation to ' +
      'the same address makes way for this one. Managers invite redeemers, owners everybody; a business makes 50 in a day.',
    access,
    idempotency: 'required',
    params: invitationsParams,
    body: newInvitation,
    responses: { 201: { description: 'The invitation.', content: { 'application/json': invitationAnswer } } },
    problems: [businessProblems['invitation.alreadyMember'].code],
    handler: ({ caller, params: { businessId }, body, idempotency, request, requestId, clientAddress }) => {
      if (caller.kind !== 'user') throw sharedProblems['access.denied']();
      const context = memberContext({ caller, businessId, requestId, clientAddress });
      const language = contextOf(request).messageLanguage;
      return inIdempotentTransaction(deps.database, context, idempotency, async (tx) => {
        const asked = { businessId, ...body, invitedBy: caller.userId, language, requestId };
        const row = await invite(tx, deps, asked);
        return { status: 201, body: mapInvitation(row, row.createdAt), cacheControl: 'no-store' };
      });
    },
  });
}

function listRoute({ database, cursorSecret, now }: InvitationDeps): Route {
  return route({
    method: 'get',
    path: '/v1/businesses/{businessId}/invitations',
    operationId: 'listInvitations',
    tags: ['Members'],
    summary: 'Invitations of a business, the latest first',
    access,
    params: invitationsParams,
    query: invitationsQuery,
    responses: { 200: { description: 'A page of invitations.', content: { 'application/json': invitationsAnswer } } },
    handler: ({ caller, params: { businessId }, query: { limit, cursor }, requestId, clientAddress }) => {
      const walk = { secret: cursorSecret, question: businessId };
      const after = pageStart(invitationList, cursor, walk);
      return inTransaction(database, memberContext({ caller, businessId, requestId, clientAddress }), async (tx) => {
        await assertBusinessRole(tx, managers);
        const rows = await listInvitations(tx, { businessId, after, limit: limit + 1 });
        const { data, page } = pageOf(invitationList, rows, limit, walk);
        const at = now();
        return { body: { data: data.map((row) => mapInvitation(row, at)), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function revokeRoute({ database, now }: InvitationDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/businesses/{businessId}/invitations/{id}',
    operationId: 'revokeInvitation',
    tags: ['Members'],
    summary: 'Revoke an open invitation',
    access,
    params: invitationParams,
    responses: { 204: { description: 'Its link is void.' } },
    problems: [notFound.code],
    handler: ({ caller, params: { businessId, id }, requestId, clientAddress }) =>
      inTransaction(database, memberContext({ caller, businessId, requestId, clientAddress }), async (tx) => {
        await assertBusinessRole(tx, managers);
        if (!(await revokeInvitation(tx, { businessId, id, now: now() }))) throw notFound();
        return { status: 204 };
      }),
  });
}

function acceptRoute(deps: InvitationDeps): Route {
  return route({
    method: 'post',
    path: '/v1/businesses/invitations/accept',
    operationId: 'acceptInvitation',
    tags: ['Members'],
    summary: 'Accept an invitation',
    description:
      'By the person with the verified e-mail address that it was sent to; accepted again, it is answered the same.',
    access: 'authenticated',
    idempotency: 'none',
    rateLimit: 'login',
    body: acceptance,
    responses: { 200: { description: 'The membership.', content: { 'application/json': acceptedAnswer } } },
    problems: [
      businessProblems['invitation.notFound'].code,
      businessProblems['invitation.expired'].code,
      businessProblems['invitation.emailNotVerified'].code,
    ],
    handler: async ({ caller, body: { token }, requestId, clientAddress }) => ({
      body: await accept(deps, { caller, token, requestId, clientAddress }),
      cacheControl: 'no-store',
    }),
  });
}
