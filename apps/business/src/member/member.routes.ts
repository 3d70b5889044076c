import { assertBusinessRole, inTransaction, pageOf, pageStart, type Database } from '@pika/database';
import { instantText, route, sharedProblems, type Route } from '@pika/shared';
import { businessProblems } from '../problems.ts';
import { listMembers, memberList, type MemberRow } from './member.repository.ts';
import {
  memberAnswer,
  memberParams,
  memberPatch,
  membersAnswer,
  membersParams,
  membersQuery,
  type Member,
} from './member.schemas.ts';
import { changeRole, memberContext, removeMember } from './member.service.ts';

export interface MemberDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

const notFound = sharedProblems['record.notFound'].code;
const lastOwner = businessProblems['member.lastOwner'].code;

export function memberRoutes(deps: MemberDeps): Route[] {
  return [listRoute(deps), patchRoute(deps), deleteRoute(deps)];
}

const mapMember = ({ userId, email, displayName, role, createdAt }: MemberRow): Member => ({
  userId,
  email,
  displayName,
  role,
  createdAt: instantText(createdAt),
});

function listRoute({ database, cursorSecret }: MemberDeps): Route {
  return route({
    method: 'get',
    path: '/v1/businesses/{businessId}/members',
    operationId: 'listMembers',
    tags: ['Members'],
    summary: 'Who works for a business, the oldest members first',
    access: { member: ['owner', 'manager'], business: 'businessId' },
    params: membersParams,
    query: membersQuery,
    responses: { 200: { description: 'A page of members.', content: { 'application/json': membersAnswer } } },
    handler: ({ caller, params: { businessId }, query: { limit, cursor }, requestId, clientAddress }) => {
      const walk = { secret: cursorSecret, question: businessId };
      const after = pageStart(memberList, cursor, walk);
      return inTransaction(database, memberContext({ caller, businessId, requestId, clientAddress }), async (tx) => {
        await assertBusinessRole(tx, ['owner', 'manager']);
        const rows = await listMembers(tx, { businessId, after, limit: limit + 1 });
        const { data, page } = pageOf(memberList, rows, limit, walk);
        return { body: { data: data.map(mapMember), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function patchRoute({ database, now }: MemberDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/businesses/{businessId}/members/{userId}',
    operationId: 'updateMember',
    tags: ['Members'],
    summary: 'Change the role of a member',
    description:
      'Rows that only a role may touch follow it at once; access tokens say the new role from their next refresh on, within ten minutes. ' +
      'Open invitations of who is less than before are void.',
    access: { member: ['owner'], business: 'businessId' },
    params: memberParams,
    body: memberPatch,
    responses: { 200: { description: 'The member.', content: { 'application/json': memberAnswer } } },
    problems: [notFound, lastOwner],
    handler: async ({ caller, params: { businessId, userId }, body: { role }, requestId, clientAddress }) => ({
      body: mapMember(
        await changeRole(database, { caller, businessId, requestId, clientAddress }, { userId, role, now: now() }),
      ),
      cacheControl: 'no-store',
    }),
  });
}

function deleteRoute({ database, now }: MemberDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/businesses/{businessId}/members/{userId}',
    operationId: 'removeMember',
    tags: ['Members'],
    summary: 'Remove a member, or leave',
    description: 'What is the business’s own they do not see any more at once, whatever their access token says.',
    access: { member: ['owner', 'manager', 'redeemer'], business: 'businessId' },
    params: memberParams,
    responses: { 204: { description: 'They are no member any more.' } },
    problems: [notFound, lastOwner],
    handler: async ({ caller, params: { businessId, userId }, requestId, clientAddress }) => {
      await removeMember(database, { caller, businessId, requestId, clientAddress }, { userId, now: now() });
      return { status: 204 };
    },
  });
}
