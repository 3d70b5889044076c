import { callerContext, inTransaction, lockVersion, type Database } from '@pika/database';
import { route, sharedProblems, type Reply, type Route } from '@pika/shared';
import { lockUser, updateDisplayName } from './profile.repository.ts';
import { profileAnswer, profilePatch } from './profile.schemas.ts';
import { assertProfile, getProfile, type TaggedProfile } from './profile.service.ts';

export function profileRoutes(deps: { database: Database }): Route[] {
  return [getRoute(deps), patchRoute(deps)];
}

const responses = {
  200: {
    description: 'Who I am.',
    content: { 'application/json': profileAnswer },
    headers: { ETag: 'Version of all of it, for `If-Match` and `If-None-Match`.' },
  },
};

const replyOf = ({ profile, etag }: TaggedProfile): Reply => ({
  body: profile,
  cacheControl: 'no-store',
  headers: { ETag: etag },
  etag: true,
});

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
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) =>
        replyOf(await getProfile(tx, caller)),
      ),
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
        await lockVersion(tx, lockUser(caller.userId), undefined);
        await assertProfile(tx, caller, request.headers['if-match']);
        if (displayName !== undefined) await updateDisplayName(tx, caller.userId, displayName);
        return replyOf(await getProfile(tx, caller));
      }),
  });
}
