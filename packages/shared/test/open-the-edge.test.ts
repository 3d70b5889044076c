import { describe, expect, onTestFinished, test } from 'vitest';
import { openEdge, readConfig, serverSettings } from '../src/index.ts';
import { startServer } from './harness.ts';

async function openWith(env: Record<string, string>) {
  const edge = await openEdge('test', readConfig(serverSettings(0), env), () => {});
  onTestFinished(() => edge.close());
  return edge;
}

describe('an app without settings', () => {
  test('in development: limits, metrics and pages of this machine, no tracing, no proxy', async () => {
    const edge = await openWith({});
    expect(edge.onStatement).toBeUndefined();
    expect(edge.server).toMatchObject({ origins: 'localhost', trustedProxies: 0, metrics: { token: undefined } });
    const { get } = await startServer(edge.server);
    const { headers } = await get('/v1/vouchers/a', {
      Origin: 'http://localhost:5173',
      'X-Forwarded-For': '203.0.113.9',
    });
    expect(headers.get('ratelimit-policy')).toBe('"read";q=1200;w=60');
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    expect((await get('/metrics')).status).toBe(200);
  });

  test('in production: pages of nobody else', async () => {
    const edge = await openWith({ NODE_ENV: 'production' });
    const { get } = await startServer(edge.server);
    const { headers } = await get('/v1/vouchers/a', { Origin: 'http://localhost:5173' });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('settings', () => {
  test('reach the server', async () => {
    const edge = await openWith({
      NODE_ENV: 'production',
      CORS_ORIGINS: 'https://shop.example',
      TRUST_PROXY: '1',
      METRICS_TOKEN: 'a-token-of-the-collector',
      RATE_LIMIT_READ: '2/60',
      RATE_LIMIT_WRITE: 'off',
    });
    const { get } = await startServer(edge.server);
    const from = (address: string) =>
      get('/v1/vouchers/a', { Origin: 'https://shop.example', 'X-Forwarded-For': address });
    const first = await from('203.0.113.1');
    expect(first.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect([first.status, (await from('203.0.113.1')).status, (await from('203.0.113.1')).status]).toEqual([
      200, 200, 429,
    ]);
    expect((await from('203.0.113.2')).status).toBe(200);
    const write = await get('/v1/vouchers/a', {}, 'DELETE');
    expect([write.status, write.headers.get('ratelimit')]).toEqual([204, null]);
    expect((await get('/metrics')).status).toBe(404);
  });

  test('that are wrong are all named, without their values', () => {
    const env = { TRUST_PROXY: 'true', CORS_ORIGINS: 'hunter2', RATE_LIMIT_LOGIN: 'hunter2', METRICS_TOKEN: 'hunter2' };
    const read = () => readConfig(serverSettings(0), env);
    for (const name of Object.keys(env)) expect(read).toThrow(`  ${name}: `);
    expect(read).not.toThrow(/hunter2/);
  });

  test('Redis that is away delays the start of no app', async () => {
    const said: string[] = [];
    const settings = readConfig(serverSettings(0), { REDIS_URL: 'redis://127.0.0.1:1' });
    const startedAt = performance.now();
    const edge = await openEdge('test', settings, (sentence) => said.push(sentence));
    onTestFinished(() => edge.close());
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(said).toEqual([expect.stringContaining('each process counts requests alone and nobody logs in')]);
  });
});
