import { gatewayLocales, gatewayRoutes } from '@pika/gateway';
import { openAuthentication } from '@pika/database';
import { identitySettings, openIdentity } from '@pika/identity';
import { createLogger, invalidToken, mountRoutes, openCache, type Caller, type Route } from '@pika/shared';
import { seededDatabase, startApi, testClock, type Api, type OpenTestDatabase, type TestCallers } from '@pika/tests';
import { openVoucherKeys } from '@pika/vouchers';
import { peopleOf, type People } from './gateway-people.ts';
import { restoreRows, seededBusinesses } from './gateway-rows.ts';

/** All that the gateway serves, for callers of the test's own, on a seeded database. */
export interface GatewayApi {
  readonly test: OpenTestDatabase;
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly people: People;
  close(): Promise<void>;
}

export async function startGatewayApi(): Promise<GatewayApi> {
  const test = await seededDatabase();
  const { database } = test;
  const onError = (error: unknown) => {
    throw error;
  };
  const cache = openCache({ redisUrl: undefined, onError });
  const { now } = testClock('2026-03-04T15:00:00Z');
  const settings = identitySettings.parse({ IDENTITY_SECRET: 'a secret of the tests' });
  const authentication = await openAuthentication(database, { settings, onError, now });
  const identity = await openIdentity({
    database,
    settings,
    authentication,
    mailer: { send: async () => undefined, close: () => undefined },
    publicUrl: 'https://pika.example/',
    log: createLogger({ level: 'silent', name: 'test' }),
    now,
  });
  const voucherKeys = await openVoucherKeys(database, { secret: 'a secret of the tests', now, onError });
  const routes = gatewayRoutes({
    ...identity.deps,
    database,
    cache,
    cursorSecret: 'a secret of the tests',
    invitationSecret: settings.INVITATION_SECRET,
    nearbyBatch: () => 8,
    voucherKeys,
    now,
  });
  const people = peopleOf(await seededBusinesses(test.pool), scopesOf(routes));
  await restoreRows(test.pool, people);
  const api = await startApi({
    database,
    routers: [mountRoutes(routes)],
    locales: gatewayLocales,
    authenticate: async (token) => callerByToken(people.callers, token),
  });
  return {
    test,
    api,
    routes,
    people,
    close: async () => {
      await api.close();
      await identity.stop();
      voucherKeys.stop();
      authentication.stop();
      await cache.close();
      await test.close();
    },
  };
}

function callerByToken(callers: TestCallers, token: string): Caller {
  const found = Object.values(callers).find((each) => each.token === token);
  if (found === undefined) throw invalidToken();
  return found.caller;
}

/** Every scope that a route asks for. */
function scopesOf(routes: readonly Route[]): string[] {
  return routes.flatMap(({ access }) =>
    typeof access === 'object' && 'scope' in access && access.scope !== undefined ? [access.scope] : [],
  );
}
