import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger, createServer, invalidToken, mountRoutes, route, type Caller } from '../src/index.ts';
import { market, messages } from './harness.ts';

const callers: Readonly<Record<string, Caller>> = {
  consumer: { kind: 'user', userId: 'u1', sessionId: 's1', roles: [], businesses: {}, language: 'es' },
  owner: { kind: 'user', userId: 'u2', sessionId: 's2', roles: [], businesses: { b1: 'owner' } },
  redeemer: { kind: 'user', userId: 'u3', sessionId: 's3', roles: [], businesses: { b1: 'redeemer' } },
  support: { kind: 'user', userId: 'u4', sessionId: 's4', roles: ['support'], businesses: {} },
  key: { kind: 'apiKey', keyId: 'k1', businessId: 'b1', scopes: ['offers.write'] },
  actingOwner: {
    kind: 'user',
    userId: 'u2',
    sessionId: 's5',
    roles: [],
    businesses: { b1: 'owner' },
    impersonatedBy: 'u4',
  },
  memberOfMany: {
    kind: 'user',
    userId: 'u6',
    sessionId: 's6',
    roles: [],
    businesses: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`m${at}`, 'owner' as const])),
  },
  weakKey: { kind: 'apiKey', keyId: 'k2', businessId: 'b1', scopes: [] },
};

const documented = { tags: ['Tests'], summary: 'For tests' };
const answers = { 200: { description: 'Who called.', content: { 'application/json': z.looseObject({}) } } };
const businessId = z.strictObject({ businessId: z.string() });
const offer = z.strictObject({ name: z.string().max(10), tags: z.array(z.string()).optional() });

const businessesOfOffers: Readonly<Record<string, string>> = { o1: 'b1', o2: 'b2' };

const routes = [
  route({
    ...documented,
    method: 'get',
    path: '/open',
    operationId: 'open',
    access: 'public',
    responses: answers,
    handler: ({ caller, language }) => ({
      body: { kind: caller.kind, language: language.chain[0] },
      cacheControl: 'public, max-age=10',
    }),
  }),
  route({
    ...documented,
    method: 'get',
    path: '/mine',
    operationId: 'mine',
    access: 'authenticated',
    responses: answers,
    handler: ({ caller }) => ({ body: { userId: caller.userId } }),
  }),
  route({
    ...documented,
    method: 'get',
    path: '/operators',
    operationId: 'operators',
    access: { roles: ['support', 'admin'] },
    responses: answers,
    handler: () => ({ body: {} }),
  }),
  route({
    ...documented,
    method: 'post',
    path: '/businesses/{businessId}/offers',
    operationId: 'insertOffer',
    access: { member: ['owner', 'manager'], business: 'businessId', scope: 'offers.write' },
    idempotency: 'none',
    params: businessId,
    body: offer,
    responses: answers,
    handler: ({ body, params, clientAddress }) => ({ body: { ...body, ...params, clientAddress } }),
  }),
  route({
    ...documented,
    method: 'patch',
    path: '/offers/{id}',
    operationId: 'updateOffer',
    access: {
      member: ['owner', 'manager'],
      businessOf: async (id) => businessesOfOffers[id] ?? null,
      scope: 'offers.write',
    },
    params: z.strictObject({ id: z.string() }),
    body: offer.partial(),
    responses: answers,
    handler: (input) => ({ body: { businessId: input.businessId } }),
  }),
  route({
    ...documented,
    method: 'patch',
    path: '/open',
    operationId: 'change',
    access: 'public',
    body: offer.partial(),
    responses: answers,
    handler: ({ body }) => ({ body }),
  }),
];

let url: string;
const server = createServer({
  routers: [mountRoutes(routes)],
  languages: () => market,
  logger: createLogger({ level: 'silent', name: 'test' }),
  messages,
  authenticate: async (token) => {
    const caller = callers[token];
    if (caller === undefined) throw invalidToken();
    return caller;
  },
});

