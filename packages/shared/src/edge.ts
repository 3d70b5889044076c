import { z } from 'zod';
import { originsSetting } from './cors.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openRateLimits, rateLimitSettings } from './rate-limit.ts';
import { redisUrlSetting } from './redis-connection.ts';
import type { ServerOptions } from './server.ts';
import { openTracing, tracingSettings, type OnStatement } from './tracing.ts';
import { trustedProxiesSetting } from './trusted-proxies.ts';

/** What every request goes through, the same in every app. */
export const edgeSettings = z.object({
  REDIS_URL: redisUrlSetting,
  TRUST_PROXY: trustedProxiesSetting(),
  CORS_ORIGINS: originsSetting(),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Who sends it as a bearer token may read /metrics; without it, who is on this machine'),
  ...rateLimitSettings.shape,
  ...tracingSettings.shape,
});

export interface OpenEdge {
  /** For `createServer`. */
  readonly server: Pick<ServerOptions, 'rateLimits' | 'origins' | 'trustedProxies' | 'metrics' | 'tracing'>;
  readonly metrics: Metrics;
  /** For the database; absent without tracing. */
  readonly onStatement: OnStatement | undefined;
  close(): Promise<void>;
}

/** Opens what the settings of the edge name. `say` is told in sentences what is amiss. */
export async function openEdge(
  name: string,
  settings: z.output<typeof edgeSettings> & { NODE_ENV: string },
  say: (sentence: string) => void,
): Promise<OpenEdge> {
  const tracing = await openTracing({
    endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    share: settings.OTEL_TRACES_SAMPLER_ARG,
    serviceName: `pika-${name}`,
    onError: (error) => say(`The last spans were not sent (${error instanceof Error ? error.message : 'unknown'})`),
  });
  const rateLimits = openRateLimits({
    quotas: {
      read: settings.RATE_LIMIT_READ,
      write: settings.RATE_LIMIT_WRITE,
      login: settings.RATE_LIMIT_LOGIN,
    },
    redisUrl: settings.REDIS_URL,
    onRedis: say,
  });
  await rateLimits.begun;
  const metrics = createMetrics();
  return {
    server: {
      rateLimits,
      origins: settings.CORS_ORIGINS ?? (settings.NODE_ENV === 'production' ? [] : 'localhost'),
      trustedProxies: settings.TRUST_PROXY ?? 0,
      metrics: { metrics, token: settings.METRICS_TOKEN },
      ...(tracing !== null && { tracing }),
    },
    metrics,
    onStatement: tracing?.onStatement,
    async close() {
      await rateLimits.close();
      await tracing?.close();
    },
  };
}
