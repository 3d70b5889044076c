import type { Redis } from 'ioredis';
import { z } from 'zod';
import { sharedProblems, unavailable } from './problem.ts';
import { connectRedis, sayOutages } from './redis-connection.ts';
import { redisWindow } from './redis-window.ts';
import { slidingWindow, type Quota, type Standing } from './sliding-window.ts';

/** What a route costs: reading, writing, or trying a secret. */
export type LimitedClass = 'read' | 'write' | 'login';

export interface RateLimits {
  /** Counts a request of this caller. Rejects with 503 where a class may not go on without its store. */
  take(limited: LimitedClass, key: string): Taken | Promise<Taken>;
  /** Resolves when Redis answered, or did not: from then on all processes count together, if they can. */
  readonly begun: Promise<void>;
  close(): Promise<void>;
}

interface Taken {
  readonly isAllowed: boolean;
  /** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. */
  readonly policy: string;
  readonly state: string;
  readonly resetSeconds: number;
}

const quotaText = /^([1-9]\d{0,6})\/([1-9]\d{0,4})$/;

function quotaSetting(fallback: string, purpose: string) {
  return z
    .string()
    .refine((text) => text === 'off' || quotaText.test(text), { params: { code: 'invalidFormat', format: 'quota' } })
    .default(fallback)
    .transform((text): Quota | null => {
      const [, requests, seconds] = quotaText.exec(text) ?? [];
      return requests === undefined ? null : { requests: Number(requests), seconds: Number(seconds) };
    })
    .describe(purpose);
}

/** Requests of one caller in any span of so many seconds. */
export const rateLimitSettings = z.object({
  RATE_LIMIT_READ: quotaSetting('1200/60', 'Reads of one caller, as requests/seconds; off for no limit'),
  RATE_LIMIT_WRITE: quotaSetting('300/60', 'Writes of one caller, as requests/seconds; off for no limit'),
  RATE_LIMIT_LOGIN: quotaSetting('30/60', 'Attempts to log in and the like from one address; off for no limit'),
});

interface RateLimitOptions {
  readonly quotas: Readonly<Record<LimitedClass, Quota | null>>;
  /** Where all processes count together; without it each counts alone. */
  readonly redisUrl: string | undefined;
  readonly onRedis?: (sentence: string) => void;
  /** How long Redis may take for an answer: 100 ms unless said. */
  readonly redisTimeoutMs?: number;
}

const redisPauseMs = 1_000;

/** While Redis is away each process counts alone, but nobody logs in: there guessing must not become cheaper. */
export function openRateLimits({ quotas, redisUrl, onRedis = () => {}, redisTimeoutMs }: RateLimitOptions): RateLimits {
  const redis = redisUrl === undefined ? null : connectRedis(redisUrl, redisTimeoutMs);
  if (redis !== null && redisUrl !== undefined) {
    sayOutages(redisUrl, [redis], 'each process counts requests alone and nobody logs in', onRedis);
  }
  let pausedUntil = 0;

  function counterOf(name: LimitedClass, quota: Quota) {
    const inMemory = slidingWindow(quota);
    if (redis === null) return inMemory;
    const inRedis = redisWindow(redis, name, quota);
    const withoutRedis = (key: string, cause?: unknown): Standing => {
      if (name === 'login') throw unavailable(5, cause);
      return inMemory(key);
    };
    return (key: string) => {
      if (performance.now() < pausedUntil) return withoutRedis(key);
      return inRedis(key).catch((error: unknown) => {
        pausedUntil = performance.now() + redisPauseMs;
        return withoutRedis(key, error);
      });
    };
  }

  function limiterOf(name: LimitedClass): RateLimits['take'] | null {
    const quota = quotas[name];
    if (quota === null) return null;
    const count = counterOf(name, quota);
    const policy = `"${name}";q=${quota.requests};w=${quota.seconds}`;
    const told = ({ isAllowed, remaining, resetMs }: Standing): Taken => {
      const resetSeconds = Math.max(1, Math.ceil(resetMs / 1_000));
      return { isAllowed, policy, state: `"${name}";r=${remaining};t=${resetSeconds}`, resetSeconds };
    };
    return (_name, key) => {
      const standing = count(key);
      return standing instanceof Promise ? standing.then(told) : told(standing);
    };
  }

  const limiters = { read: limiterOf('read'), write: limiterOf('write'), login: limiterOf('login') };
  return {
    take: (limited, key) => limiters[limited]?.(limited, key) ?? unlimited,
    begun: redis === null ? Promise.resolve() : firstWordOf(redis),
    async close() {
      redis?.disconnect();
    },
  };
}

function firstWordOf(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', () => resolve()).once('error', () => resolve());
  });
}

const unlimited: Taken = { isAllowed: true, policy: '', state: '', resetSeconds: 0 };

export function tooMany(resetSeconds: number) {
  return sharedProblems['request.tooMany']({
    params: { seconds: resetSeconds },
    headers: { 'Retry-After': String(resetSeconds) },
  });
}
