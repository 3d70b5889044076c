import { expect, test, describe } from 'vitest';
import { sendRaw, startServer, problemIn } from './harness.ts';

describe('200', () => {
  test('prepared JSON is written untouched, with its languages, cache rule and own headers', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/nanduti');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"id":"nanduti",  "title":"Ñandutí"}');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'content-length': '38',
      'content-language': 'gn, es',
      'cache-control': 'public, max-age=60',
      vary: 'Accept-Language, Accept',
      'x-served-by': 'test',
      etag: expect.stringMatching(/^W\/"[\w+/=]+"$/),
    });
  });

  test('a literal path wins over a path with parameters declared before it', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/search?latitude=1e1&longitude=-0&openNow=true&q=%20pan+dulce%20&limit=7');
    expect(response.headers.get('vary')).toBe('Accept-Language');
    expect(await response.json()).toEqual({
      query: { latitude: 10, longitude: 0, limit: 7, openNow: true, sort: 'distance', q: 'pan dulce' },
      language: { chain: ['es'], matchLength: 1 },
    });
  });

  test('an instant becomes a date and a UUID lower case', async () => {
    const { get } = await startServer();
    const id = '0190F5C2-7A1B-7C3D-8E4F-5A6B7C8D9E0F';
    const response = await get(`/v1/vouchers/search?openAt=2026-01-31T18:30:00-03:00&business=${id}`);
    const expected = { openAt: '2026-01-31T21:30:00.000Z', business: id.toLowerCase() };
    expect(await response.json()).toMatchObject({ query: expected });
  });

  test('an undocumented status is a defect, not an answer', async () => {
    const { get, logs } = await startServer();
    expect((await get('/v1/vouchers/odd', {}, 'DELETE')).status).toBe(500);
    expect(JSON.stringify(logs)).toContain('answered 202, which it does not document');
  });
});

describe('language', () => {
  test.each([
    ['/v1/vouchers/search?language=gn', 'en', 'gn'],
    ['/v1/vouchers/search', 'en-GB, es;q=0.5', 'en'],
    ['/v1/vouchers/search', 'fr', null],
    ['/v1/vouchers/search', '', 'es'],
  ])('%s with "%s" is answered in %s', async (path, acceptLanguage, expected) => {
    const { get } = await startServer();
    const response = await get(path, { 'Accept-Language': acceptLanguage });
    expect(response.headers.get('content-language')).toBe(expected);
  });

  test('a changed list of languages is seen at once', async () => {
    let languages = [{ code: 'es', fallbackCode: null }];
    const { get } = await startServer({ languages: () => ({ languages, defaultLanguage: 'es' }) });
    const ask = async () =>
      (await get('/v1/vouchers/search', { 'Accept-Language': 'pt' })).headers.get('content-language');
    expect(await ask()).toBeNull();
    languages = [...languages, { code: 'pt', fallbackCode: null }];
    expect(await ask()).toBe('pt');
  });
});

describe('304', () => {
  test('is answered without a body to whoever holds the answer', async () => {
    const { get } = await startServer();
    const etag = (await get('/v1/vouchers/a')).headers.get('etag') ?? '';
    for (const held of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const response = await get('/v1/vouchers/a', { 'If-None-Match': held });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('vary')).toBe('Accept-Language, Accept');
      expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    }
  });

  test('is not answered for another version, nor by a route without versions', async () => {
    const { get } = await startServer();
    expect((await get('/v1/vouchers/a', { 'If-None-Match': 'W/"other"' })).status).toBe(200);
    expect((await get('/v1/vouchers/search', { 'If-None-Match': '*' })).status).toBe(200);
  });
});

