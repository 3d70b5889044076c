import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { originsSetting } from '../src/cors.ts';
import { readConfig } from '../src/index.ts';
import { startServer } from './harness.ts';

const page = 'https://shop.example';
const voucher = '/v1/vouchers/a';

const preflight = (origin: string) => ({
  Origin: origin,
  'Access-Control-Request-Method': 'DELETE',
  'Access-Control-Request-Headers': 'authorization, idempotency-key',
});

describe('an origin of the list', () => {
  test('reads answers and their headers, errors too', async () => {
    const { get } = await startServer({ origins: [page] });
    for (const path of [voucher, '/v1/vouchers/missing', '/v1/vouchers/search?x=1', '/nowhere', '/health/live']) {
      const { headers } = await get(path, { Origin: page });
      expect(headers.get('access-control-allow-origin')).toBe(page);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/^Origin(?:, |$)/);
      const exposed = headers.get('access-control-expose-headers')?.split(', ');
      for (const name of ['ETag', 'Location', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id']) {
        expect(exposed).toContain(name);
      }
      expect(exposed).toContain('Pika-Read-After');
    }
    expect((await get(voucher, { Origin: page })).headers.get('vary')).toBe('Origin, Accept-Language, Accept');
  });

  test('is told before a request what it may send', async () => {
    const { get } = await startServer({ origins: [page] });
    const { status, headers } = await get(voucher, preflight(page), 'OPTIONS');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toBe('GET, DELETE, HEAD, OPTIONS');
    const allowed = headers.get('access-control-allow-headers')?.split(', ');
    for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match']) {
      expect(allowed).toContain(name);
    }
    expect(allowed).toContain('Pika-Read-After');
    expect(headers.get('access-control-max-age')).toBe('7200');
    const unknown = await get('/nowhere', preflight(page), 'OPTIONS');
    expect([unknown.status, unknown.headers.get('access-control-allow-methods')]).toEqual([404, null]);
  });
});

describe('any other origin', () => {
  test.each([
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://SHOP.example',
    'null',
    'http://localhost:3000',
  ])('%s is told nothing, and that the answer depends on the origin', async (origin) => {
    const { get } = await startServer({ origins: [page] });
    for (const { headers } of [
      await get(voucher, { Origin: origin }),
      await get(voucher, preflight(origin), 'OPTIONS'),
    ]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('vary')).toMatch(/^Origin/);
    }
  });
});

describe('other settings', () => {
  test('none: as if there were no other origins', async () => {
    const { get } = await startServer();
    const { headers } = await get(voucher, preflight(page), 'OPTIONS');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await get(voucher)).headers.get('vary')).toBe('Accept-Language, Accept');
  });

  test('*: everybody, without a word on the origin', async () => {
    const { get } = await startServer({ origins: '*' });
    const { headers } = await get(voucher, { Origin: page });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('vary')).toBe('Accept-Language, Accept');
  });

  test.each([
    ['http://localhost:5173', true],
    ['http://127.0.0.1', true],
    ['http://[::1]:3000', true],
    ['http://localhost.evil.example', false],
    ['https://evil.example/http://localhost:1', false],
    ['http://localhost:1@evil.example', false],
  ])('in development %s: %s', async (origin, isAllowed) => {
    const { get } = await startServer({ origins: 'localhost' });
    const { headers } = await get(voucher, { Origin: origin });
    expect(headers.get('access-control-allow-origin')).toBe(isAllowed ? origin : null);
  });

  test('are read exactly', () => {
    const schema = z.object({ CORS_ORIGINS: originsSetting() });
    const read = (text: string) => readConfig(schema, { CORS_ORIGINS: text }).CORS_ORIGINS;
    expect(read('https://a.example, http://b.example:8080')).toEqual(['https://a.example', 'http://b.example:8080']);
    expect(read('*')).toBe('*');
    expect(read('')).toBeUndefined();
    for (const wrong of ['a.example', 'https://a.example/', 'https://*.example/x', '*, https://a.example', 'null']) {
      expect(() => read(wrong)).toThrow('CORS_ORIGINS');
    }
  });
});
