import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  openTestRedis,
  requireLocalRedis,
  requireRedis,
  type LocalRedis,
  type TestRedis,
} from '../../tests/src/redis.ts';
import { cacheSettings, openCache, readConfig, type Cache } from '../src/index.ts';
import { deferred } from './harness.ts';

const nowhere = 'redis://127.0.0.1:1';

function open(redisUrl?: string): { cache: Cache; errors: unknown[]; said: string[] } {
  const errors: unknown[] = [];
  const said: string[] = [];
  const cache = openCache({
    redisUrl,
    onError: (error) => errors.push(error),
    onRedis: (sentence) => said.push(sentence),
  });
  onTestFinished(() => cache.close());
  return { cache, errors, said };
}

async function openConnected(url: string): Promise<Cache> {
  const { cache } = open(url);
  await untilCheck(cache, 'ok');
  return cache;
}

const untilCheck = (cache: Cache, state: string) =>
  vi.waitFor(async () => expect(await cache.check()).toBe(state), { timeout: 15_000, interval: 20 });

const newKey = () => `test:${randomUUID()}`;

const isLoaded = async () => 'loaded';

async function neverLoads(): Promise<never> {
  throw new Error('should not be loaded');
}

/** Every load with the milliseconds it took. */
async function loadMany(cache: Cache, count: number): Promise<{ values: string[]; slowestMs: number }> {
  const values: string[] = [];
  let slowestMs = 0;
  for (let turn = 0; turn < count; turn++) {
    const startedAt = performance.now();
    // eslint-disable-next-line no-await-in-loop
    values.push(await cache.getOrSet(newKey(), 30, isLoaded));
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
  return { values, slowestMs };
}

describe('the setting', () => {
  test('is optional, and a Redis address', () => {
    expect(readConfig(cacheSettings, {})).toEqual({});
    expect(readConfig(cacheSettings, { REDIS_URL: 'rediss://user:secret@host:6380/1' })).toEqual({
      REDIS_URL: 'rediss://user:secret@host:6380/1',
    });
    expect(() => readConfig(cacheSettings, { REDIS_URL: 'http://host' })).toThrow(/REDIS_URL/);
  });
});

describe('without Redis', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

  test('a value is kept for its time, then loaded again', async () => {
    const { cache } = open();
    const key = newKey();
    expect(await cache.getOrSet(key, 30, async () => 1)).toBe(1);
    pass(29);
    expect(await cache.getOrSet(key, 30, neverLoads)).toBe(1);
    pass(2);
    expect(await cache.getOrSet(key, 30, async () => 2)).toBe(2);
    expect(await cache.check()).toBe('off');
  });

  test('what a caller changes, the next one does not see', async () => {
    const { cache } = open();
    const key = newKey();
    await cache.getOrSet(key, 30, async () => ['a']);
    (await cache.getOrSet<string[]>(key, 30, neverLoads)).push('b');
    expect(await cache.getOrSet(key, 30, neverLoads)).toEqual(['a']);
  });

  test('fifty callers share one load', async () => {
    const { cache } = open();
    const key = newKey();
    const load = vi.fn<() => Promise<string>>(isLoaded);
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.getOrSet(key, 30, load)));
    expect(new Set(answers)).toEqual(new Set(['loaded']));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('fifty callers share one failure, which the next caller does not', async () => {
    const { cache } = open();
    const key = newKey();
    const failure = new Error('database gone');
    const load = vi.fn<() => Promise<string>>(() => Promise.reject(failure));
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => cache.getOrSet(key, 30, load)));
    for (const answer of answers) expect(answer).toEqual({ status: 'rejected', reason: failure });
    expect(load).toHaveBeenCalledTimes(1);
    expect(await cache.getOrSet(key, 30, isLoaded)).toBe('loaded');
  });

  test('a load that fails is answered with the former value, and told', async () => {
    const { cache, errors } = open();
    const key = newKey();
    const failure = new Error('database gone');
    await cache.getOrSet(key, 30, async () => 'former');
    pass(31);
    expect(await cache.getOrSet<string>(key, 30, () => Promise.reject(failure))).toBe('former');
    expect(errors).toEqual([failure]);
    pass(31);
    expect(await cache.getOrSet(key, 30, async () => 'fresh')).toBe('fresh');
  });

  test('a load that takes long is answered with the former value until it is done', async () => {
    const { cache } = open();
    const key = newKey();
    const slow = deferred();
    const load = () => slow.promise.then(() => 'fresh');
    await cache.getOrSet(key, 30, async () => 'former');
    pass(31);
    expect(await cache.getOrSet(key, 30, load)).toBe('former');
    slow.resolve();
    await vi.waitFor(async () => expect(await cache.getOrSet(key, 30, neverLoads)).toBe('fresh'), { timeout: 15_000 });
  });
});

