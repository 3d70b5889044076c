import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  buildOpenApi,
  createLogger,
  createServer,
  mountRoutes,
  route,
  sharedProblems,
  type Access,
  type FrozenAnswer,
  type IdempotencyRule,
  type IdempotentRequest,
  type Method,
  type OnceAnswer,
} from '../src/index.ts';
import { canonicalJson } from '../src/idempotency.ts';
import { market, messages } from './harness.ts';

const documented = { tags: ['Tests'], summary: 'For tests', access: 'authenticated' } as const;
const responses = { 201: { description: 'Written.', content: { 'application/json': z.looseObject({}) } } };
const body = z.strictObject({ text: z.string() });

/** Stands for the database: answers by key. */
const kept = new Map<string, FrozenAnswer>();

function answerOnce(request: IdempotentRequest, answer: OnceAnswer) {
  const stored = request.key === null ? undefined : kept.get(request.key);
  if (stored !== undefined) return request.reply(stored, true);
  const frozen = request.freeze(answer);
  if (request.key !== null) kept.set(request.key, frozen.kept);
  return request.reply(frozen.now, false);
}

const fingerprints: string[] = [];
let another: IdempotentRequest | undefined;

const routes = [
  route({
    ...documented,
    method: 'post',
    path: '/notes/{id}',
    operationId: 'insertNote',
    params: z.strictObject({ id: z.string() }),
    query: z.strictObject({ dry: z.string().optional() }),
    body,
    responses,
    idempotency: 'required',
    handler: ({ body: { text }, idempotency }) => {
      fingerprints.push(Buffer.from(idempotency.fingerprint).toString('hex'));
      if (text === 'refuse') return answerOnce(idempotency, sharedProblems['record.inUse']());
      if (text === 'fail') return answerOnce(idempotency, sharedProblems['server.unavailable']());
      if (text === 'undocumented') return answerOnce(idempotency, { status: 202, body: {} });
      if (text === 'bytes')
        return answerOnce(idempotency, { status: 201, body: new Uint8Array([123, 125]), mediaType: 'text/x' });
      if (text === 'another' && another !== undefined) return answerOnce(another, { status: 201, body: {} });
      another = idempotency;
      return answerOnce(idempotency, { status: 201, body: { text }, cacheControl: 'no-store' });
    },
  }),
  route({
    ...documented,
    method: 'post',
    path: '/forgetful',
    operationId: 'forgetful',
    responses,
    idempotency: 'optional',
    // @ts-expect-error: what input.idempotency did not make is no answer.
    handler: () => ({ status: 201, body: {} }),
  }),
  route({
    ...documented,
    method: 'post',
    path: '/twice',
    operationId: 'twice',
    responses,
    idempotency: 'none',
    handler: ({ idempotency }) => ({ status: 201, body: { idempotency: idempotency ?? null } }),
  }),
];

