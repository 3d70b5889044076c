import { createLogger, createServer, type PikaServer } from '@pika/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentationPolicy, documentationRouter } from '../src/documentation.ts';

let server: PikaServer;
let url: string;

beforeAll(async () => {
  server = createServer({
    routers: [documentationRouter()],
    languages: () => ({ languages: [{ code: 'en', fallbackCode: null }], defaultLanguage: 'en' }),
    logger: createLogger({ level: 'silent', name: 'test' }),
    pages: { '/docs': documentationPolicy },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}`;
});

afterAll(() => server?.close(0));

const ask = (method: string, path: string) => fetch(url + path, { method, redirect: 'manual' });

const paths = ['/openapi.json', '/docs', '/docs/', '/docs/swagger-ui.css', '/docs/swagger-ui-init.js'];

describe('200', () => {
  it('gives the document to every origin', async () => {
    const answer = await ask('GET', '/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toMatchObject({ openapi: '3.1.0' });
  });

  it('gives the page and every file that it names', async () => {
    const page = await ask('GET', '/docs/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const files = [...(await page.text()).matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((match) => match[1]);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const answer = await ask('GET', `/docs/${file}`);
      expect(answer.status, file).toBe(200);
      expect(answer.headers.get('content-type'), file).not.toContain('html');
      await answer.body?.cancel();
    }
  });

  it.each(paths)('tells the length of %s to HEAD, and sends nothing', async (path) => {
    const full = await (await ask('GET', path)).arrayBuffer();
    const head = await ask('HEAD', path);
    expect(head.headers.get('content-length')).toBe(String(full.byteLength));
    expect(await head.text()).toBe('');
  });
});

describe('headers', () => {
  it('let the page run its own scripts alone, and nobody show it', async () => {
    const { headers } = await ask('GET', '/docs/');
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split(';').map((each) => each.split(/ (.*)/).slice(0, 2)),
    );
    expect(policy).toEqual({
      'default-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await ask('GET', '/docs/')).text()).not.toMatch(/<script(?![^>]*src=)[^>]*>\s*\S|\son\w+=/);
  });
});

describe('204', () => {
  it.each(paths)('OPTIONS of %s names what is allowed', async (path) => {
    const answer = await ask('OPTIONS', path);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('301', () => {
  it('leads to the page, whose files are beside it', async () => {
    const answer = await ask('GET', '/docs');
    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe('/docs/');
  });
});

describe('404', () => {
  it.each([
    '/docs/nope.js',
    '/docs/a/b',
    '/docs/index.html',
    '/docs/package.json',
    '/docs/x/swagger-ui-init.js',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/%',
    '/docs//',
    '/DOCS/',
    '/openapi.json/',
    '/',
  ])('%s leads nowhere', async (path) => {
    const answer = await ask('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'route.notFound', instance: path });
  });
});

describe('405', () => {
  it.each(paths.flatMap((path) => ['POST', 'PUT', 'DELETE'].map((method) => ({ method, path }))))(
    '$method $path names what is allowed',
    async ({ method, path }) => {
      const answer = await ask(method, path);
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect(await answer.json()).toMatchObject({ code: 'route.methodNotAllowed' });
    },
  );
});