describe('HEAD', () => {
  test('says all that GET says, without the body', async () => {
    const { get, port } = await startServer();
    const full = await get('/v1/vouchers/nanduti');
    const head = await get('/v1/vouchers/nanduti', {}, 'HEAD');
    for (const name of ['content-type', 'content-length', 'content-language', 'etag', 'vary', 'cache-control']) {
      expect(head.headers.get(name)).toBe(full.headers.get(name));
    }
    const raw = await sendRaw(port, 'HEAD /v1/vouchers/nanduti HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw.endsWith('\r\n\r\n')).toBe(true);
  });

  test.each(['/health/live', '/health/ready'])('of %s says its length', async (path) => {
    const { get } = await startServer();
    const full = await (await get(path)).text();
    const head = await get(path, {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(full)));
    expect(await head.text()).toBe('');
  });

  test('of a problem has no body either', async () => {
    const { port } = await startServer();
    const raw = await sendRaw(port, 'HEAD /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(raw).toMatch(/^HTTP\/1\.1 404 /);
    expect(raw.endsWith('\r\n\r\n')).toBe(true);
  });
});

describe('406', () => {
  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/geo+json', 'application/geo+json'],
    ['APPLICATION/GEO+JSON', 'application/geo+json'],
    ['application/geo+json;version=1', 'application/geo+json'],
    ['application/geo+json, */*', 'application/geo+json'],
    ['application/geo+json, application/json', 'application/json'],
    ['application/json;q=0.5, application/geo+json;q=0.6', 'application/geo+json'],
    ['application/json;q=0, */*', 'application/geo+json'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'application/json'],
    ['garbage', 'application/json'],
    ['text/html;q=2', 'application/json'],
  ])('Accept: %s takes %s', async (accept, expected) => {
    const { port } = await startServer();
    const header = accept === undefined ? '' : `Accept: ${accept}\r\n`;
    const raw = await sendRaw(port, `GET /v1/vouchers/a HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\n\r\n`);
    expect(raw).toContain(`\r\nContent-Type: ${expected}\r\n`);
  });

  test.each(['text/html', 'application/json;q=0', '*/*;q=0', 'image/*'])(
    '%s is refused, naming what there is',
    async (accept) => {
      const { get } = await startServer();
      const response = await get('/v1/vouchers/search', { Accept: accept, 'Accept-Language': 'en' });
      expect(response.status).toBe(406);
      expect((await problemIn(response)).detail).toBe('Available formats: application/json.');
    },
  );

  test('varies by both headers where there are several formats', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/a', { Accept: 'text/html', 'Accept-Language': 'es' });
    expect(response.headers.get('vary')).toBe('Accept-Language, Accept');
    expect((await problemIn(response)).detail).toBe('Formatos disponibles: application/json, application/geo+json.');
  });
});

describe('405 and OPTIONS', () => {
  test.each([
    ['POST', '/v1/vouchers/a', 'GET, DELETE, HEAD, OPTIONS'],
    ['DELETE', '/v1/vouchers/search', 'GET, HEAD, OPTIONS'],
    ['TRACE', '/v1/vouchers/a', 'GET, DELETE, HEAD, OPTIONS'],
    ['POST', '/health/live', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/health/ready', 'GET, HEAD, OPTIONS'],
  ])('%s %s names what is allowed', async (method, path, allowed) => {
    const { port } = await startServer();
    const raw = await sendRaw(port, `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 405 /);
    expect(raw).toContain(`\r\nAllow: ${allowed}\r\n`);
    expect(raw).toContain('"code":"route.methodNotAllowed"');
  });

  test('OPTIONS answers 204 with what is allowed', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/a', {}, 'OPTIONS');
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, DELETE, HEAD, OPTIONS');
    expect((await get('/health/live', {}, 'OPTIONS')).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect((await get('/nowhere', {}, 'OPTIONS')).status).toBe(404);
  });
});

describe('404', () => {
  test.each([
    '/nowhere',
    '/v1/vouchers/',
    '/V1/vouchers/a',
    '/v1/vouchers/a/',
    '/',
    '//',
    '/v1/vouchers/a/b',
    '/Health/live',
  ])('%s leads nowhere', async (path) => {
    const { get } = await startServer();
    const response = await get(path, { 'Accept-Language': 'en' });
    expect(response.status).toBe(404);
    expect(await problemIn(response)).toMatchObject({
      type: '/problems/route.notFound',
      title: 'There is nothing at this address',
      status: 404,
      instance: path,
      code: 'route.notFound',
    });
  });

  test('of an app has the text of the app, or of the next language that has it', async () => {
    const { get } = await startServer();
    for (const [asked, title, language] of [
      ['es', 'No existe ese cupón', 'es'],
      ['gn', 'No existe ese cupón', 'es'],
      ['ar', 'No such voucher', 'en'],
    ] as const) {
      const response = await get('/v1/vouchers/missing', { 'Accept-Language': asked });
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('content-language')).toBe(language);
      expect(response.headers.get('vary')).toBe('Accept-Language');
      expect(response.headers.get('etag')).toBeNull();
      expect(await problemIn(response)).toMatchObject({ title, code: 'voucher.notFound', status: 404 });
    }
  });
});
