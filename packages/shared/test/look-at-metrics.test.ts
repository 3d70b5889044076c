import { Agent, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../src/index.ts';
import { problemIn, startServer } from './harness.ts';

const token = 'a-token-of-the-collector';

const startMeasured = (own?: string) => {
  const metrics = createMetrics();
  return startServer({ metrics: { metrics, token: own } }).then((server) => ({ ...server, metrics }));
};

describe('requests', () => {
  test('are counted by template, method and class of status, when they are over', async () => {
    const { get } = await startMeasured();
    await get('/v1/vouchers/secret-one');
    await get('/v1/vouchers/secret-two');
    await get('/v1/vouchers/missing');
    await get('/v1/vouchers/broken');
    await get('/nowhere/secret-three');
    await get('/v1/vouchers/x', {}, 'PUT');
    const count = (labels: string) => `http_request_duration_seconds_count{${labels}}`;
    const text = async () => (await get('/metrics')).text();
    await expect.poll(text).toContain(`${count('method="PUT",route="/v1/vouchers/{id}",status="4xx"')} 1`);
    const all = await text();
    expect(all).toContain(`${count('method="GET",route="/v1/vouchers/{id}",status="2xx"')} 2`);
    expect(all).toContain(`${count('method="GET",route="/v1/vouchers/{id}",status="4xx"')} 1`);
    expect(all).toContain(`${count('method="GET",route="/v1/vouchers/{id}",status="5xx"')} 1`);
    expect(all).toContain(`${count('method="GET",route="none",status="4xx"')} 1`);
    expect(all).not.toContain('secret-');
    expect(all).toMatch(
      /http_request_duration_seconds_bucket\{le="0\.005",method="GET",route="\/v1\/vouchers\/\{id\}"/,
    );
  });
});

describe('the process', () => {
  test('shows its event loop, its memory, and what is watched at the moment of asking', async () => {
    const { get, metrics } = await startMeasured();
    let waiting = 1;
    metrics.watch('database_pool_connections', 'For tests.', 'state', () => ({ waiting, max: 10 }));
    const first = await get('/metrics');
    expect(first.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const text = await first.text();
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'nodejs_gc_duration_seconds',
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
    expect(text).toContain('database_pool_connections{state="waiting"} 1');
    waiting = 7;
    expect(await (await get('/metrics')).text()).toContain('database_pool_connections{state="waiting"} 7');
  });
});

describe('404', () => {
  test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])('behind a proxy that says %s', async (name) => {
    const { get } = await startMeasured();
    expect((await get('/metrics')).status).toBe(200);
    const refused = await get('/metrics', { [name]: '127.0.0.1' });
    expect(refused.status).toBe(404);
    expect(await problemIn(refused)).toMatchObject({ code: 'route.notFound' });
  });

  test('from another machine', async () => {
    const { server, port } = await startMeasured();
    server.http.prependListener('request', ({ socket }) => {
      Object.defineProperty(socket, 'remoteAddress', { value: '::ffff:203.0.113.9' });
    });
    const agent = new Agent();
    const status = await new Promise((resolve, reject) => {
      const outgoing = request({ agent, port, host: '127.0.0.1', path: '/metrics' }, (incoming) => {
        incoming.resume().on('end', () => resolve(incoming.statusCode));
      });
      outgoing.on('error', reject).end();
    });
    expect(status).toBe(404);
  });

  test('with a token: for who does not send it, wherever they are', async () => {
    const { get } = await startMeasured(token);
    expect((await get('/metrics', { Authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await get('/metrics', { Authorization: `Bearer ${token}`, Via: 'x' })).status).toBe(200);
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/metrics', { Authorization: `Bearer ${token}x` })).status).toBe(404);
  });

  test('without metrics', async () => {
    const { get } = await startServer();
    expect((await get('/metrics')).status).toBe(404);
  });
});
