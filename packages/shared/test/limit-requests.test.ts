import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
// Not from the tests' package: shared knows no database.
import { openTestRedis, requireLocalRedis, requireRedis, type TestRedis } from '../../tests/src/redis.ts';
import { callerKey } from '../src/caller-key.ts';
import { plainAddress } from '../src/client-address.ts';
import {
  anonymous,
  mountRoutes,
  openRateLimits,
  readConfig,
  route,
  type Quota,
  type RateLimits,
} from '../src/index.ts';
import { rateLimitSettings } from '../src/rate-limit.ts';
import { slidingWindow } from '../src/sliding-window.ts';
import { trustedProxiesSetting } from '../src/trusted-proxies.ts';
import { problemIn, startServer } from './harness.ts';

const answers = { 200: { description: 'Done.', content: { 'application/json': z.looseObject({}) } } };
const shared = { tags: ['Tests'], summary: 'For tests', access: 'public', responses: answers } as const;

const routes = mountRoutes([
  route({
    ...shared,
    method: 'get',
    path: '/r',
    operationId: 'r',
    handler: ({ clientAddress }) => ({ body: { clientAddress } }),
  }),
  route({ ...shared, method: 'post', path: '/w', operationId: 'w', handler: () => ({ body: {} }) }),
  route({ ...shared, method: 'post', path: '/l', operationId: 'l', rateLimit: 'login', handler: () => ({ body: {} }) }),
  route({ ...shared, method: 'get', path: '/n', operationId: 'n', rateLimit: 'none', handler: () => ({ body: {} }) }),
]);

function openLimits(quota: Quota, redisUrl?: string, redisTimeoutMs = 100): RateLimits {
  const limits = openRateLimits({ quotas: { read: quota, write: quota, login: quota }, redisUrl, redisTimeoutMs });
  onTestFinished(() => limits.close());
  return limits;
}

const startLimited = (quota: Quota, redisUrl?: string, redisTimeoutMs?: number) =>
  startServer({ routers: [routes], rateLimits: openLimits(quota, redisUrl, redisTimeoutMs) });

const patience = { timeout: 15_000 };

describe('a sliding window', () => {
  test('lets no span of its length see more than the quota, wherever its borders lie', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 120 }),
      (requests, pauses) => {
        let now = 0;
        const take = slidingWindow({ requests, seconds: 1 }, () => now);
        const allowed: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if (take('a').isAllowed) allowed.push(now);
        }
        for (const [position, at] of allowed.entries()) {
          const further = allowed[position + requests];
          if (further !== undefined) expect(further - at).toBeGreaterThanOrEqual(1_000);
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test('gives the quota back when it said so, and never says longer than the window', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 2_000, noNaN: true }),
      fc.integer({ min: 0, max: 199 }),
      (requests, start, pause) => {
        let now = start;
        const take = slidingWindow({ requests, seconds: 1 }, () => now);
        for (let left = requests - 1; left >= 0; left--) {
          now += pause;
          const standing = take('a');
          expect(standing).toMatchObject({ isAllowed: true, remaining: left });
          expect(standing.resetMs).toBeLessThanOrEqual(1_000);
        }
        const refused = take('a');
        expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
        expect(refused.resetMs).toBeLessThanOrEqual(1_000);
        now += refused.resetMs + 0.001;
        expect(take('a').isAllowed).toBe(true);
        expect(take('b')).toMatchObject({ isAllowed: true, remaining: requests - 1 });
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  test.each([0, 0.25, 99.75, 100, 100.25, 999.75, 1_000, 1_099.75])(
    'asked for the first time at %d ms, says the whole window, and keeps to it to the end',
    (start) => {
      let now = start;
      const take = slidingWindow({ requests: 1, seconds: 1 }, () => now);
      expect(take('a')).toEqual({ isAllowed: true, remaining: 0, resetMs: 1_000 });
      now = start + 999.75;
      expect(take('a')).toEqual({ isAllowed: false, remaining: 0, resetMs: 0.25 });
      now = start + 1_000;
      expect(take('a')).toEqual({ isAllowed: true, remaining: 0, resetMs: 1_000 });
    },
  );

  test('remembers no more than 100,000 callers, and none whose window is over', () => {
    let now = 0;
    const take = slidingWindow({ requests: 1, seconds: 1 }, () => now);
    expect(take('first').isAllowed).toBe(true);
    for (let caller = 0; caller < 100_000; caller++) take(String(caller));
    expect(take('99999').isAllowed).toBe(false);
    expect(take('60000').isAllowed).toBe(false);
    expect(take('first').isAllowed).toBe(true);
    now = 5_000;
    expect(take('99999').isAllowed).toBe(true);
  });
});

