import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { slicesPerWindow, type Quota, type Standing } from './sliding-window.ts';

/**
 * As slidingWindow, on the clock of Redis, for all processes. The library's own script has windows that begin with a
 * request and let twice the quota pass at their border. A refused request is not counted.
 */
const script = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local points, limit, window = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]) * 1000
local slice_ms = window / ${slicesPerWindow}
local slice = math.floor(now / slice_ms)
local oldest, taken = slice, 0
local counts = redis.call('hgetall', KEYS[1])
for position = 1, #counts, 2 do
  local each = tonumber(counts[position])
  if each < slice - ${slicesPerWindow} then
    redis.call('hdel', KEYS[1], counts[position])
  else
    taken = taken + tonumber(counts[position + 1])
    if each < oldest then oldest = each end
  end
end
local reset = math.ceil((oldest + ${slicesPerWindow + 1}) * slice_ms - now)
if taken + points > limit then return {limit + 1, reset} end
redis.call('hincrby', KEYS[1], string.format('%d', slice), points)
redis.call('pexpire', KEYS[1], math.ceil(window + slice_ms))
return {taken + points, reset}
`;

/** Rejects where Redis does not answer. */
export function redisWindow(redis: Redis, name: string, quota: Quota): (key: string) => Promise<Standing> {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `pika:limit:${name}`,
    points: quota.requests,
    duration: quota.seconds,
    customIncrTtlLuaScript: script,
    rejectIfRedisNotReady: true,
    // Who is refused is not asked about again until quota comes back.
    inMemoryBlockOnConsumed: quota.requests + 1,
  });
  return async (key) => {
    try {
      return standingOf(await limiter.consume(key), true);
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return standingOf(refused, false);
      throw refused;
    }
  };
}

function standingOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Standing {
  return { isAllowed, remaining: isAllowed ? remainingPoints : 0, resetMs: msBeforeNext };
}
