import { callerContext, inTransaction, lockVersion, type Database, type Db } from '@pika/database';
import {
  etagOfVersion,
  canonicalCase,
  invalidRequest,
  route,
  sharedProblems,
  type Reply,
  type Route,
} from '@pika/shared';
import {
  findPreferences,
  listLanguageCodes,
  lockPreferences,
  updateLanguage,
  upsertNotifications,
  type PreferenceRow,
} from './preference.repository.ts';
import { preferencesAnswer, preferencesPatch } from './preference.schemas.ts';

export function preferenceRoutes(deps: { database: Database }): Route[] {
  return [getRoute(deps), patchRoute(deps)];
}

const responses = {
  200: {
    description: 'What I prefer.',
    content: { 'application/json': preferencesAnswer },
    headers: { ETag: 'Version of the preferences, for `If-Match`.' },
  },
};

async function getPreferences(tx: Db, userId: string): Promise<PreferenceRow> {
  const row = await findPreferences(tx, userId);
  if (row === null) throw sharedProblems['record.notFound']();
  return row;
}

function replyOf({ language, emailActivity, emailOffers, version }: PreferenceRow): Reply {
  return {
    body: { language, notifications: { emailActivity, emailOffers } },
    cacheControl: 'no-store',
    headers: { ETag: etagOfVersion(version) },
  };
}

function getRoute({ database }: { database: Database }): Route {
  return route({
    method: 'get',
    path: '/v1/me/preferences',
    operationId: 'getPreferences',
    tags: ['Me'],
    summary: 'My language and what I want to be told of',
    access: 'authenticated',
    responses,
    problems: [sharedProblems['record.notFound'].code],
    handler: ({ caller, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) =>
        replyOf(await getPreferences(tx, caller.userId)),
      ),
  });
}

function patchRoute({ database }: { database: Database }): Route {
  return route({
    method: 'patch',
    path: '/v1/me/preferences',
    operationId: 'updatePreferences',
    tags: ['Me'],
    summary: 'Change what I prefer',
    description: 'Answers come in the new language from the next refresh of the access token on, which carries it.',
    impersonated: true,
    access: 'authenticated',
    body: preferencesPatch,
    responses,
    problems: [sharedProblems['record.notFound'].code, sharedProblems['record.changed'].code],
    handler: ({ caller: { userId, ...caller }, body, request, requestId, clientAddress }) =>
      inTransaction(database, callerContext({ ...caller, userId }, { requestId, clientAddress }), async (tx) => {
        await lockVersion(tx, lockPreferences(userId), request.headers['if-match']);
        const { emailActivity, emailOffers } = await getPreferences(tx, userId);
        if (body.language !== undefined) await updateLanguage(tx, userId, await knownLanguage(tx, body.language));
        if (body.notifications !== undefined) {
          await upsertNotifications(tx, userId, {
            emailActivity: body.notifications.emailActivity ?? emailActivity,
            emailOffers: body.notifications.emailOffers ?? emailOffers,
          });
        }
        return replyOf(await getPreferences(tx, userId));
      }),
  });
}

async function knownLanguage(tx: Db, tag: string | null): Promise<string | null> {
  if (tag === null) return null;
  const known = await listLanguageCodes(tx);
  const code = canonicalCase(tag);
  if (!known.includes(code)) throw invalidRequest([{ field: 'language', code: 'unknownLanguage', params: { known } }]);
  return code;
}