describe('while Redis cannot be reached', () => {
  test('loads are answered, and the outage is told once', async () => {
    const { cache, said } = open(nowhere);
    expect(await loadMany(cache, 20)).toMatchObject({ values: Array.from({ length: 20 }, () => 'loaded') });
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 15_000 });
    expect((await loadMany(cache, 20)).slowestMs).toBeLessThan(500);
    expect(await cache.check()).toBe('unreachable');
    expect(said).toEqual([
      'Redis at 127.0.0.1:1 cannot be used (ECONNREFUSED); until it can, each process caches alone',
    ]);
  });

  test('it can be closed', async () => {
    const { cache } = open(nowhere);
    await cache.getOrSet(newKey(), 30, isLoaded);
    await expect(cache.close()).resolves.toBeUndefined();
  });
});

describe('with Redis', () => {
  let redis: TestRedis | null = null;

  beforeAll(async () => {
    redis = await openTestRedis();
  });

  afterAll(() => redis?.stop());

  test('two processes share a value', async (context) => {
    requireRedis(redis, context);
    const [one, other] = await Promise.all([openConnected(redis.url), openConnected(redis.url)]);
    const key = newKey();
    await one.getOrSet(key, 30, async () => ({ name: 'Avañe’ẽ', parts: [1, null] }));
    expect(await other.getOrSet(key, 30, neverLoads)).toEqual({ name: 'Avañe’ẽ', parts: [1, null] });
  });

  test('a value outlives the process that loaded it', async (context) => {
    requireRedis(redis, context);
    const key = newKey();
    const former = await openConnected(redis.url);
    await former.getOrSet(key, 30, isLoaded);
    await former.close();
    const next = await openConnected(redis.url);
    expect(await next.getOrSet(key, 30, neverLoads)).toBe('loaded');
  });

  test('what one process loads anew, the others take over', async (context) => {
    requireRedis(redis, context);
    const key = newKey();
    const { url } = redis;
    const one = await openConnected(url);
    await one.getOrSet(key, 3_600, async () => 'former');
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    await vi.waitFor(
      async () => {
        await client.del(`pika:${key}`);
        const other = await openConnected(url);
        await other.getOrSet(key, 3_600, async () => 'fresh');
        await vi.waitFor(async () => expect(await one.getOrSet(key, 3_600, neverLoads)).toBe('fresh'));
      },
      { timeout: 15_000 },
    );
  });

  test('what others say on its channel does no harm', async (context) => {
    requireRedis(redis, context);
    const key = newKey();
    const cache = await openConnected(redis.url);
    await cache.getOrSet(key, 30, isLoaded);
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    await vi.waitFor(
      async () => {
        const heard = await client.publish('bentocache.notifications:lists', 'nonsense');
        expect(heard).toBeGreaterThan(0);
      },
      { timeout: 15_000 },
    );
    for (const message of ['null', '[]', '{"busId":"x"}', '{"busId":"x","payload":null}']) {
      // eslint-disable-next-line no-await-in-loop
      await client.publish('bentocache.notifications:lists', message);
    }
    expect(await cache.getOrSet(key, 30, neverLoads)).toBe('loaded');
  });

  const outages: [name: string, begin: (server: LocalRedis) => unknown, end: (server: LocalRedis) => unknown][] = [
    ['is killed', (server) => server.kill(), (server) => server.start()],
    ['hangs', (server) => server.pause(), (server) => server.resume()],
  ];

  test.for(outages)('%s: loads are answered within 500 ms, and it is used again', async ([, begin, end], context) => {
    const server = requireLocalRedis(redis, context);
    const url = redis?.url ?? '';
    const { cache, said } = open(url);
    await untilCheck(cache, 'ok');
    const key = newKey();
    await cache.getOrSet(key, 30, isLoaded);

    await begin(server);
    expect(await cache.getOrSet(key, 30, neverLoads)).toBe('loaded');
    const { values, slowestMs } = await loadMany(cache, 30);
    expect(new Set(values)).toEqual(new Set(['loaded']));
    expect(slowestMs).toBeLessThan(500);
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 10_000 });
    await untilCheck(cache, 'unreachable');
    expect((await loadMany(cache, 30)).slowestMs).toBeLessThan(500);
    expect(said).toHaveLength(1);

    await end(server);
    await untilCheck(cache, 'ok');
    await vi.waitFor(() => expect(said).toHaveLength(2), { timeout: 10_000 });
    expect(said[1]).toBe(`Redis at ${new URL(url).host} is used again`);
    const other = await openConnected(url);
    await vi.waitFor(
      async () => {
        const shared = newKey();
        await cache.getOrSet(shared, 30, isLoaded);
        expect(await other.getOrSet(shared, 30, neverLoads)).toBe('loaded');
      },
      { timeout: 15_000, interval: 50 },
    );
  });
});
