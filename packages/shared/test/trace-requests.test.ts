import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Router } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTraceCollector } from '../../tests/src/trace-collector.ts';
import { contextOf, openTracing, readConfig } from '../src/index.ts';
import { tracingSettings } from '../src/tracing.ts';
import { startServer } from './harness.ts';

/** The files of OpenTelemetry that a process of its own has loaded after it opened tracing. */
async function loadedWith(endpoint: string | undefined): Promise<string[]> {
  const options = JSON.stringify({ endpoint, share: 1, serviceName: 'x' });
  const program = `
    import { createRequire } from 'node:module';
    import { openTracing } from '${new URL('../src/tracing.ts', import.meta.url).href}';
    await openTracing({ ...${options}, onError: console.error });
    console.log(JSON.stringify(Object.keys(createRequire('${import.meta.url}').cache)));
    process.exit(0);`;
  const args = ['--conditions=@pika/source', '--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return (JSON.parse(stdout) as string[]).filter((file) => /@opentelemetry\/(?:sdk-trace|exporter)/.test(file));
}

const trace = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

async function startTraced(share = 1) {
  const collector = await startTraceCollector();
  const errors: unknown[] = [];
  const tracing = await openTracing({
    endpoint: collector.url,
    share,
    serviceName: 'pika-test',
    onError: (error) => errors.push(error),
  });
  if (tracing === null) throw new Error('There is no tracing.');
  onTestFinished(() => tracing.close());
  onTestFinished(() => collector.close());
  const extra = Router().get('/outgoing', async (request, response) => {
    contextOf(request).route = '/outgoing';
    const ended = tracing.onStatement(() => 'SELECT 1');
    await new Promise((resolve) => setImmediate(resolve));
    ended();
    tracing.onStatement(() => '-- findVoucher\nSELECT broken')(new Error('secret'));
    response.end(JSON.stringify(tracing.outgoingHeaders()));
  });
  const started = await startServer({ tracing }, extra);
  const end = async () => {
    await started.server.close(20);
    await tracing.close();
  };
  return { ...started, collector, tracing, errors, end };
}

describe('without an endpoint', () => {
  test('nothing of OpenTelemetry is loaded, and with one it is', async () => {
    expect(await openTracing({ endpoint: undefined, share: 1, serviceName: 'x', onError: () => {} })).toBeNull();
    expect(await loadedWith(undefined)).toEqual([]);
    expect(await loadedWith('http://127.0.0.1:1')).not.toEqual([]);
  });
});

describe('a span', () => {
  test('of a request has its template, method and status, and no path', async () => {
    const { get, collector, end } = await startTraced();
    await get('/v1/vouchers/secret-one', { 'X-Request-Id': 'r-1' });
    await get('/v1/vouchers/broken');
    await get('/secret/nowhere');
    await end();
    expect(collector.spans).toMatchObject([
      {
        service: 'pika-test',
        name: 'GET /v1/vouchers/{id}',
        kind: 2,
        status: 0,
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/v1/vouchers/{id}',
          'http.response.status_code': 200,
          'pika.request_id': 'r-1',
        },
      },
      { name: 'GET /v1/vouchers/{id}', status: 2, attributes: { 'http.response.status_code': 500 } },
      { name: 'GET', status: 0, attributes: { 'http.response.status_code': 404 } },
    ]);
    expect(collector.text()).not.toContain('secret');
  });

  test('of a statement stands beneath that of its request, without what went wrong', async () => {
    const { get, collector, tracing, end } = await startTraced();
    tracing.onStatement(() => 'of no request')();
    await get('/outgoing');
    await end();
    const request = collector.spans.find(({ kind }) => kind === 2);
    const statements = collector.spans.filter(({ kind }) => kind === 3);
    expect(statements).toMatchObject([
      { name: 'SELECT', status: 0, attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 1' } },
      { name: 'SELECT', status: 2 },
    ]);
    for (const statement of statements) {
      expect(statement).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId });
    }
    expect(collector.text()).not.toContain('secret');
  });
});

describe('traceparent', () => {
  test('is taken over, and handed on by what we send ourselves', async () => {
    const { get, collector, tracing, end } = await startTraced();
    const answer = await get('/outgoing', { traceparent: `00-${trace}-${parent}-01` });
    const outgoing: Record<string, string> = JSON.parse(await answer.text());
    await end();
    const span = collector.spans.find(({ kind }) => kind === 2);
    expect(span).toMatchObject({ traceId: trace, parentSpanId: parent });
    expect(outgoing).toEqual({ traceparent: `00-${trace}-${span?.spanId}-01` });
    expect(tracing.outgoingHeaders()).toEqual({});
  });

  test.each([
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `ff-${trace}-${parent}-01`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    `00-${trace}-${parent}`,
    'nonsense',
  ])('%s begins a trace of its own', async (wrong) => {
    const { get, collector, end } = await startTraced();
    await get('/v1/vouchers/a', { traceparent: wrong });
    await end();
    expect(collector.spans).toHaveLength(1);
    expect(collector.spans[0]?.traceId).not.toBe(trace);
    expect(collector.spans[0]?.parentSpanId).toBeUndefined();
  });

  test('decides whether a trace is kept; else the share does', async () => {
    const { get, collector, end } = await startTraced(0);
    await get('/v1/vouchers/a');
    await get('/outgoing');
    await get('/v1/vouchers/a', { traceparent: `00-${trace}-${parent}-00` });
    await get('/v1/vouchers/a', { traceparent: `00-${trace}-${parent}-01` });
    await end();
    expect(collector.spans).toMatchObject([{ traceId: trace, parentSpanId: parent }]);
  });
});

describe('a collector that is away', () => {
  test('delays no answer and fails no end', async () => {
    const { get, collector, tracing } = await startTraced();
    await collector.close();
    expect((await get('/v1/vouchers/a')).status).toBe(200);
    const startedAt = performance.now();
    await tracing.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('settings', () => {
  test('are OpenTelemetry’s own', () => {
    expect(readConfig(tracingSettings, {})).toEqual({ OTEL_TRACES_SAMPLER_ARG: 1 });
    expect(readConfig(tracingSettings, { OTEL_TRACES_SAMPLER_ARG: '0.1' }).OTEL_TRACES_SAMPLER_ARG).toBe(0.1);
    expect(() => readConfig(tracingSettings, { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://x:4317' })).toThrow(
      'OTEL_EXPORTER',
    );
  });
});
