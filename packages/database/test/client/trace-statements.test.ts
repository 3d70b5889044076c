import { openDatabase, inTransaction, sql, systemContext, type Database } from '@pika/database';
import {
  createLogger,
  createMessages,
  createServer,
  mountRoutes,
  openTracing,
  route,
  type Tracing,
} from '@pika/shared';
import { createTestDatabase, startTraceCollector, type TestDatabase, type TraceCollector } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

let test: TestDatabase;
let collector: TraceCollector;
let tracing: Tracing | null;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  collector = await startTraceCollector();
  tracing = await openTracing({ endpoint: collector.url, share: 1, serviceName: 'pika-test', onError: () => {} });
  database = openDatabase({
    url: test.url,
    kind: test.kind === 'embedded' ? 'embedded' : 'server',
    namedStatements: test.kind !== 'embedded',
    // One connection, so that requests wait for one another's.
    poolSize: 1,
    onStatement: tracing?.onStatement,
  });
});

afterAll(async () => {
  await database?.close();
  await tracing?.close();
  await collector?.close();
  await test?.close();
});

const shared = {
  method: 'get',
  tags: ['Tests'],
  summary: 'For tests',
  access: 'public',
  responses: { 200: { description: 'Done.', content: { 'application/json': z.unknown() } } },
} as const;

const routes = [
  route({
    ...shared,
    path: '/read/{name}',
    operationId: 'read',
    params: z.strictObject({ name: z.string() }),
    handler: async ({ params }) => {
      await database.public.pool.query(`SELECT '${params.name}' AS literal, $1::text AS value`, [params.name]);
      return { body: {} };
    },
  }),
  route({
    ...shared,
    path: '/write',
    operationId: 'write',
    handler: async () => {
      await inTransaction(database, systemContext('test'), (tx) => tx.$queryRaw(sql`SELECT 1 AS written`));
      return { body: {} };
    },
  }),
];

describe('statements', () => {
  it('stand beneath the request that asked for them, also when it had to wait, and have no values', async () => {
    if (tracing === null) throw new Error('There is no tracing.');
    const server = createServer({
      routers: [mountRoutes(routes)],
      languages: () => ({ languages: [{ code: 'en', fallbackCode: null }], defaultLanguage: 'en' }),
      logger: createLogger({ level: 'silent', name: 'test' }),
      messages: createMessages(),
      tracing,
    });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const paths = [...Array.from({ length: 12 }, (_, number) => `/read/secret${number}`), '/write', '/write'];
    const answers = await Promise.all(paths.map((path) => fetch(`http://127.0.0.1:${port}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    await server.close(50);
    await tracing.close();

    const requests = collector.spans.filter(({ kind }) => kind === 2);
    const statements = collector.spans.filter(({ kind }) => kind === 3);
    const beneath = (spanId: string) => statements.filter(({ parentSpanId }) => parentSpanId === spanId);
    const reads = requests.filter(({ name }) => name === 'GET /read/{name}');
    const writes = requests.filter(({ name }) => name === 'GET /write');
    expect([reads.length, writes.length]).toEqual([12, 2]);
    for (const { spanId, traceId } of reads) {
      const own = beneath(spanId);
      expect(own.filter(({ attributes }) => String(attributes['db.query.text']).includes('AS value'))).toHaveLength(1);
      expect(own.every((span) => span.traceId === traceId)).toBe(true);
    }
    for (const { spanId } of writes) {
      const texts = beneath(spanId).map(({ attributes }) => String(attributes['db.query.text']));
      expect(texts.filter((text) => text.includes('AS written'))).toHaveLength(1);
      expect(texts).toContain('COMMIT');
    }
    expect(collector.text()).not.toContain('secret');
  });
});