const logs: string[] = [];
const server = createServer({
  routers: [mountRoutes(routes)],
  languages: () => market,
  logger: createLogger({ level: 'error', name: 'test', destination: { write: (line) => logs.push(line) } }),
  messages,
  authenticate: async (userId) => ({ kind: 'user', userId, sessionId: 's', roles: [], businesses: {} }),
});
let url: string;
beforeAll(async () => {
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close(0));

async function post(path: string, text: string | null, key?: string) {
  const answer = await fetch(url + path, {
    method: 'POST',
    ...(text === null ? {} : { body: JSON.stringify({ text }) }),
    headers: {
      Authorization: 'Bearer u1',
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('a route with a key', () => {
  it('answers a repeat with the bytes and headers of the first answer, and marks it', async () => {
    const first = await post('/notes/1', 'a', 'k1');
    const repeat = await post('/notes/1', 'b', 'k1');
    expect([first.status, repeat.status]).toEqual([201, 201]);
    expect(repeat.text).toBe(first.text);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
    expect(repeat.headers.get('cache-control')).toBe('no-store');
  });

  it('tells a refusal like an answer', async () => {
    const answer = await post('/notes/1', 'refuse', 'k2');
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'record.inUse', status: 409 });
  });

  it('keeps bytes and their media type', async () => {
    await post('/notes/1', 'bytes', 'k3');
    const repeat = await post('/notes/1', 'bytes', 'k3');
    expect([repeat.text, repeat.headers.get('content-type')]).toEqual(['{}', 'text/x']);
  });

  it.each([
    ['fail', 503],
    ['undocumented', 500],
  ])('keeps nothing of %s', async (text, status) => {
    expect((await post('/notes/1', text, `kept-${text}`)).status).toBe(status);
    expect(kept.has(`kept-${text}`)).toBe(false);
  });

  it('fails loudly where the handler does not answer by it, or by that of another request', async () => {
    expect((await post('/forgetful', null)).status).toBe(500);
    expect(logs.at(-1)).toContain('forgetful takes an Idempotency-Key and did not answer by input.idempotency');
    await post('/notes/1', 'a', 'k4');
    expect((await post('/notes/1', 'another', 'k5')).status).toBe(500);
    expect(logs.at(-1)).toContain('insertNote takes an Idempotency-Key and did not answer by input.idempotency');
  });

  it('tells requests apart by path, query and body', async () => {
    fingerprints.length = 0;
    const sent = [
      ['/notes/1', 'a'],
      ['/notes/2', 'a'],
      ['/notes/1?dry=1', 'a'],
      ['/notes/1', 'b'],
    ] as const;
    for (const [path, text] of sent) await post(path, text, `apart ${path} ${text}`.replaceAll(' ', '-'));
    expect(new Set(fingerprints).size).toBe(sent.length);
  });

  it('is refused without one before the body is looked at', async () => {
    const answer = await post('/notes/1', null);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, code: 'idempotency.keyMissing' });
  });
});

it('a route without a key takes no notice of one', async () => {
  expect((await post('/twice', null, '"')).text).toBe('{"idempotency":null}');
});

describe('the declaration', () => {
  const declare = (method: Method, access: Access, idempotency?: IdempotencyRule) => () =>
    route({
      ...documented,
      method,
      access,
      path: '/x',
      operationId: 'x',
      responses,
      ...(idempotency === undefined ? {} : { idempotency }),
      handler: ({ idempotency: request }) => answerOnce(request!, { status: 201 }),
    });

  it('is asked of every POST that is not public', () => {
    expect(declare('post', 'authenticated')).toThrow('x: declare idempotency');
    expect(declare('post', { roles: ['admin'] })).toThrow('x: declare idempotency');
    for (const rule of ['required', 'optional', 'none'] as const)
      expect(declare('post', 'authenticated', rule)).not.toThrow();
    expect(declare('post', 'public')).not.toThrow();
    expect(declare('delete', 'authenticated')).not.toThrow();
  });

  it('fits who calls and what is done', () => {
    expect(declare('post', 'public', 'optional')).toThrow('nobody to keep');
    expect(declare('get', 'authenticated', 'optional')).toThrow('GET is safe');
    expect(declare('patch', 'authenticated', 'optional')).not.toThrow();
  });

  it('stands in the OpenAPI document', () => {
    const document = buildOpenApi({ title: 'T', version: '1', description: 'D', routes, problems: {} });
    const operation = (path: string) => document.paths?.[path]?.post;
    const header = (path: string) =>
      operation(path)?.parameters?.find((each) => 'name' in each && each.name === 'Idempotency-Key');
    expect(header('/notes/{id}')).toMatchObject({ in: 'header', required: true });
    expect(header('/forgetful')).toMatchObject({ in: 'header' });
    expect(header('/forgetful')).not.toMatchObject({ required: true });
    expect(header('/twice')).toBeUndefined();
    const answers = JSON.stringify(operation('/notes/{id}')?.responses);
    for (const said of [
      'idempotency.keyMissing',
      'idempotency.inFlight',
      'idempotency.keyReused',
      'Idempotency-Replayed',
    ]) {
      expect(answers).toContain(said);
      expect(JSON.stringify(operation('/twice')?.responses)).not.toContain(said);
    }
    expect(operation('/notes/{id}')?.responses?.['409']).toHaveProperty('headers.Retry-After');
  });
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: { d: [1, { z: 1, y: 2 }], c: null } }, '{"a":{"c":null,"d":[1,{"y":2,"z":1}]},"b":1}'],
    [{ '\u20ac': 1, '\r': 2, '1': 3, '\u{1f600}': 4, '\ufb33': 5 }, '{"\\r":2,"1":3,"€":1,"😀":4,"\ufb33":5}'],
    [[1e21, 0.1, -0, 1.0, 'é\u0001'], '[1e+21,0.1,0,1,"é\\u0001"]'],
    [null, 'null'],
  ])('of %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