beforeAll(async () => {
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close(0));

const as = (name: string) => ({ Authorization: `Bearer ${name}` });

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

const send = (body: BodyInit, headers: Record<string, string> = {}) =>
  ask('/businesses/b1/offers', {
    method: 'POST',
    body,
    headers: { ...as('owner'), 'Content-Type': 'application/json', ...headers },
  });

describe('who may call', () => {
  it.each([
    ['/open', null, 200],
    ['/open', 'consumer', 200],
    ['/mine', null, 401],
    ['/mine', 'consumer', 200],
    ['/mine', 'key', 403],
    ['/operators', null, 401],
    ['/operators', 'consumer', 403],
    ['/operators', 'key', 403],
    ['/operators', 'support', 200],
  ])('%s as %s: %i', async (path, name, status) => {
    const answer = await ask(path, name === null ? {} : { headers: as(name) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  it.each([
    ['owner', 'b1', 200],
    ['redeemer', 'b1', 403],
    ['consumer', 'b1', 404],
    ['support', 'b1', 404],
    ['owner', 'b2', 404],
    ['owner', 'constructor', 404],
    ['key', 'b1', 200],
    ['key', 'b2', 404],
    ['weakKey', 'b1', 403],
  ])('an offer of a business as %s of %s: %i', async (name, id, status) => {
    const headers = { ...as(name), 'Content-Type': 'application/json' };
    const answer = await ask(`/businesses/${id}/offers`, { method: 'POST', body: '{"name":"x"}', headers });
    expect(answer.status).toBe(status);
  });

  it.each([
    [null, 'o1', 401],
    ['owner', 'o1', 200],
    ['redeemer', 'o1', 403],
    ['consumer', 'o1', 404],
    ['support', 'o1', 404],
    ['owner', 'o2', 404],
    ['owner', 'o3', 404],
    ['key', 'o1', 200],
    ['key', 'o2', 404],
    ['key', 'o3', 404],
    ['weakKey', 'o1', 403],
    ['actingOwner', 'o1', 403],
    ['memberOfMany', 'o2', 200],
    ['memberOfMany', 'o3', 404],
  ])('what belongs to a business as %s, of %s: %i', async (name, id, status) => {
    const headers = { ...(name === null ? {} : as(name)), 'Content-Type': 'application/json' };
    const answer = await ask(`/offers/${id}`, { method: 'PATCH', body: '{"name":"x"}', headers });
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toEqual({ businessId: businessesOfOffers[id] });
    if (status === 404) {
      const absent = await ask('/offers/o3', { method: 'PATCH', body: '{"name":"x"}', headers });
      const { requestId: _one, instance: _there, ...told } = answer.body;
      const { requestId: _other, instance: _elsewhere, ...toldOfNothing } = absent.body;
      expect(told).toEqual(toldOfNothing);
    }
  });

  it('asks who calls before it reads what was sent', async () => {
    const answer = await ask('/businesses/b1/offers', { method: 'POST', body: '{' });
    expect(answer.body.code).toBe('auth.required');
  });

  it.each(['Bearer nobody', 'Basic dTpw', 'Bearer', 'Bearer a b'])('refuses %j everywhere', async (authorization) => {
    const answer = await ask('/open', { headers: { Authorization: authorization } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.invalidToken' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('refuses at once a route whose business is nowhere in the request', () => {
    const access = { member: ['owner'], business: 'shopId' } as const;
    const bad = () =>
      route({
        ...documented,
        method: 'get',
        path: '/x',
        operationId: 'x',
        access,
        responses: answers,
        handler: () => ({}),
      });
    expect(bad).toThrow('shopId');
  });

  it('refuses at once a route that names nothing to belong to a business', () => {
    const access = { member: ['owner'], businessOf: async () => 'b1' } as const;
    const bad = () =>
      route({
        ...documented,
        method: 'get',
        path: '/x',
        operationId: 'x',
        access,
        query: z.strictObject({ id: z.string() }),
        responses: answers,
        handler: () => ({}),
      });
    expect(bad).toThrow('id is no parameter of the path');
  });
});

describe('what is somebody’s own', () => {
  it('is kept by no shared cache', async () => {
    expect((await ask('/open')).headers.get('cache-control')).toBe('public, max-age=10');
    expect((await ask('/open', { headers: as('owner') })).headers.get('cache-control')).toBe('private, max-age=10');
    expect((await ask('/mine', { headers: as('owner') })).headers.get('cache-control')).toBe('private, no-cache');
  });

  it('comes in the language they chose, unless the request names one', async () => {
    const english = { 'Accept-Language': 'en' };
    expect((await ask('/open', { headers: english })).body.language).toBe('en');
    expect((await ask('/open', { headers: { ...english, ...as('owner') } })).body.language).toBe('en');
    expect((await ask('/open', { headers: { ...english, ...as('consumer') } })).body.language).toBe('es');
  });
});

describe('a body', () => {
  it('reaches the handler as its schema read it', async () => {
    expect((await send('{"name":"é","tags":["a"]}')).body).toMatchObject({ name: 'é', tags: ['a'], businessId: 'b1' });
  });

  it.each([
    ['{"name":1}', 'name', 'notAText'],
    ['{"name":"x","tags":["a",2]}', 'tags.1', 'notAText'],
    ['{"name":"x","extra":true}', 'extra', 'unknown'],
    ['{"name":"x","__proto__":{"a":1}}', '__proto__', 'unknown'],
    ['', 'name', 'required'],
    ['{"name":"a\\u0000b"}', 'name', 'unstorable'],
    ['{"name":"x","tags":["\\ud800"]}', 'tags.0', 'unstorable'],
  ])('%j is refused naming %s', async (body, field, code) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, code }));
  });

  it.each([
    ['no JSON', '{', {}, 400],
    ['no object', '[]', {}, 400],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400],
    ['nested too deep', `{"name":${'['.repeat(49_000)}${']'.repeat(49_000)}}`, {}, 400],
    ['too large', `{"name":"${'x'.repeat(100_001)}"}`, {}, 413],
    ['of another type', 'name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a merge patch where nothing is patched', '{}', { 'Content-Type': 'application/merge-patch+json' }, 415],
    ['compressed', 'x', { 'Content-Encoding': 'gzip' }, 415],
  ])('that is %s is refused', async (_what, body, headers, status) => {
    const answer = await send(body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['application/merge-patch+json', 'application/json; charset=utf-8'])('of PATCH may be %s', async (type) => {
    const answer = await ask('/open', { method: 'PATCH', body: '{"name":"y"}', headers: { 'Content-Type': type } });
    expect(answer.body).toEqual({ name: 'y' });
  });
});
