import { randomUUID } from 'node:crypto';
import { openAuthentication, inTransaction, type Authentication } from '@pika/database';
import {
  identityLocales,
  identityRouter,
  identitySettings,
  openIdentity,
  startSession,
  type Identity,
  type TokenPair,
} from '@pika/identity';
import { mountRoutes, type Route } from '@pika/shared';
import { addLanguages, startApi, type Api, type OpenTestDatabase } from '@pika/tests';

export const settings = identitySettings.parse({
  AUTH_ISSUER: 'https://identity.pika.example',
  IDENTITY_SECRET: 'a secret of the tests',
});

export interface IdentityApi {
  api: Api;
  identity: Identity;
  authentication: Authentication;
  close(): Promise<void>;
}

const fail = (error: unknown) => {
  throw error;
};

/** This app on that database, with routes of the test beside its own. */
export async function startIdentityApi(
  { database }: Pick<OpenTestDatabase, 'database'>,
  { routes = [], now = () => new Date() }: { routes?: Route[]; now?: () => Date } = {},
): Promise<IdentityApi> {
  const authentication = await openAuthentication(database, { settings, asksSessions: true, onError: fail, now });
  const identity = await openIdentity({ database, settings, authentication, log: { error: fail }, now });
  const api = await startApi({
    database,
    routers: [mountRoutes(routes), identityRouter(identity.deps)],
    locales: [identityLocales],
    authenticate: authentication.authenticate,
  });
  return {
    api,
    identity,
    authentication,
    async close() {
      identity.stop();
      authentication.stop();
      await api.close();
    },
  };
}

/** A person, in a database whose languages are there. */
export async function addUser({ pool }: Pick<OpenTestDatabase, 'pool'>): Promise<string> {
  const id = randomUUID();
  await pool.query('INSERT INTO users.users (id, email, display_name, updated_at) VALUES ($1, $2, $3, now())', [
    id,
    `${id}@pika.example`,
    'A person',
  ]);
  return id;
}

export const addMarket = ({ pool }: Pick<OpenTestDatabase, 'pool'>) => addLanguages(pool);

/** Logs a person in as the log-in does, once it knows who it is. */
export function logIn(
  { database }: Pick<OpenTestDatabase, 'database'>,
  { deps }: Pick<Identity, 'deps'>,
  userId: string,
  { userAgent = 'tests', now = deps.now() } = {},
): Promise<TokenPair & { sessionId: string }> {
  return inTransaction(database, { actor: { type: 'user', id: userId } }, (tx) =>
    startSession(tx, deps.tokenRules, { userId, userAgent, clientAddress: '203.0.113.7', now }),
  );
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