describe('an address', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.9'],
    ['0:0:0:0:0:FFFF:cb00:7109', '203.0.113.9', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:DB8:1:2:ffff::1', '2001:db8:1:2:ffff::1', '2001:db8:1:2::'],
    ['[2001:db8:1:2::1]:443', '2001:db8:1:2::1', '2001:db8:1:2::'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::1', '2001:db8:1:2::'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::', '2001:db8:1:2::'],
    ['2001:db8::', '2001:db8::', '2001:db8:0:0::'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1:2:3:4:5', '2001:db8:0:1::'],
    ['::1', '::1', '0:0:0:0::'],
    ['fe80::1%eth0', 'fe80::1', 'fe80:0:0:0::'],
    ['fe80::1%25eth0', 'fe80::1', 'fe80:0:0:0::'],
    ['::ffff:203.0.113.9%eth0', '203.0.113.9', '203.0.113.9'],
    ['1::2:3:4:5:6:7', '1:0:2:3:4:5:6:7', '1:0:2:3::'],
    ['64:ff9b::203.0.113.9', '64:ff9b::cb00:7109', '64:ff9b:0:0::'],
    ['::203.0.113.9', '::203.0.113.9', '0:0:0:0::'],
    ['not an address', '', 'unknown'],
    ['203.0.113.256', '', 'unknown'],
    ['203.0.113.9, 203.0.113.10', '', 'unknown'],
    ["203.0.113.9'--", '', 'unknown'],
    ['', '', 'unknown'],
    [undefined, '', 'unknown'],
  ])('%s is %s and counts as %s', (told, plain, counted) => {
    expect(plainAddress(told)).toBe(plain);
    expect(callerKey(anonymous, plainAddress(told))).toBe(`address:${counted}`);
  });
});

