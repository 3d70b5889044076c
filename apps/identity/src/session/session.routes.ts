import {
  callerContext,
  openPage,
  pageOf,
  singleStatements,
  type Database,
  type Db,
  type RevokedSessions,
} from '@pika/database';
import { invalidRequest, route, sharedProblems, type Caller, type Route } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { mapSession } from './session.mapper.ts';
import { listSessions, revokeAllSessions, revokeSession, sessionList } from './session.repository.ts';
import { refreshBody, sessionParams, sessionsAnswer, sessionsQuery, tokenPair } from './session.schemas.ts';
import { rotateRefreshToken, type TokenRules } from './session.service.ts';

export interface SessionDeps {
  database: Database;
  tokenRules: TokenRules;
  revokedSessions: Pick<RevokedSessions, 'add'>;
  cursorSecret: string;
  now: () => Date;
}

export function sessionRoutes(deps: SessionDeps): Route[] {
  return [refreshRoute(deps), logOutRoute(deps), logOutAllRoute(deps), listRoute(deps), deleteRoute(deps)];
}

interface Asked<Who extends Caller> {
  caller: Who;
  requestId: string;
  clientAddress: string;
}

function dbOf<Who extends Caller>(database: Database, { caller, requestId, clientAddress }: Asked<Who>): Db {
  return singleStatements(database, callerContext(caller, { requestId, clientAddress }));
}

function refreshRoute({ database, tokenRules, revokedSessions, now }: SessionDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/refresh',
    operationId: 'refreshSession',
    tags: ['Auth'],
    summary: 'Exchange a refresh token for a new pair',
    description:
      'The former refresh token is spent. Sent again within ten seconds it is answered with the same pair, for an answer ' +
      'may have been lost; later than that, or once the new one was exchanged too, it is a stolen one, and its session ends.',
    access: 'public',
    // An answer with tokens is never stored; the rotation itself bears being asked again.
    idempotency: 'none',
    rateLimit: 'login',
    body: refreshBody,
    responses: { 200: { description: 'The new pair.', content: { 'application/json': tokenPair } } },
    problems: [identityProblems['auth.invalidRefreshToken'].code],
    handler: async ({ body: { refreshToken }, caller, requestId, clientAddress, log }) => {
      const db = dbOf(database, { caller, requestId, clientAddress });
      const refreshed = await rotateRefreshToken(db, tokenRules, { refreshToken, now: now() });
      if ('pair' in refreshed) return { body: refreshed.pair, cacheControl: 'no-store' };
      if (refreshed.verdict === 'reused') {
        revokedSessions.add([refreshed.sessionId]);
        log.warn({ sessionId: refreshed.sessionId }, 'a spent refresh token came again: its session is revoked');
      }
      throw invalidRefreshToken();
    },
  });
}

function invalidRefreshToken() {
  return identityProblems['auth.invalidRefreshToken']({
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}

function logOutRoute({ database, revokedSessions, now }: SessionDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/logout',
    operationId: 'logOut',
    tags: ['Auth'],
    summary: 'End this session',
    access: 'authenticated',
    impersonated: true,
    idempotency: 'none',
    responses: { 204: { description: 'It has ended, with its access tokens.' } },
    handler: async ({ caller, requestId, clientAddress }) => {
      const { userId, sessionId } = caller;
      const db = dbOf(database, { caller, requestId, clientAddress });
      await revokeSession(db, { userId, sessionId, reason: 'log_out', now: now() });
      revokedSessions.add([sessionId]);
      return { status: 204 };
    },
  });
}

function logOutAllRoute({ database, revokedSessions, now }: SessionDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/logout-all',
    operationId: 'logOutEverywhere',
    tags: ['Auth'],
    summary: 'End all sessions, this one too',
    description: 'An operator’s also where they act as others.',
    access: 'authenticated',
    idempotency: 'none',
    responses: { 204: { description: 'They have ended, with their access tokens.' } },
    handler: async ({ caller, requestId, clientAddress }) => {
      const { userId, roles } = caller;
      const role = roles.length > 0 ? 'pika_support' : 'pika_app';
      const db = singleStatements(database, callerContext(caller, { role, requestId, clientAddress }));
      revokedSessions.add(await revokeAllSessions(db, { userId, reason: 'log_out_everywhere', now: now() }));
      return { status: 204 };
    },
  });
}

function listRoute({ database, cursorSecret, now }: SessionDeps): Route {
  return route({
    method: 'get',
    path: '/v1/me/sessions',
    operationId: 'listSessions',
    tags: ['Me'],
    summary: 'Where I am logged in, the latest first',
    access: 'authenticated',
    query: sessionsQuery,
    responses: { 200: { description: 'A page of sessions.', content: { 'application/json': sessionsAnswer } } },
    handler: async ({ caller, query: { limit, cursor }, requestId, clientAddress }) => {
      const { userId, sessionId } = caller;
      const walk = { secret: cursorSecret, question: userId };
      const after = cursor === undefined ? null : openPage(sessionList, cursor, walk);
      if (cursor !== undefined && after === null) throw invalidRequest([{ field: 'cursor', code: 'foreignCursor' }]);
      const db = dbOf(database, { caller, requestId, clientAddress });
      const rows = await listSessions(db, { userId, now: now(), after, limit: limit + 1 });
      const { data, page } = pageOf(sessionList, rows, limit, walk);
      return { body: { data: data.map((row) => mapSession(row, sessionId)), page }, cacheControl: 'no-store' };
    },
  });
}

function deleteRoute({ database, revokedSessions, now }: SessionDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/me/sessions/{id}',
    operationId: 'deleteSession',
    tags: ['Me'],
    summary: 'End one of my sessions',
    access: 'authenticated',
    params: sessionParams,
    responses: { 204: { description: 'It has ended, with its access tokens.' } },
    problems: [sharedProblems['record.notFound'].code],
    handler: async ({ caller, params: { id }, requestId, clientAddress }) => {
      const db = dbOf(database, { caller, requestId, clientAddress });
      const { userId } = caller;
      if (!(await revokeSession(db, { userId, sessionId: id, reason: 'ended_by_user', now: now() }))) {
        throw sharedProblems['record.notFound']();
      }
      revokedSessions.add([id]);
      return { status: 204 };
    },
  });
}
