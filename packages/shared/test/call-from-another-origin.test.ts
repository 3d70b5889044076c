import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { originsSetting } from '../src/cors.ts';
import { mountRoutes, openRateLimits, readConfig, route } from '../src/index.ts';
import { startServer } from './harness.ts';

const page = 'https://shop.example';
const voucher = '/v1/vouchers/a';

const preflight = (origin: string) => ({
  Origin: origin,
  'Access-Control-Request-Method': 'DELETE',
  'Access-Control-Request-Headers': 'authorization, idempotency-key',
});

describe('an origin of the list', () => {
  test('reads answers, errors too', async () => {
    const { get } = await startServer({ origins: [page] });
    for (const path of [voucher, '/v1/vouchers/missing', '/v1/vouchers/search?x=1', '/nowhere', '/health/live']) {
      const { headers } = await get(path, { Origin: page });
      expect(headers.get('access-control-allow-origin')).toBe(page);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/^Origin(?:, |$)/);
    }
    expect((await get(voucher, { Origin: page })).headers.get('vary')).toBe('Origin, Accept-Language, Accept');
  });

  test('is told before a request what it may send', async () => {
    const { get } = await startServer({ origins: [page] });
    const { status, headers } = await get(voucher, preflight(page), 'OPTIONS');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toBe('GET, DELETE, HEAD, OPTIONS');
    expect(headers.get('access-control-max-age')).toBe('7200');
    const unknown = await get('/nowhere', preflight(page), 'OPTIONS');
    expect([unknown.status, unknown.headers.get('access-control-allow-methods')]).toEqual([404, null]);
  });
});

describe('a page of an origin of the list, as a browser lets it', () => {
  const sent = {
    'Accept-Language': 'gn',
    Authorization: 'Bearer x',
    'Content-Type': 'application/json',
    'Idempotency-Key': 'one',
    'If-Match': '"1"',
    'If-None-Match': '"1"',
    'Pika-Read-After': '0/1',
    'X-Request-Id': 'mine',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'vendor=1',
  };

  test('sends all headers that the API takes', async () => {
    const { get } = await startEverything();
    const asked = {
      Origin: page,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': Object.keys(sent)
        .map((name) => name.toLowerCase())
        .toSorted()
        .join(','),
    };
    const { status, headers } = await get('/v1/everything', asked, 'OPTIONS');
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, page]);
    expect(named(headers, 'access-control-allow-methods')).toContain('post');
    expect(named(headers, 'access-control-allow-headers')).toEqual(
      expect.arrayContaining(Object.keys(sent).map((name) => name.toLowerCase())),
    );
  });

  test.each([
    ['an answer', sent, 201],
    ['a refusal', { ...sent, Authorization: 'Basic x' }, 401],
    ['a limit', sent, 429],
  ])('reads all headers of %s', async (_what, headers, expected) => {
    const { url, limits } = await startEverything();
    if (expected === 429) for (let taken = 0; taken < 2; taken++) await limits.take('write', 'user:me');
    const answer = await fetch(`${url}/v1/everything`, {
      method: 'POST',
      headers: { ...headers, Origin: page },
      body: '{}',
    });
    expect(answer.status).toBe(expected);
    const readable = [...simpleHeaders, ...named(answer.headers, 'access-control-expose-headers')];
    const told = [...answer.headers.keys()].filter((name) => !forTheBrowser.test(name));
    expect(readable).toEqual(expect.arrayContaining(told));
    expect(told).toEqual(expect.arrayContaining([...(toldWith[expected] ?? [])]));
  });

  const always = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'deprecation', 'sunset', 'link'];
  const toldWith: Readonly<Record<number, readonly string[]>> = {
    201: [...always, 'location', 'etag', 'pika-read-after', 'idempotency-replayed', 'content-disposition'],
    401: [...always, 'www-authenticate'],
    429: [...always, 'retry-after'],
  };
});

