import { BentoCache, bentostore, errors } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { z } from 'zod';
import { redisBus } from './redis-bus.ts';
import { connectRedis, redisUrlSetting, sayOutages } from './redis-connection.ts';

/** The settings of the cache, the same in every app. */
export const cacheSettings = z.object({
  REDIS_URL: redisUrlSetting,
});

export interface CacheOptions {
  readonly redisUrl: string | undefined;
  /** Told of every load that failed, because a former value may have hidden it. */
  readonly onError: (error: unknown) => void;
  /** Told in one sentence, once per outage, that Redis is away, and that it is back. */
  readonly onRedis?: (sentence: string) => void;
}

export interface Cache {
  /**
   * The value that `load` gave at most `ttlSeconds` ago; callers at the same time share one load. A load that fails, or
   * takes long, is answered with the former value if that is at most ten minutes past its time; without one, its error
   * is thrown. Never throws because of Redis. The key names the version of the value's shape, because releases share
   * Redis; the value survives JSON and is not changed by callers.
   */
  getOrSet<T>(key: string, ttlSeconds: number, load: () => Promise<T>): Promise<T>;
  /** `ok`, or why Redis is not used: `off` without a URL, `unreachable` while it does not answer. */
  check(): Promise<string>;
  /** Since the start: how often a value was asked for, how often that took a load, and how many of those failed. */
  counts(): { asked: number; loaded: number; failed: number };
  close(): Promise<void>;
}

const graceMs = 600_000;
/** How long a caller waits for a fresh value while a former one is there. */
const patienceMs = 200;
const backoffMs = 5_000;
const redisPauseMs = 1_000;

/** Never waits for Redis: it may come, go and come back. */
export function openCache({ redisUrl, onError, onRedis = () => {} }: CacheOptions): Cache {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems: 1_000 }));
  const redis = redisUrl === undefined ? null : connect(redisUrl, onRedis);
  if (redis !== null) {
    store.useL2Layer(redisDriver({ connection: redis.commands }));
    store.useBus({
      options: { retryQueue: { enabled: false, retryInterval: false } },
      factory: () => redisBus(redis.commands, redis.subscriber),
    });
  }
  const counts = { asked: 0, loaded: 0, failed: 0 };
  const bento = new BentoCache({
    default: 'lists',
    stores: { lists: store },
    prefix: 'pika',
    timeout: patienceMs,
    graceBackoff: backoffMs,
    l2CircuitBreakerDuration: redisPauseMs,
    onFactoryError: ({ cause }) => {
      counts.failed += 1;
      onError(cause);
    },
  });
  // bentocache lets the callers of a failing load try one after another, each for as long as a failure takes.
  const shareLoad = sharing();
  return {
    getOrSet: (key, ttlSeconds, load) => {
      counts.asked += 1;
      const factory = () => {
        counts.loaded += 1;
        return load();
      };
      return shareLoad(key, () => {
        const ttl = ttlSeconds * 1_000;
        return bento.getOrSet({ key, ttl, grace: ttl + graceMs, factory }).catch(throwCause);
      });
    },
    counts: () => ({ ...counts }),
    async check() {
      if (redis === null) return 'off';
      return redis.commands.ping().then(
        () => 'ok',
        () => 'unreachable',
      );
    },
    close: () => bento.disconnectAll(),
  };
}

function throwCause(error: unknown): never {
  throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error;
}

/** Calls with the same key, which stands for one type, get the promise that is already under way. */
function sharing(): <T>(key: string, begin: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  return <T>(key: string, begin: () => Promise<T>) => {
    const shared = running.get(key);
    if (shared !== undefined) return shared as Promise<T>;
    const begun = begin().finally(() => running.delete(key));
    running.set(key, begun);
    return begun;
  };
}

function connect(url: string, say: (sentence: string) => void) {
  const commands = connectRedis(url);
  const subscriber = commands.duplicate({ autoResubscribe: false });
  sayOutages(url, [commands, subscriber], 'each process caches alone', say);
  return { commands, subscriber };
}
