import type { IdentityDeps } from '@pika/identity';
import { createLogger, createMessages, createServer, mountRoutes, openRateLimits } from '@pika/shared';
import { expect, it, onTestFinished } from 'vitest';
import { gatewayLocales, gatewayRoutes, type GatewayDeps } from '../src/apps.ts';

const keys = [{ kty: 'OKP', crv: 'Ed25519', kid: 'a', x: 'b', alg: 'EdDSA', use: 'sig' } as const];

/** One read a minute, and no database: who asks for the keys needs neither. */
async function startServer(): Promise<string> {
  const quota = { requests: 1, seconds: 60 };
  const rateLimits = openRateLimits({ quotas: { read: quota, write: quota, login: quota }, redisUrl: undefined });
  const signingKeys: Pick<IdentityDeps['signingKeys'], 'published'> = { published: () => ({ keys }) };
  const server = createServer({
    routers: [mountRoutes(gatewayRoutes({ signingKeys } as unknown as GatewayDeps))],
    languages: () => ({ languages: [{ code: 'es', fallbackCode: null }], defaultLanguage: 'es' }),
    logger: createLogger({ level: 'silent', name: 'test' }),
    messages: createMessages(...gatewayLocales),
    rateLimits,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await server.close(0);
    await rateLimits.close();
  });
  return `http://127.0.0.1:${port}`;
}

it('the keys of access tokens are answered however often one address asks, and kept for five minutes', async () => {
  const url = `${await startServer()}/.well-known/jwks.json`;
  let etag = '';
  for (let each = 0; each < 20; each++) {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await answer.json()).toEqual({ keys });
    etag = answer.headers.get('etag') ?? '';
  }
  expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
});
