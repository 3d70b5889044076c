import { callerContext, inTransaction, lockVersion, type Database, type Db } from '@pika/database';
import { etagOfVersion, route, sharedProblems, type Reply, type Route, type UserCaller } from '@pika/shared';
import { mapProfile } from './profile.mapper.ts';
import { findProfile, lockUser, updateDisplayName } from './profile.repository.ts';
import { profileAnswer, profilePatch } from './profile.schemas.ts';

export function profileRoutes(deps: { database: Database }): Route[] {
  return [getRoute(deps), patchRoute(deps)];
}

const responses = {
  200: {
    description: 'Who I am.',
    content: { 'application/json': profileAnswer },
    headers: { ETag: 'Version of the profile, for `If-Match`.' },
  },
};

async function answer(tx: Db, { userId, impersonatedBy }: UserCaller): Promise<Reply> {
  const row = await findProfile(tx, userId);
  if (row === null) throw sharedProblems['record.notFound']();
  const headers = { ETag: etagOfVersion(row.version) };
  return { body: mapProfile(row, impersonatedBy), cacheControl: 'no-store', headers };
}

function getRoute({ database }: { database: Database }): Route {
  return route({
    method: 'get',
    path: '/v1/me',
    operationId: 'getProfile',
    tags: ['Me'],
    summary: 'Who I am',
    access: 'authenticated',
    responses,
    problems: [sharedProblems['record.notFound'].code],
    handler: ({ caller, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), (tx) => answer(tx, caller)),
  });
}

function patchRoute({ database }: { database: Database }): Route {
  return route({
    method: 'patch',
    path: '/v1/me',
    operationId: 'updateProfile',
    tags: ['Me'],
    summary: 'Change my profile',
    description: 'The e-mail address is not changed here: a new one has to be verified first.',
    access: 'authenticated',
    impersonated: true,
    body: profilePatch,
    responses,
    problems: [sharedProblems['record.notFound'].code, sharedProblems['record.changed'].code],
    handler: ({ caller, body: { displayName }, request, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
        await lockVersion(tx, lockUser(caller.userId), request.headers['if-match']);
        if (displayName !== undefined) await updateDisplayName(tx, caller.userId, displayName);
        return answer(tx, caller);
      }),
  });
}
