import { Redis } from 'ioredis';
import { z } from 'zod';

export const redisUrlSetting = z
  .url({ protocol: /^rediss?$/ })
  .optional()
  .describe('Redis that the processes share cached lists and rate limits by; without it each keeps its own');

/**
 * By default ioredis queues commands while there is no connection, so a dead Redis is a hang. Here a command fails at
 * once, a hanging server after 100 ms unless said, and its connection is given up after a second. Listen for its errors.
 */
export function connectRedis(url: string, commandTimeoutMs = 100): Redis {
  return new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    socketTimeout: Math.max(1_000, commandTimeoutMs),
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
}

/** Says in one sentence, once per outage, that Redis is away, what that means, and that it is back. */
export function sayOutages(
  url: string,
  connections: readonly Redis[],
  consequence: string,
  say: (sentence: string) => void,
): void {
  const { host } = new URL(url);
  const failing = new Set<Redis>();
  for (const connection of connections) {
    connection.on('ready', () => {
      if (failing.delete(connection) && failing.size === 0) say(`Redis at ${host} is used again`);
    });
    connection.on('error', (error: Error & { code?: string }) => {
      const reason = error.code ?? error.message;
      if (failing.size === 0) say(`Redis at ${host} cannot be used (${reason}); until it can, ${consequence}`);
      failing.add(connection);
    });
  }
}