/** What Fetch lets every page read. */
const simpleHeaders = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
];
const forTheBrowser =
  /^(?:access-control-.+|connection|keep-alive|date|vary|content-security-policy|cross-origin-.+|origin-agent-cluster|referrer-policy|strict-transport-security|x-(?!request-id).+)$/;

const named = (headers: Headers, name: string) => (headers.get(name) ?? '').toLowerCase().split(', ');

/** A route whose answers have every header that the API knows. */
async function startEverything() {
  const limits = openRateLimits({
    quotas: { read: { requests: 2, seconds: 60 }, write: { requests: 2, seconds: 60 }, login: null },
    redisUrl: undefined,
  });
  onTestFinished(() => limits.close());
  const everything = route({
    method: 'post',
    path: '/v1/everything',
    operationId: 'everything',
    tags: ['Tests'],
    summary: 'For tests',
    access: 'authenticated',
    idempotency: 'required',
    body: z.strictObject({}),
    deprecated: { since: '2026-01-01T00:00:00Z', sunset: '2027-01-01T00:00:00Z', link: 'https://pika.example/news' },
    responses: { 201: { description: 'Written.', content: { 'application/json': z.looseObject({}) } } },
    handler: ({ idempotency }) => {
      const headers = { Location: '/v1/everything/1', ETag: '"1"', 'Content-Disposition': 'inline' };
      const { now } = idempotency.freeze({ status: 201, body: {}, contentLanguages: ['gn'], headers });
      return { ...idempotency.reply(now, true), readAfter: '0/1' };
    },
  });
  const userId = 'me';
  const server = await startServer({
    origins: [page],
    rateLimits: limits,
    routers: [mountRoutes([everything])],
    authenticate: async () => ({ kind: 'user', userId, sessionId: 'mine', roles: [], businesses: {} }),
  });
  return { ...server, limits };
}

describe('any other origin', () => {
  test.each([
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://SHOP.example',
    'null',
    'http://localhost:3000',
  ])('%s is told nothing, and that the answer depends on the origin', async (origin) => {
    const { get } = await startServer({ origins: [page] });
    for (const { headers } of [
      await get(voucher, { Origin: origin }),
      await get(voucher, preflight(origin), 'OPTIONS'),
    ]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('vary')).toMatch(/^Origin/);
    }
  });
});

describe('other settings', () => {
  test('none: as if there were no other origins', async () => {
    const { get } = await startServer();
    const { headers } = await get(voucher, preflight(page), 'OPTIONS');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await get(voucher)).headers.get('vary')).toBe('Accept-Language, Accept');
  });

  test('*: everybody, without a word on the origin', async () => {
    const { get } = await startServer({ origins: '*' });
    const { headers } = await get(voucher, { Origin: page });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('vary')).toBe('Accept-Language, Accept');
  });

  test.each([
    ['http://localhost:5173', true],
    ['http://127.0.0.1', true],
    ['http://[::1]:3000', true],
    ['http://localhost.evil.example', false],
    ['https://evil.example/http://localhost:1', false],
    ['http://localhost:1@evil.example', false],
  ])('in development %s: %s', async (origin, isAllowed) => {
    const { get } = await startServer({ origins: 'localhost' });
    const { headers } = await get(voucher, { Origin: origin });
    expect(headers.get('access-control-allow-origin')).toBe(isAllowed ? origin : null);
  });

  test('are read exactly', () => {
    const schema = z.object({ CORS_ORIGINS: originsSetting() });
    const read = (text: string) => readConfig(schema, { CORS_ORIGINS: text }).CORS_ORIGINS;
    expect(read('https://a.example, http://b.example:8080')).toEqual(['https://a.example', 'http://b.example:8080']);
    expect(read('*')).toBe('*');
    expect(read('')).toBeUndefined();
    for (const wrong of ['a.example', 'https://a.example/', 'https://*.example/x', '*, https://a.example', 'null']) {
      expect(() => read(wrong)).toThrow('CORS_ORIGINS');
    }
  });
});
