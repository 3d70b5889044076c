/** One server with some parts of the edge: it tells its parent its port, and its processor time whenever asked. */
import { databaseProblem, openDatabase, openLanguageDirectory } from '@pika/database';
import {
  createLogger,
  createMessages,
  createMetrics,
  createServer,
  mountRoutes,
  openRateLimits,
  openTracing,
  route,
} from '@pika/shared';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { z } from 'zod';
import type { Parts } from './parts.ts';

export type EdgeMessage = { port: number } | { cpuMicros: number } | { error: string };

const say = (message: EdgeMessage) => process.send?.(message);
const endless = { requests: 9_999_999, seconds: 60 };

const small = route({
  method: 'get',
  path: '/small',
  operationId: 'small',
  tags: [],
  summary: 'Touches nothing',
  access: 'public',
  query: z.strictObject({ limit: z.int().max(100).default(20) }),
  responses: { 200: { description: 'Small.', content: { 'application/json': z.looseObject({}) } } },
  handler: ({ query }) => ({ body: query, cacheControl: 'public, max-age=10' }),
});

async function start(parts: Parts): Promise<number> {
  const tracing = parts.tracing
    ? await openTracing({
        endpoint: process.env['BENCH_COLLECTOR'],
        share: 1,
        serviceName: 'pika-bench',
        onError: (error) => say({ error: String(error) }),
      })
    : null;
  const database = openDatabase({
    url: process.env['BENCH_URL'] ?? '',
    poolSize: 8,
    onStatement: tracing?.onStatement,
  });
  const languages = await openLanguageDirectory(database, (error) => say({ error: String(error) }));
  const redisUrl = parts.limits === 'redis' ? process.env['BENCH_REDIS'] : undefined;
  const rateLimits = openRateLimits({ quotas: { read: endless, write: null, login: null }, redisUrl });
  await rateLimits.begun;
  const now = () => new Date();
  const onError = (error: unknown) => say({ error: String(error) });
  const voucherKeys = await openVoucherKeys(database, { secret: 'x'.repeat(32), now, onError });
  const server = createServer({
    routers: [
      mountRoutes([small]),
      vouchersRouter({ database, cursorSecret: 'x'.repeat(32), nearbyBatch: () => 200, voucherKeys, now }),
    ],
    languages: languages.current,
    logger: createLogger({ level: parts.log ? 'info' : 'silent', name: 'bench' }),
    messages: createMessages(vouchersLocales),
    problemFor: databaseProblem,
    ...(parts.limits === 'off' ? {} : { rateLimits }),
    ...(parts.origins ? { origins: ['https://shop.example'] } : {}),
    ...(parts.metrics ? { metrics: { metrics: createMetrics(), token: undefined } } : {}),
    ...(tracing === null ? {} : { tracing }),
  });
  return (await server.listen({ port: 0, host: '127.0.0.1' })).port;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  say({ cpuMicros: user + system });
});
process.on('disconnect', () => process.exit(0));

start(JSON.parse(process.env['BENCH_PARTS'] ?? '{}')).then(
  (port) => say({ port }),
  (error: unknown) => say({ error: String(error) }),
);
