import { callerContext, inTransaction, lockVersion, type Database, type Db } from '@pika/database';
import {
  etagOfVersion,
  contextOf,
  invalidRequest,
  isKnownLanguageTag,
  languageChainOf,
  route,
  sharedProblems,
  type KnownLanguage,
  type Reply,
  type Route,
} from '@pika/shared';
import {
  findPreferences,
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
    etag: true,
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
    description:
      'The language is any tag that leads to one of ours, and is kept as that: es-PY as es. The access token carries it: ' +
      'answers come in it from the next refresh on, within ten minutes by itself, at once where the client refreshes now.',
    impersonated: true,
    access: 'authenticated',
    body: preferencesPatch,
    responses,
    problems: [sharedProblems['record.notFound'].code, sharedProblems['record.changed'].code],
    handler: ({ caller: { userId, ...caller }, body, request, requestId, clientAddress }) =>
      inTransaction(database, callerContext({ ...caller, userId }, { requestId, clientAddress }), async (tx) => {
        await lockVersion(tx, lockPreferences(userId), request.headers['if-match']);
        const before = await getPreferences(tx, userId);
        const { languages } = contextOf(request).edge.languages();
        if (body.language !== undefined) await updateLanguage(tx, userId, knownLanguage(body.language, languages));
        const wished = {
          emailActivity: body.notifications?.emailActivity ?? before.emailActivity,
          emailOffers: body.notifications?.emailOffers ?? before.emailOffers,
        };
        if (wished.emailActivity !== before.emailActivity || wished.emailOffers !== before.emailOffers) {
          await upsertNotifications(tx, userId, wished);
        }
        return replyOf(await getPreferences(tx, userId));
      }),
  });
}

/** As a registration settles it. */
function knownLanguage(tag: string | null, languages: readonly KnownLanguage[]): string | null {
  if (tag === null) return null;
  const [code] = isKnownLanguageTag(tag, languages) ? languageChainOf(tag, languages).chain : [];
  if (code !== undefined) return code;
  const known = languages.map((language) => language.code);
  throw invalidRequest([{ field: 'language', code: 'unknownLanguage', params: { known } }]);
}
