import {
  assertBusinessRole,
  callerContext,
  inIdempotentTransaction,
  inTransaction,
  newApiKey,
  pageOf,
  pageStart,
  type ApiKeys,
  type Database,
} from '@pika/database';
import { invalidRequest, newId, route, sharedProblems, type Route } from '@pika/shared';
import { mapApiKey } from './api-key.mapper.ts';
import { apiKeyList, insertApiKey, listApiKeys, revokeApiKey } from './api-key.repository.ts';
import { apiKeyParams, apiKeysAnswer, apiKeysQuery, createdApiKey, newApiKeyBody } from './api-key.schemas.ts';

export interface ApiKeyDeps {
  database: Database;
  apiKeys: Pick<ApiKeys, 'forget'>;
  cursorSecret: string;
  now: () => Date;
}

const managers = ['owner', 'manager'] as const;
/** Persons of a business alone: no route of keys names a scope, so no key can make another. */
const access = { member: managers, business: 'businessId' } as const;

export function apiKeyRoutes(deps: ApiKeyDeps): Route[] {
  return [insertRoute(deps), listRoute(deps), revokeRoute(deps)];
}

function insertRoute({ database, now }: ApiKeyDeps): Route {
  return route({
    method: 'post',
    path: '/v1/api-keys',
    operationId: 'insertApiKey',
    tags: ['API keys'],
    summary: 'Make a key for programs of a business',
    access,
    idempotency: 'required',
    body: newApiKeyBody,
    responses: {
      201: { description: 'The key with its secret.', content: { 'application/json': createdApiKey } },
    },
    handler: ({ caller, body, idempotency, requestId, clientAddress }) => {
      if (caller.kind !== 'user') throw sharedProblems['access.denied']();
      const createdAt = now();
      const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
      if (expiresAt !== null && expiresAt <= createdAt)
        throw invalidRequest([{ field: 'expiresAt', code: 'notInFuture' }]);
      const { businessId, name, scopes, allowedOrigins } = body;
      const context = callerContext(caller, { requestId, clientAddress, businessId });
      return inIdempotentTransaction(database, context, idempotency, async (tx) => {
        await assertBusinessRole(tx, managers);
        const { token, prefix, secretHash } = newApiKey();
        const own = { id: newId(createdAt), businessId, name, prefix, scopes, allowedOrigins, createdAt, expiresAt };
        await insertApiKey(tx, { ...own, secretHash, createdBy: caller.userId });
        const answer = mapApiKey({ ...own, createdBy: caller.userId, lastUsedAt: null, revokedAt: null });
        return {
          status: 201,
          body: { ...answer, secret: token },
          repeatBody: { ...answer, secret: null },
          cacheControl: 'no-store',
        };
      });
    },
  });
}

function listRoute({ database, cursorSecret }: ApiKeyDeps): Route {
  return route({
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tags: ['API keys'],
    summary: 'The keys of a business, the latest first, revoked ones too',
    access,
    query: apiKeysQuery,
    responses: { 200: { description: 'A page of keys.', content: { 'application/json': apiKeysAnswer } } },
    handler: ({ caller, query: { businessId, limit, cursor }, requestId, clientAddress }) => {
      const walk = { secret: cursorSecret, question: businessId };
      const after = pageStart(apiKeyList, cursor, walk);
      const context = callerContext(caller, { requestId, clientAddress, businessId });
      return inTransaction(database, context, async (tx) => {
        await assertBusinessRole(tx, managers);
        const rows = await listApiKeys(tx, { businessId, after, limit: limit + 1 });
        const { data, page } = pageOf(apiKeyList, rows, limit, walk);
        return { body: { data: data.map(mapApiKey), page }, cacheControl: 'no-store' };
      });
    },
  });
}

function revokeRoute({ database, apiKeys, now }: ApiKeyDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    tags: ['API keys'],
    summary: 'Revoke a key',
    description:
      'It is refused here at once and everywhere within 15 seconds; rows of the business it sees no more at once.',
    access: 'authenticated',
    params: apiKeyParams,
    responses: { 204: { description: 'It is revoked, once.' } },
    problems: [sharedProblems['record.notFound'].code, sharedProblems['access.denied'].code],
    handler: async ({ caller, params: { id }, requestId, clientAddress }) => {
      const context = callerContext(caller, { requestId, clientAddress });
      const verdict = await inTransaction(database, context, (tx) => revokeApiKey(tx, id, now()));
      if (verdict === 'unknown') throw sharedProblems['record.notFound']();
      if (verdict === 'denied') throw sharedProblems['access.denied']();
      apiKeys.forget(id);
      return { status: 204 };
    },
  });
}
