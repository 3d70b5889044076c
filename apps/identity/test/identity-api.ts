import { randomUUID } from 'node:crypto';
import { openAuthentication, inTransaction, type Authentication } from '@pika/database';
import {
  identityLocales,
  identityRouter,
  identitySettings,
  openIdentity,
  startSession,
  type Identity,
  type Mail,
  type TokenPair,
} from '@pika/identity';
import { createLogger, mountRoutes, type Route } from '@pika/shared';
import { addLanguages, startApi, type Api, type OpenTestDatabase } from '@pika/tests';
import { vi } from 'vitest';

export const settings = identitySettings.parse({
  AUTH_ISSUER: 'https://identity.pika.example',
  IDENTITY_SECRET: 'a secret of the tests',
});

export interface IdentityApi {
  api: Api;
  identity: Identity;
  authentication: Authentication;
  /** Everything that was sent, the oldest first. */
  mails: Mail[];
  /** Every mail to that address, after all that was asked for so far is done. */
  mailsTo(email: string): Promise<Mail[]>;
  close(): Promise<void>;
}

export interface IdentityApiOptions {
  routes?: Route[];
  now?: () => Date;
  /** What becomes of a mail before it counts as sent. */
  send?: (mail: Mail) => Promise<void>;
  pollMillis?: number;
}

const fail = (error: unknown) => {
  throw error;
};

/** This app on that database, with routes of the test beside its own. */
export async function startIdentityApi(
  { database, pool }: Pick<OpenTestDatabase, 'database' | 'pool'>,
  { routes = [], now = () => new Date(), send, pollMillis = 20 }: IdentityApiOptions = {},
): Promise<IdentityApi> {
  const authentication = await openAuthentication(database, { settings, asksSessions: true, onError: fail, now });
  const mails: Mail[] = [];
  const failures: string[] = [];
  const log = createLogger({ level: 'error', name: 'test', destination: { write: (line) => failures.push(line) } });
  const mailer = {
    async send(mail: Mail) {
      await send?.(mail);
      mails.push(mail);
    },
    close: () => undefined,
  };
  const identity = await openIdentity({
    database,
    settings,
    authentication,
    mailer,
    publicUrl: 'https://pika.example/',
    log,
    now,
    pollMillis,
  });
  const api = await startApi({
    database,
    routers: [mountRoutes(routes), identityRouter(identity.deps)],
    locales: [identityLocales],
    authenticate: authentication.authenticate,
    trustedProxies: 1,
  });
  return {
    api,
    identity,
    authentication,
    mails,
    async mailsTo(email) {
      await vi.waitFor(
        async () => {
          if (failures.length > 0 && send === undefined) throw new Error(failures.join('\n'));
          const { rows } = await pool.query('SELECT type FROM public.outbox_events WHERE delivered_at IS NULL');
          if (rows.length > 0) throw new Error(`${rows.length} events wait`);
        },
        { timeout: 20_000, interval: 20 },
      );
      return mails.filter(({ to }) => to === email);
    },
    async close() {
      await identity.stop();
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
export async function logIn(
  { database }: Pick<OpenTestDatabase, 'database'>,
  { deps }: Pick<Identity, 'deps'>,
  userId: string,
  { userAgent = 'tests', now = deps.now() } = {},
): Promise<TokenPair & { sessionId: string }> {
  const session = await inTransaction(database, { actor: { type: 'user', id: userId } }, (tx) =>
    startSession(tx, deps.tokenRules, { userId, userAgent, clientAddress: '203.0.113.7', now }),
  );
  if (session === null) throw new Error(`${userId} may not log in.`);
  return session;
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

export const goodPassword = 'four small yellow birds';

let people = 0;

/** An address that nobody has. */
export const newEmail = () => `person${(people += 1)}@pika.example`;

/** The token of the newest link to an address. */
export async function linkTokenTo({ mailsTo }: Pick<IdentityApi, 'mailsTo'>, email: string): Promise<string> {
  const link = (await mailsTo(email)).findLast((mail) => mail.link !== null)?.link;
  return /#(?:verify|reset)=([\w-]{43})$/.exec(link ?? '')?.[1] ?? '';
}

/** Registers a person by the API, and verifies the address. */
export async function addAccount(
  identityApi: Pick<IdentityApi, 'api' | 'mailsTo'>,
  { email = newEmail(), password = goodPassword, isVerified = true } = {},
): Promise<{ email: string; password: string }> {
  const { api } = identityApi;
  const registered = await api.post('/v1/auth/register', { email, password, displayName: 'A person' });
  if (registered.status !== 202) throw new Error(registered.text);
  const token = await linkTokenTo(identityApi, email);
  if (isVerified) {
    const verified = await api.post('/v1/auth/verify-email', { token });
    if (verified.status !== 204) throw new Error(verified.text);
  }
  return { email, password };
}

/** Logs in by the API. */
export async function tokensOf(
  { api }: Pick<IdentityApi, 'api'>,
  account: { email: string; password: string; code?: string },
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenPair> {
  const { email, password, code } = account;
  const body = { email, password, ...(code === undefined ? {} : { code }) };
  const answer = await api.post('/v1/auth/login', body, headers);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as TokenPair;
}

export const ascending = (one: number, other: number): number => one - other;
