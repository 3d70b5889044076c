import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { Router } from 'express';
import { describe, expect, test } from 'vitest';
import { PortInUseError, unavailable } from '../src/index.ts';
import { deferred, problemIn, sendRaw, startServer } from './harness.ts';

function failingLanguages(): never {
  throw unavailable(7);
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('request id', () => {
  test('is made when absent, and stands in the answer and the problem', async () => {
    const { get } = await startServer();
    const response = await get('/nowhere');
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(uuid);
    expect((await problemIn(response)).requestId).toBe(id);
  });

  test('is taken over when sane, replaced when not', async () => {
    const { get } = await startServer();
    expect((await get('/v1/vouchers/a', { 'X-Request-Id': 'abc-1.2_3:x' })).headers.get('x-request-id')).toBe(
      'abc-1.2_3:x',
    );
    for (const given of ['', 'a b', 'x'.repeat(65), '<script>', '{"a":1}']) {
      expect((await get('/v1/vouchers/a', { 'X-Request-Id': given })).headers.get('x-request-id')).toMatch(uuid);
    }
  });
});

describe('access log', () => {
  test('names the route template and never the query', async () => {
    const { get, logs, server } = await startServer();
    await get('/v1/vouchers/search?q=confidential', { 'X-Request-Id': 'one' });
    await get('/nowhere/confidential', { 'X-Request-Id': 'two' });
    await get('/v1/vouchers/a', { 'X-Request-Id': 'three' }, 'PUT');
    await server.close();
    expect(logs).toMatchObject([
      { requestId: 'one', method: 'GET', route: '/v1/vouchers/search', status: 200, durationMs: expect.any(Number) },
      { requestId: 'two', route: null, status: 404 },
      { requestId: 'three', method: 'PUT', route: '/v1/vouchers/{id}', status: 405 },
    ]);
    expect(JSON.stringify(logs)).not.toContain('confidential');
  });
});

describe('failures', () => {
  test('500 leaks nothing, and the log has the cause', async () => {
    const { get, logs } = await startServer();
    const response = await get('/v1/vouchers/broken', { 'Accept-Language': 'en', 'X-Request-Id': 'number-1' });
    expect(response.status).toBe(500);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(text).not.toMatch(/secret|marketplace|Error|at /);
    expect(JSON.parse(text)).toEqual({
      type: '/problems/server.internal',
      title: 'Something went wrong on our side',
      status: 500,
      detail: 'Try again later. If it happens again, tell us this number: number-1.',
      instance: '/v1/vouchers/broken',
      code: 'server.internal',
      requestId: 'number-1',
    });
    expect(JSON.stringify(logs)).toContain('secret table name');
  });

  test('an error with a status of its own is not the caller’s business', async () => {
    const extra = Router().get('/odd', () => {
      throw Object.assign(new Error('from a far service'), { status: 404 });
    });
    const { get } = await startServer({}, extra);
    expect((await get('/odd')).status).toBe(500);
  });

  test('a failure of the languages is told in a language all the same', async () => {
    const { get } = await startServer({ languages: failingLanguages });
    const response = await get('/v1/vouchers/search', { 'Accept-Language': 'ar' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(response.headers.get('content-language')).toBe('ar');
  });

  test('an answer that broke on its way is cut off', async () => {
    const extra = Router().get('/half', (_request, response) => {
      response.write('half');
      throw new Error('late');
    });
    const { port } = await startServer({}, extra);
    const raw = await sendRaw(port, 'GET /half HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(raw).toContain('200 OK');
    expect(raw.endsWith('0\r\n\r\n')).toBe(false);
  });
});

describe('headers', () => {
  test('are strict for the API and as stated for pages', async () => {
    const pages = { '/docs': { contentSecurityPolicy: { directives: { scriptSrc: ["'self'", "'unsafe-inline'"] } } } };
    const { get } = await startServer({ pages });
    const api = (await get('/v1/vouchers/a')).headers;
    expect(api.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(api.get('x-content-type-options')).toBe('nosniff');
    expect(api.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(api.get('referrer-policy')).toBe('no-referrer');
    expect(api.get('x-powered-by')).toBeNull();
    for (const path of ['/docs', '/docs/', '/docs?x', '/docs/app.js']) {
      expect((await get(path)).headers.get('content-security-policy')).toContain("script-src 'self' 'unsafe-inline'");
    }
    expect((await get('/docsy')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('prototypes', () => {
  test('are born as Express wants them, so that its swap changes nothing', async () => {
    const seen: boolean[] = [];
    const { get, server } = await startServer();
    server.http.prependListener('request', (request, response) => {
      const prototypes = [Object.getPrototypeOf(request), Object.getPrototypeOf(response)];
      seen.push(prototypes[0] === server.app.request, prototypes[1] === server.app.response);
      response.once('finish', () => {
        seen.push(Object.getPrototypeOf(request) === prototypes[0], Object.getPrototypeOf(response) === prototypes[1]);
      });
    });
    expect((await get('/v1/vouchers/a')).status).toBe(200);
    expect(seen).toEqual([true, true, true, true]);
  });

  test('leave Express’s own methods working: files, ranges, conditions, redirects', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pika-shared-'));
    writeFileSync(join(folder, 'page.txt'), 'hello world');
    const extra = Router()
      .use('/files', express.static(folder))
      .get('/file', (_request, response) => response.sendFile(join(folder, 'page.txt')))
      .get('/json', (request, response) =>
        response.json({ fresh: request.fresh, host: request.hostname, app: request.app === response.app }),
      );
    const { get, port } = await startServer({}, extra);
    for (const path of ['/files/page.txt', '/file']) {
      const response = await get(path);
      expect(await response.text()).toBe('hello world');
      const condition = `Host: x\r\nConnection: close\r\nIf-Modified-Since: ${response.headers.get('last-modified')}`;
      expect(await sendRaw(port, `GET ${path} HTTP/1.1\r\n${condition}\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 304 [\s\S]+\r\n\r\n$/,
      );
      expect(await (await get(path, { Range: 'bytes=6-' })).text()).toBe('world');
      expect((await get(path, {}, 'HEAD')).headers.get('content-length')).toBe('11');
      const beyond = await get(path, { Range: 'bytes=99-' });
      expect(beyond.status).toBe(416);
      expect(await problemIn(beyond)).toMatchObject({ status: 416, code: 'request.rangeNotSatisfiable' });
      const changed = await get(path, { 'If-Match': '"other"' });
      expect(changed.status).toBe(412);
      expect(await problemIn(changed)).toMatchObject({ status: 412, code: 'request.conditionFailed' });
    }
    expect(await (await get('/json')).json()).toEqual({ fresh: false, host: '127.0.0.1', app: true });
    expect((await get('/files/missing.txt')).status).toBe(404);
  });

  test('leave upgrades to whoever listens for them', async () => {
    const { server, port } = await startServer();
    server.http.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const raw = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    expect(raw).toMatch(/^HTTP\/1\.1 101 /);
  });
});

describe('health', () => {
  test('live is always ok, ready says what is wrong', async () => {
    let database = 'ok';
    const { get } = await startServer({ readiness: async () => ({ database }) });
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await get('/health/ready')).status).toBe(200);
    database = 'no answer within 2 s';
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'unavailable', checks: { database } });
  });

  test('a readiness that throws is not ready, and says nothing', async () => {
    const { get } = await startServer({ readiness: () => Promise.reject(new Error('secret')) });
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('listen and close', () => {
  test('a taken port is a typed error', async () => {
    const { server } = await startServer();
    const other = await startServer();
    await server.close();
    const attempt = server.listen({ port: other.port, host: '127.0.0.1' });
    await expect(attempt).rejects.toMatchObject({ name: 'PortInUseError', port: other.port, host: '127.0.0.1' });
    await expect(attempt).rejects.toBeInstanceOf(PortInUseError);
  });

  test('lets a running request finish, then closes its connection', async () => {
    const arrival = deferred();
    const release = deferred();
    const extra = Router().get('/slow', async (_request, response) => {
      arrival.resolve();
      await release.promise;
      response.end('done');
    });
    const { get, server } = await startServer({}, extra);
    const answer = get('/slow');
    await arrival.promise;
    const closed = server.close(10_000);
    await expect(get('/health/live')).rejects.toThrow('fetch failed');
    release.resolve();
    expect(await (await answer).text()).toBe('done');
    await closed;
    expect(server.http.listening).toBe(false);
  });

  test('cuts what does not finish within the deadline', async () => {
    const arrival = deferred();
    const extra = Router().get('/never', () => arrival.resolve());
    const { get, server, logs } = await startServer({}, extra);
    const answer = get('/never');
    answer.catch(() => undefined);
    await arrival.promise;
    await server.close(1);
    await expect(answer).rejects.toThrow('fetch failed');
    await expect.poll(() => logs).toMatchObject([{ aborted: true }]);
  });

  test('keeps idle connections longer than clients do, and longer than a head may take', async () => {
    const { server } = await startServer();
    expect(server.http.keepAliveTimeout).toBe(65_000);
    expect(server.http.headersTimeout).toBe(10_000);
    expect(server.http.requestTimeout).toBe(30_000);
    expect(server.http.timeout).toBe(120_000);
    expect(server.http.maxHeadersCount).toBe(100);

    const { port } = await startServer({ httpLimits: { headersMs: 150, checkEveryMs: 25, keepAliveMs: 30_000 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await askOn(agent, port);
    // This answer says that 150 ms have passed.
    expect(await sendRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    expect(await askOn(agent, port)).toEqual({ status: 200, localPort: first.localPort });
    agent.destroy();
  });
});

function askOn(agent: Agent, port: number): Promise<{ status: number | undefined; localPort: number | undefined }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ agent, port, host: '127.0.0.1', path: '/health/live' }, (incoming) => {
      const { localPort } = incoming.socket;
      incoming.resume().on('end', () => resolve({ status: incoming.statusCode, localPort }));
    });
    outgoing.on('error', reject).end();
  });
}
