import { inTransaction, pageOf, pageStart } from '@pika/database';
import { etagOfVersion, accessTokenSeconds, route, sharedProblems, type Reply, type Route } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { mapUser, mapUserDetail } from './user.mapper.ts';
import { listUsers, userList, type UserDetailRow } from './user.repository.ts';
import {
  impersonationAnswer,
  impersonationBody,
  userAnswer,
  userParams,
  userPatch,
  userRoleParams,
  usersAnswer,
  usersQuery,
} from './user.schemas.ts';
import {
  changeState,
  getUser,
  grantRole,
  impersonate,
  operatorContext,
  withdrawRole,
  type UserDeps,
} from './user.service.ts';

const operators = { roles: ['support', 'admin'] } as const;
const admins = { roles: ['admin'] } as const;
const responses = {
  200: {
    description: 'The person.',
    content: { 'application/json': userAnswer },
    headers: { ETag: 'Version of the account, for `If-Match`.' },
  },
};
const notFound = sharedProblems['record.notFound'].code;

export function userRoutes(deps: UserDeps): Route[] {
  return [listRoute(deps), getRoute(deps), patchRoute(deps), grantRoute(deps), withdrawRoute(deps), actRoute(deps)];
}

const replyOf = (row: UserDetailRow): Reply => ({
  body: mapUserDetail(row),
  cacheControl: 'no-store',
  headers: { ETag: etagOfVersion(row.version) },
});

function listRoute({ database, cursorSecret }: UserDeps): Route {
  return route({
    method: 'get',
    path: '/v1/admin/users',
    operationId: 'listUsers',
    tags: ['Admin'],
    summary: 'People, the latest first',
    access: operators,
    query: usersQuery,
    responses: { 200: { description: 'A page of people.', content: { 'application/json': usersAnswer } } },
    handler: async ({ caller, query: { limit, cursor, ...asked }, requestId, clientAddress }) => {
      const filter = { email: asked.email, name: asked.name, state: asked.state, role: asked.role };
      const walk = { secret: cursorSecret, question: filter };
      const after = pageStart(userList, cursor, walk);
      const context = operatorContext({ caller, requestId, clientAddress });
      const rows = await inTransaction(database, context, (tx) => listUsers(tx, filter, { after, limit: limit + 1 }));
      const { data, page } = pageOf(userList, rows, limit, walk);
      return { body: { data: data.map(mapUser), page }, cacheControl: 'no-store' };
    },
  });
}

function getRoute({ database, now }: UserDeps): Route {
  return route({
    method: 'get',
    path: '/v1/admin/users/{id}',
    operationId: 'getUser',
    tags: ['Admin'],
    summary: 'One person',
    access: operators,
    params: userParams,
    responses,
    problems: [notFound],
    handler: async ({ caller, params: { id }, requestId, clientAddress }) => {
      const context = operatorContext({ caller, requestId, clientAddress });
      return replyOf(await inTransaction(database, context, (tx) => getUser(tx, id, now())));
    },
  });
}

function patchRoute(deps: UserDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/admin/users/{id}',
    operationId: 'updateUser',
    tags: ['Admin'],
    summary: 'Suspend or reactivate a person',
    description:
      'Suspending ends their sessions: here at once, everywhere within a minute. Operators are suspended by admins.',
    access: operators,
    params: userParams,
    body: userPatch,
    responses,
    problems: [
      notFound,
      identityProblems['admin.ownAccount'].code,
      identityProblems['admin.lastAdmin'].code,
      sharedProblems['record.changed'].code,
    ],
    handler: async ({ caller, params: { id }, body, request, requestId, clientAddress }) => {
      const changed = { id, ...body, ifMatch: request.headers['if-match'] };
      return replyOf(await changeState(deps, { caller, requestId, clientAddress }, changed));
    },
  });
}

function grantRoute(deps: UserDeps): Route {
  return route({
    method: 'put',
    path: '/v1/admin/users/{id}/roles/{role}',
    operationId: 'grantRole',
    tags: ['Admin'],
    summary: 'Give a person a role of the platform',
    description: 'They have it from the next refresh of their access token on.',
    access: admins,
    params: userRoleParams,
    responses,
    problems: [
      notFound,
      identityProblems['admin.ownAccount'].code,
      identityProblems['admin.notActive'].code,
      sharedProblems['record.changed'].code,
    ],
    handler: async ({ caller, params, request, requestId, clientAddress }) => {
      const granted = { ...params, ifMatch: request.headers['if-match'] };
      return replyOf(await grantRole(deps, { caller, requestId, clientAddress }, granted));
    },
  });
}

function withdrawRoute(deps: UserDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/admin/users/{id}/roles/{role}',
    operationId: 'withdrawRole',
    tags: ['Admin'],
    summary: 'Take a role of the platform away',
    description: 'Ends their sessions, so that they are without it at once.',
    access: admins,
    params: userRoleParams,
    responses,
    problems: [
      notFound,
      identityProblems['admin.ownAccount'].code,
      identityProblems['admin.lastAdmin'].code,
      sharedProblems['record.changed'].code,
    ],
    handler: async ({ caller, params, request, requestId, clientAddress }) => {
      const withdrawn = { ...params, ifMatch: request.headers['if-match'] };
      return replyOf(await withdrawRole(deps, { caller, requestId, clientAddress }, withdrawn));
    },
  });
}

function actRoute(deps: UserDeps): Route {
  return route({
    method: 'post',
    path: '/v1/admin/users/{id}/impersonate',
    operationId: 'impersonateUser',
    tags: ['Admin'],
    summary: 'Act as a person, to help them',
    description:
      'For ten minutes, and not as another operator. Everything done names both in the audit log; the password, the second ' +
      'factor, keys, the export and the erasure stay the person’s own.',
    access: operators,
    idempotency: 'none',
    params: userParams,
    body: impersonationBody,
    responses: { 200: { description: 'The token.', content: { 'application/json': impersonationAnswer } } },
    problems: [notFound, identityProblems['admin.isOperator'].code, identityProblems['admin.notActive'].code],
    handler: async ({ caller, params: { id }, body: { reason }, request, requestId, clientAddress }) => {
      const acting = { id, reason, userAgent: request.headers['user-agent'] ?? null };
      const accessToken = await impersonate(deps, { caller, requestId, clientAddress }, acting);
      return { body: { accessToken, expiresIn: accessTokenSeconds, tokenType: 'Bearer' }, cacheControl: 'no-store' };
    },
  });
}
