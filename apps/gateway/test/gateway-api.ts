import { gatewayLocales, gatewayRoutes } from '@pika/gateway';
import { openAuthentication, stableId } from '@pika/database';
import { identitySettings, openIdentity } from '@pika/identity';
import { createLogger, invalidToken, mountRoutes, openCache, type Caller, type Route } from '@pika/shared';
import {
  insertRows,
  seededDatabase,
  startApi,
  testClock,
  type Api,
  type OpenTestDatabase,
  type TestCallers,
} from '@pika/tests';

/** All that the gateway serves, for callers of the test's own, on a seeded database. */
export interface GatewayApi {
  readonly test: OpenTestDatabase;
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly people: People;
  close(): Promise<void>;
}

export interface People {
  /** The business of most callers, and one of somebody else; both are in the seed. */
  readonly businessId: string;
  readonly otherBusinessId: string;
  readonly userIds: Readonly<Record<PersonName, string>>;
  /** Each has one, which is in the database too. */
  readonly sessionIds: Readonly<Record<PersonName, string>>;
  readonly callers: TestCallers;
}

const personNames = [
  'consumer',
  'otherConsumer',
  'redeemer',
  'manager',
  'owner',
  'otherOwner',
  'support',
  'admin',
] as const;
type PersonName = (typeof personNames)[number];

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
  const routes = gatewayRoutes({
    ...identity.deps,
    database,
    cache,
    cursorSecret: 'a secret of the tests',
    invitationSecret: settings.INVITATION_SECRET,
    nearbyBatch: () => 8,
    now,
  });
  const people = await addPeople(test, scopesOf(routes));
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
    typeof access === 'object' && 'member' in access && access.scope !== undefined ? [access.scope] : [],
  );
}

async function addPeople({ pool }: OpenTestDatabase, scopes: readonly string[]): Promise<People> {
  const found = await pool.query<{ id: string }>(
    `SELECT id FROM business.businesses WHERE status = 'verified' AND deleted_at IS NULL ORDER BY id LIMIT 2`,
  );
  const [businessId, otherBusinessId] = found.rows.map(({ id }) => id);
  if (businessId === undefined || otherBusinessId === undefined) throw new Error('The seed holds no two businesses.');
  const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
  const userIds = Object.fromEntries(personNames.map((name) => [name, stableId(`test:${name}`)])) as People['userIds'];
  await insertRows(
    pool,
    'users.users',
    personNames.map((name) => ({
      id: userIds[name],
      email: `${name.toLowerCase()}@test.example`,
      display_name: name,
      state: 'active',
      version: 1,
      ...stamps,
    })),
  );
  const sessionIds = Object.fromEntries(
    personNames.map((name) => [name, stableId(`test:session:${name}`)]),
  ) as People['sessionIds'];
  await insertRows(
    pool,
    'identity.sessions',
    personNames.map((name) => ({
      id: sessionIds[name],
      user_id: userIds[name],
      created_at: '2026-03-01T00:00:00Z',
      last_used_at: '2026-03-01T00:00:00Z',
      expires_at: '2036-03-01T00:00:00Z',
    })),
  );
  const members = [
    ['owner', 'owner', businessId],
    ['manager', 'manager', businessId],
    ['redeemer', 'redeemer', businessId],
    ['otherOwner', 'owner', otherBusinessId],
  ] as const;
  await insertRows(
    pool,
    'business.members',
    members.map(([name, role, business]) => ({ business_id: business, user_id: userIds[name], role, ...stamps })),
  );
  const person = (name: PersonName) => ({
    token: `token.of.${name}`,
    caller: {
      kind: 'user' as const,
      userId: userIds[name],
      sessionId: sessionIds[name],
      roles: name === 'support' || name === 'admin' ? [name] : [],
      businesses: Object.fromEntries(members.flatMap(([who, role, id]) => (who === name ? [[id, role]] : []))),
    },
  });
  const key = (name: string, ofBusiness: string, keyScopes: readonly string[]) => ({
    token: `pika_${name}`,
    caller: {
      kind: 'apiKey' as const,
      keyId: stableId(`test:key:${name}`),
      businessId: ofBusiness,
      scopes: keyScopes,
    },
  });
  const callers = {
    ...Object.fromEntries(personNames.map((name) => [name, person(name)])),
    key: key('key', businessId, scopes),
    weakKey: key('weakKey', businessId, []),
    otherKey: key('otherKey', otherBusinessId, scopes),
  };
  return { businessId, otherBusinessId, userIds, sessionIds, callers };
}