describe('200 and 429', () => {
  test('every answer tells the quota, and the first too many when to come back', async () => {
    const { get } = await startLimited({ requests: 2, seconds: 60 });
    const first = await get('/r');
    expect(first.headers.get('ratelimit-policy')).toBe('"read";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"read";r=1;t=60$/);
    expect((await get('/r')).headers.get('ratelimit')).toMatch(/^"read";r=0;t=\d+$/);
    const refused = await get('/r', { 'Accept-Language': 'en' });
    expect(refused.status).toBe(429);
    const seconds = /^"read";r=0;t=(\d+)$/.exec(refused.headers.get('ratelimit') ?? '')?.[1];
    expect(refused.headers.get('retry-after')).toBe(seconds);
    expect(await problemIn(refused)).toMatchObject({
      code: 'request.tooMany',
      detail: `Wait ${seconds} s before the next one; RateLimit tells what is left.`,
    });
    expect((await get('/w', {}, 'POST')).headers.get('ratelimit')).toMatch(/^"write";r=1;/);
    const free = await get('/n');
    expect([free.status, free.headers.get('ratelimit')]).toEqual([200, null]);
  });

  test('people and keys have quotas of their own, tokens that are not good that of the address', async () => {
    const { get } = await startServer({
      routers: [routes],
      rateLimits: openLimits({ requests: 1, seconds: 60 }),
      authenticate: async (token) => {
        const [kind, id = ''] = token.split('.');
        if (kind === 'user') return { kind, userId: id, sessionId: 's', roles: [], businesses: {} };
        if (kind === 'apiKey') return { kind, keyId: id, businessId: 'b', scopes: [] };
        throw (await import('../src/index.ts')).invalidToken();
      },
    });
    const statusOf = async (token: string, path = '/r', method = 'GET') =>
      (await get(path, token === '' ? {} : { Authorization: `Bearer ${token}` }, method)).status;
    expect([await statusOf('user.1'), await statusOf('user.1')]).toEqual([200, 429]);
    expect([await statusOf('user.2'), await statusOf('apiKey.1'), await statusOf('apiKey.1')]).toEqual([200, 200, 429]);
    expect([await statusOf('wrong'), await statusOf('wrong'), await statusOf('')]).toEqual([401, 429, 429]);
    expect([await statusOf('user.1', '/l', 'POST'), await statusOf('user.2', '/l', 'POST')]).toEqual([200, 429]);
  });
});

describe('X-Forwarded-For', () => {
  const addressSeen = async (trustedProxies: number | readonly string[], forwarded: string) => {
    const { get } = await startServer({ routers: [routes], trustedProxies });
    const body: { clientAddress: string } = JSON.parse(
      await (await get('/r', { 'X-Forwarded-For': forwarded })).text(),
    );
    return body.clientAddress;
  };

  test.each([
    [0, '203.0.113.9', '127.0.0.1'],
    [['10.0.0.0/8'], '203.0.113.9', '127.0.0.1'],
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [2, '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [['127.0.0.0/8'], '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [['127.0.0.1', '203.0.113.0/24'], '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [1, '::ffff:203.0.113.9', '203.0.113.9'],
    [1, 'fe80::1%eth0', 'fe80::1'],
    [1, 'FE80:0::1', 'fe80::1'],
    [1, '203.0.113.9:4711', '203.0.113.9'],
    [1, 'unknown', ''],
  ])('with %j in front, %s comes from %s', async (trusted, forwarded, expected) => {
    expect(await addressSeen(trusted, forwarded)).toBe(expected);
  });

  test('gives no new quota to who makes one up', async () => {
    const { get } = await startServer({
      routers: [routes],
      rateLimits: openLimits({ requests: 3, seconds: 60 }),
      trustedProxies: 1,
    });
    const statuses: number[] = [];
    for (let spoofed = 0; spoofed < 5; spoofed++) {
      statuses.push((await get('/r', { 'X-Forwarded-For': `10.0.0.${spoofed}, 203.0.113.9` })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('settings', () => {
  const proxies = z.object({ TRUST_PROXY: trustedProxiesSetting() });

  test('read hops, addresses and quotas', () => {
    expect(readConfig(proxies, {})).toEqual({});
    expect(readConfig(proxies, { TRUST_PROXY: '2' })).toEqual({ TRUST_PROXY: 2 });
    expect(readConfig(proxies, { TRUST_PROXY: '10.0.0.0/8, ::1' })).toEqual({ TRUST_PROXY: ['10.0.0.0/8', '::1'] });
    expect(readConfig(rateLimitSettings, { RATE_LIMIT_READ: '5/2', RATE_LIMIT_WRITE: 'off' })).toEqual({
      RATE_LIMIT_READ: { requests: 5, seconds: 2 },
      RATE_LIMIT_WRITE: null,
      RATE_LIMIT_LOGIN: { requests: 30, seconds: 60 },
    });
  });

  test.each(['true', 'loopback', '-1', '10.0.0.0/33', '10.0.0.0/8/9', '1.2.3', '*', '0.0.0.0/x'])(
    'TRUST_PROXY=%s is refused',
    (text) => {
      expect(() => readConfig(proxies, { TRUST_PROXY: text })).toThrow('true is not accepted');
    },
  );

  test.each(['0/60', '5', '5/0', '-1/60', '5/60/1', 'on'])('RATE_LIMIT_READ=%s is refused', (text) => {
    expect(() => readConfig(rateLimitSettings, { RATE_LIMIT_READ: text })).toThrow('such as 300/60, or off');
  });
});

describe('with Redis', () => {
  let redis: TestRedis | null;

  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(() => redis?.stop());

  test('three servers together let no span of the window see more than the quota', async (context) => {
    requireRedis(redis, context);
    const quota = { requests: 20, seconds: 1 };
    const servers = await Promise.all([1, 2, 3].map(() => startLimited(quota, redis?.url, 10_000)));
    // Log-ins are let through as soon as Redis is there.
    for (const { get } of servers)
      await expect.poll(async () => (await get('/l', {}, 'POST')).status, patience).toBe(200);
    const allowed: { sent: number; answered: number }[] = [];
    let refused = 0;
    const until = performance.now() + 4_500;
    const ask = async (get: (path: string) => Promise<Response>) => {
      while (performance.now() < until) {
        const sent = performance.now();
        const { status } = await get('/r');
        if (status === 200) allowed.push({ sent, answered: performance.now() });
        else refused += 1;
        expect([200, 429]).toContain(status);
      }
    };
    await Promise.all(servers.flatMap(({ get }) => [ask(get), ask(get), ask(get)]));
    allowed.sort((one, other) => one.answered - other.answered);
    for (let position = quota.requests; position < allowed.length; position++) {
      const span = allowed.slice(position - quota.requests, position + 1);
      // Decided after the first was sent and before the last was answered; Redis counts in whole milliseconds.
      const longest = (span.at(-1)?.answered ?? 0) - Math.min(...span.map(({ sent }) => sent));
      expect(longest).toBeGreaterThanOrEqual(quota.seconds * 1_000 - 2);
    }
    expect(allowed.length).toBeGreaterThanOrEqual(60);
    expect(refused).toBeGreaterThan(100);
  });

  test('says the whole window at first, and never more', async (context) => {
    requireRedis(redis, context);
    const limits = openLimits({ requests: 2, seconds: 60 }, redis?.url, 10_000);
    await limits.begun;
    const standings = [];
    for (let each = 0; each < 4; each++) standings.push(await limits.take('read', 'whole-window'));
    expect(standings.map(({ state }) => state.replace(/t=(?:60|59)$/, 't=w'))).toEqual(
      [1, 0, 0, 0].map((left) => `"read";r=${left};t=w`),
    );
    expect(standings.map(({ isAllowed }) => isAllowed)).toEqual([true, true, false, false]);
  });

  test('is killed: nobody logs in, all else goes on in memory; it is back, and so are log-ins', async (context) => {
    const server = requireLocalRedis(redis, context);
    const { get } = await startLimited({ requests: 1_000, seconds: 60 }, redis?.url);
    const attempt = () => get('/l', {}, 'POST');
    await expect.poll(async () => (await attempt()).status, patience).toBe(200);
    await server.kill();
    const closed = await attempt();
    expect(closed.status).toBe(503);
    expect(closed.headers.get('retry-after')).toBe('5');
    expect(await problemIn(closed)).toMatchObject({ code: 'server.unavailable' });
    const open = await get('/r');
    expect(open.status).toBe(200);
    expect(open.headers.get('ratelimit')).toMatch(/^"read";r=999;/);
    expect((await get('/w', {}, 'POST')).status).toBe(200);
    await server.start();
    await expect.poll(async () => (await attempt()).status, patience).toBe(200);
  });

  test('hangs: one request waits 100 ms, the next ones not at all', async (context) => {
    const server = requireLocalRedis(redis, context);
    const { get } = await startLimited({ requests: 1_000, seconds: 60 }, redis?.url);
    await expect.poll(async () => (await get('/l', {}, 'POST')).status, patience).toBe(200);
    server.pause();
    try {
      expect((await get('/r')).status).toBe(200);
      const startedAt = performance.now();
      for (let each = 0; each < 10; each++) expect((await get('/r')).status).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(500);
      expect((await get('/l', {}, 'POST')).status).toBe(503);
    } finally {
      server.resume();
    }
  });
});
