import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { businessLocales, businessRouter } from '@pika/business';
import { databaseProblem, inTransaction, openDatabase, sql, systemContext, type Database } from '@pika/database';
import {
  createLogger,
  createMessages,
  createMetrics,
  createServer,
  invalidToken,
  mountRoutes,
  openCache,
  openRateLimits,
  openTracing,
  route,
  type Cache,
  type PikaServer,
  type Tracing,
} from '@pika/shared';
import { seededDatabase, startTraceCollector, type OpenTestDatabase, type TraceCollector } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter, type VoucherKeys } from '@pika/vouchers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentationRouter } from '../src/documentation.ts';

const personId = randomUUID();

const planted: string[] = [];

/** A secret that stands nowhere else. */
function plant(place: string): string {
  const secret = `${place}-${randomBytes(8).toString('hex')}`;
  planted.push(secret);
  return secret;
}

const written: { where: string; text: string }[] = [];
const secretsIn = (text: string) => planted.filter((secret) => text.includes(secret));

let test: OpenTestDatabase;
let database: Database;
let collector: TraceCollector;
let tracing: Tracing | null;
let cache: Cache;
let voucherKeys: VoucherKeys;
let server: PikaServer;
let port: number;
const metrics = createMetrics();

beforeAll(async () => {
  test = await seededDatabase();
  collector = await startTraceCollector();
  tracing = await openTracing({ endpoint: collector.url, share: 1, serviceName: 'pika-canary', onError: () => {} });
  const log = createLogger({
    level: 'trace',
    name: 'canary',
    destination: { write: (text) => void written.push({ where: 'log', text }) },
  });
  database = openDatabase({
    url: test.url,
    kind: test.kind === 'embedded' ? 'embedded' : 'server',
    namedStatements: test.kind !== 'embedded',
    // Every statement is a slow one.
    slowQueryMillis: 0,
    onSlowQuery: (query) => log.warn(query, 'slow query'),
    onStatement: tracing?.onStatement,
  });
  cache = openCache({ redisUrl: undefined, onError: (error) => log.warn({ err: error }, 'cache') });
  const now = () => new Date();
  voucherKeys = await openVoucherKeys(database, { secret: 'a secret of the tests', now, onError: console.error });
  server = createServer({
    routers: [
      documentationRouter(),
      mountRoutes(leakyRoutes()),
      vouchersRouter({ database, cursorSecret: 'x'.repeat(32), nearbyBatch: () => 200, voucherKeys, now }),
      businessRouter({
        database,
        cache,
        cursorSecret: 'a secret of the tests',
        invitationSecret: 'a secret of the tests',
        now,
      }),
    ],
    languages: () => ({ languages: [{ code: 'es', fallbackCode: null }], defaultLanguage: 'es' }),
    logger: log,
    messages: createMessages(vouchersLocales, businessLocales),
    problemFor: databaseProblem,
    authenticate: async (token) => {
      if (token.startsWith('good'))
        return { kind: 'user', userId: personId, sessionId: randomUUID(), roles: [], businesses: {} };
      throw invalidToken(new Error(`no such token: ${token}`));
    },
    rateLimits: openRateLimits({
      quotas: { read: { requests: 10_000, seconds: 60 }, write: null, login: { requests: 1, seconds: 60 } },
      redisUrl: undefined,
    }),
    metrics: { metrics, token: undefined },
    trustedProxies: 1,
    origins: 'localhost',
    ...(tracing !== null && { tracing }),
  });
  ({ port } = await server.listen({ port: 0, host: '127.0.0.1' }));
});

afterAll(async () => {
  await server?.close(0);
  await cache?.close();
  voucherKeys?.stop();
  await database?.close();
  await tracing?.close();
  await collector?.close();
  await test?.close();
});

/** What handlers do wrong in the worst case. */
function leakyRoutes() {
  const shared = {
    tags: ['Tests'],
    summary: 'For tests',
    access: 'public',
    responses: { 200: { description: 'Done.', content: { 'application/json': z.unknown() } } },
  } as const;
  const body = z.strictObject({ email: z.string(), password: z.string() });
  const fail = (operationId: string, how: (input: z.output<typeof body>) => Promise<never>) =>
    route({
      ...shared,
      method: 'post',
      path: `/leaky/${operationId}`,
      operationId,
      body,
      handler: ({ body: input }) => how(input),
    });
  const asOwner = (statement: ReturnType<typeof sql>) =>
    inTransaction(database, systemContext('canary'), async (tx): Promise<never> => {
      await tx.$queryRaw(statement);
      throw new Error('It was meant to fail.');
    });
  return [
    fail('refusedMail', async ({ email }) => {
      throw new Error(`550 <${email}> is unknown here`, { cause: new Error(`rejected: ${email}`) });
    }),
    fail('refusedValue', ({ password }) => asOwner(sql`SELECT ${password}::uuid`)),
    fail('refusedKey', ({ email, password }) =>
      asOwner(sql`WITH both AS (SELECT ${email}::text AS email, ${password}::text AS password)
        SELECT 1 / (length(email) - length(email)) FROM both`),
    ),
    fail('refusedJson', async ({ password }) => {
      JSON.parse(`{"password": "${password}`);
      throw new Error('It was meant to fail.');
    }),
    fail('loggedByMistake', async (input) => {
      throw Object.assign(new Error('odd'), { detail: `Key (email)=(${input.email}) exists`, input });
    }),
    route({
      ...shared,
      method: 'post',
      path: '/leaky/login',
      operationId: 'login',
      rateLimit: 'login',
      body,
      handler: ({ log }) => {
        log.info({ password: 'never', user: { token: 'never' } }, 'login');
        return { body: {} };
      },
    }),
  ];
}

interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function ask(path: string, init: Asking = {}): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...init,
    headers: {
      Cookie: `session=${plant('cookie')}`,
      'User-Agent': plant('agent'),
      Referer: `https://x.example/?${plant('referer')}`,
      'X-Api-Key': plant('header'),
      'X-Forwarded-For': plant('forwarded'),
      'X-Request-Id': `not sane: ${plant('request-id')}`,
      'If-None-Match': `"${plant('etag')}"`,
      Origin: `https://${plant('origin')}.example`,
      traceparent: plant('traceparent'),
      ...init.headers,
    },
  });
  const text = await answer.text();
  if (answer.status >= 400) {
    // Who asked is told the path that was asked (RFC 9457), and nobody else is.
    const { instance, ...told }: Record<string, unknown> = JSON.parse(text);
    expect(instance).toBeTypeOf('string');
    written.push({ where: `${answer.status} of ${path.split('?')[0]}`, text: JSON.stringify(told) });
  }
  written.push({ where: 'headers', text: JSON.stringify([...answer.headers]) });
  return answer.status;
}

const posted = () => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email: `${plant('mailbox')}@example.org`, password: plant('password') }),
});

describe('what is written', () => {
  it('holds none of the secrets that were planted', async () => {
    const near = '/v1/vouchers/nearby?latitude=-25.2867&longitude=-57.6470';
    expect(await ask(`${near}&q=${plant('query')}`)).toBe(200);
    expect(await ask(near, { headers: { Authorization: `Bearer good.${plant('token')}` } })).toBe(200);
    expect(await ask(near, { headers: { Authorization: `Bearer pika_${plant('key')}` } })).toBe(401);
    expect(await ask(near, { headers: { Authorization: `Basic ${plant('basic')}` } })).toBe(401);
    expect(await ask(`${near}&language=${plant('language')}`)).toBe(400);
    expect(await ask(`${near}&cursor=${plant('cursor')}`)).toBe(400);
    expect(await ask(`/v1/vouchers/${plant('path')}`)).toBe(400);
    expect(await ask(`/${plant('path')}?${plant('value')}=${plant('value')}`)).toBe(404);
    expect(await ask('/v1/categories?language=es', { headers: { 'Accept-Language': plant('accept') } })).toBe(200);
    expect(await ask('/leaky/login', posted())).toBe(200);
    expect(await ask('/leaky/login', posted())).toBe(429);
    expect(await ask('/leaky/login', { ...posted(), body: `{"password":"${plant('broken')}` })).toBe(429);
    expect(await ask('/leaky/refusedMail', { ...posted(), body: `{"password":"${plant('broken')}` })).toBe(400);
    expect(await ask('/leaky/refusedMail', { ...posted(), body: `{"email":["${plant('wrong')}"]}` })).toBe(400);
    expect(await ask('/leaky/refusedMail', posted())).toBe(500);
    expect(await ask('/leaky/refusedValue', posted())).toBeGreaterThanOrEqual(400);
    expect(await ask('/leaky/refusedKey', posted())).toBeGreaterThanOrEqual(400);
    expect(await ask('/leaky/refusedJson', posted())).toBe(500);
    expect(await ask('/leaky/loggedByMistake', posted())).toBe(500);
    await sendUnreadable(`GET /${plant('raw')} HTTP/1.1\r\nHost x ${plant('raw')}\r\n\r\n`);
    await server.close(100);
    await tracing?.close();

    written.push({ where: 'metrics', text: await metrics.text() }, { where: 'spans', text: collector.text() });
    for (const { where, text } of written) expect(secretsIn(text), where).toEqual([]);
  });

  it('is more than nothing', () => {
    const logged = written.filter(({ where }) => where === 'log').map(({ text }) => text);
    expect(logged.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(15);
    expect(logged.filter((line) => line.includes('"msg":"slow query"')).length).toBeGreaterThan(3);
    expect(logged.filter((line) => line.includes('server.internal')).length).toBeGreaterThanOrEqual(3);
    expect(logged.join()).toContain(`"caller":"user:${personId}"`);
    expect(collector.spans.filter(({ kind }) => kind === 3).length).toBeGreaterThan(3);
    expect(collector.spans.filter(({ kind }) => kind === 2).length).toBeGreaterThan(15);
    expect(written.find(({ where }) => where === 'metrics')?.text).toContain('/leaky/login');
    expect(planted.length).toBeGreaterThan(150);
    expect(secretsIn(`somebody wrote ${planted[3]}`)).toEqual([planted[3]]);
  });
});

function sendUnreadable(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk: Buffer) => {
      const answer = chunk.toString();
      const body = answer.slice(answer.indexOf('\r\n\r\n'));
      const { instance, ...told }: Record<string, unknown> = JSON.parse(body);
      expect(instance).toBeTypeOf('string');
      written.push({ where: 'unreadable', text: JSON.stringify(told) });
    });
    socket.on('close', () => resolve());
  });
}
