import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { slicesPerWindow, type Quota, type Standing } from './sliding-window.ts';

/**
 * As slidingWindow, on the clock of Redis, for all processes. The library's own script has windows that begin with a
 * request and let twice the quota pass at their border. A refused request is not counted. A field holds the count of a
 * slice and when its latest request was allowed.
 */
const script = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local points, limit, window = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]) * 1000
local slice_ms = window / ${slicesPerWindow}
local slice = math.floor(now / slice_ms)
local oldest, since, taken, own = slice + 1, now, 0, 0
local counts = redis.call('hgetall', KEYS[1])
for position = 1, #counts, 2 do
  local each = tonumber(counts[position])
  local count, latest = string.match(counts[position + 1], '(%d+) (%d+)')
  count, latest = tonumber(count), tonumber(latest)
  if now - latest >= window then
    redis.call('hdel', KEYS[1], counts[position])
  else
    taken = taken + count
    if each == slice then own = count end
    if each < oldest then oldest, since = each, latest end
  end
end
if taken + points > limit then return {limit + 1, math.min(window, window - (now - since))} end
if oldest >= slice then since = now end
redis.call('hset', KEYS[1], string.format('%d', slice), string.format('%d %d', own + points, now))
redis.call('pexpire', KEYS[1], window)
return {taken + points, window - (now - since)}
`;

/** Rejects where Redis does not answer. */
export function redisWindow(redis: Redis, name: string, quota: Quota): (key: string) => Promise<Standing> {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `pika:window:${name}`,
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
