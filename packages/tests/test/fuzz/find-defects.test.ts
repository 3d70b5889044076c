import {
  buildOpenApi,
  createLogger,
  createServer,
  defineProblems,
  invalidToken,
  mountRoutes,
  numberParameter,
  route,
  slugParameter,
  type Caller,
  type Route,
} from '@pika/shared';
import { Router, type RequestHandler } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { runFuzz } from '../../src/index.ts';

const owner: Caller = { kind: 'user', userId: 'u', sessionId: 's', roles: [], businesses: { b1: 'owner' } };
const support: Caller = { kind: 'user', userId: 'v', sessionId: 't', roles: ['support'], businesses: {} };
const callers = { owner: { token: 'owner', caller: owner }, support: { token: 'support', caller: support } };

const thing = z.object({ id: z.string(), size: z.number() }).meta({ id: 'Thing' });
const json = (schema: z.ZodType) => ({ content: { 'application/json': schema } });
const about = { tags: ['Tests'], summary: 'For tests' };
const problems = defineProblems({ 'thing.notFound': 404 });
const params = z.strictObject({ id: slugParameter() });

/** Things that can be made, read and deleted: as they should be. */
function soundRoutes(): Route[] {
  const things = new Map([['first', { id: 'first', size: 1 }]]);
  const shared = { ...about, access: 'authenticated', problems: ['thing.notFound'] } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/things/{id}',
      operationId: 'getThing',
      params,
      query: z.strictObject({ size: numberParameter({ min: 0, max: 9, integer: true }).optional() }),
      responses: { 200: { description: 'It.', ...json(thing) } },
      handler: ({ params: { id } }) => {
        const found = things.get(id);
        if (found === undefined) throw problems['thing.notFound']();
        return { body: found };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/things',
      operationId: 'insertThing',
      idempotency: 'none',
      body: z.strictObject({ size: z.number().min(0).max(9), name: z.string().min(1).max(5).optional() }),
      responses: { 201: { description: 'Made.', ...json(thing) } },
      handler: ({ body }) => {
        const made = { id: `thing-${things.size}`, size: body.size };
        things.set(made.id, made);
        return { status: 201, body: made };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/things/{id}',
      operationId: 'deleteThing',
      params,
      responses: { 204: { description: 'Gone.' } },
      handler: ({ params: { id } }) => {
        if (!things.delete(id)) throw problems['thing.notFound']();
        return { status: 204 };
      },
    }),
  ];
}

/** Answers before the routes do; null leaves the request to them. */
type Defect = (request: Parameters<RequestHandler>[0]) => { status: number; body?: unknown; type?: string } | null;

async function fuzz(defect: Defect = () => null, change: (routes: Route[]) => Route[] = (routes) => routes) {
  const routes = soundRoutes();
  const defective = Router();
  defective.use((request, response, next) => {
    const answer = defect(request);
    if (answer === null) return next();
    response.setHeader('Vary', 'Accept-Language');
    response.status(answer.status);
    if (answer.body === undefined) return response.end();
    response.setHeader('Content-Type', answer.type ?? 'application/json');
    return response.end(JSON.stringify(answer.body));
  });
  const server = createServer({
    routers: [defective, mountRoutes(change(routes))],
    languages: () => ({ languages: [{ code: 'en', fallbackCode: null }], defaultLanguage: 'en' }),
    logger: createLogger({ level: 'silent', name: 'test' }),
    authenticate: async (token) => {
      const found = Object.values(callers).find((each) => each.token === token);
      if (found === undefined) throw invalidToken();
      return found.caller;
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close(0));
  return runFuzz({
    url: `http://127.0.0.1:${port}`,
    document: buildOpenApi({ title: 'Tests', version: '1', description: 'For tests.', routes, problems }),
    routes,
    callers,
    known: { things: ['first', 'thing-1', 'thing-2', 'thing-3', 'thing-4'] },
    rules: [],
    requests: 450,
    seed: 7,
  });
}

describe('a server without a defect', () => {
  it('passes, with every operation having succeeded', async () => {
    const report = await fuzz();
    expect(report.failures).toEqual([]);
    expect(report.sent).toBeGreaterThan(450);
    expect(Object.values(report.successes).every((count) => count > 3)).toBe(true);
    expect(Object.keys(report.byStatus)).toEqual(
      expect.arrayContaining(['200', '201', '204', '400', '401', '404', '405']),
    );
  });
});

const isGet = (request: { method: string; path: string; headers: object }) =>
  request.method === 'GET' && 'authorization' in request.headers && /^\/things\/[a-z0-9-]+$/.test(request.path);
const good = { id: 'first', size: 1 };

describe('a defect', () => {
  it.each<[string, Defect]>([
    ['not_a_server_error', (request) => (request.url.includes('size=') ? { status: 503 } : null)],
    ['status_code_conformance', (request) => (isGet(request) ? { status: 418, body: {} } : null)],
    [
      'content_type_conformance',
      (request) => (isGet(request) ? { status: 200, body: good, type: 'text/plain' } : null),
    ],
    ['response_schema_conformance', (request) => (isGet(request) ? { status: 200, body: { id: 'first' } } : null)],
    [
      'response_schema_conformance',
      (request) => (isGet(request) ? { status: 200, body: { ...good, passwordHash: 'x' } } : null),
    ],
    [
      'response_headers_conformance',
      (request) => (isGet(request) ? { status: 400, body: {}, type: 'application/problem+json' } : null),
    ],
    ['negative_data_rejection', (request) => (request.url.includes('colour') ? { status: 200, body: good } : null)],
    ['unsupported_method', (request) => (request.method === 'TRACE' ? { status: 200, body: {} } : null)],
    ['ignored_auth', (request) => (request.headers.authorization === undefined ? { status: 200, body: good } : null)],
    [
      'ignored_auth',
      (request) => (request.headers.authorization === 'Basic dTpw' ? { status: 200, body: good } : null),
    ],
  ])('is told as %s', async (check, defect) => {
    const { failures } = await fuzz(defect);
    expect(failures.join('\n')).toContain(check);
    expect(failures[0]).toMatch(
      /curl -i .* -X [A-Z]+ .*'http:\/\/127\.0\.0\.1:\d+\/things[^']*'\n {2}PIKA_TEST_SEED=7/,
    );
  });

  const instead = (operationId: string, handler: Route['handler']) => (routes: Route[]) =>
    routes.map((each) => (each.operationId === operationId ? { ...each, handler } : each));

  it.each<[string, (routes: Route[]) => Route[]]>([
    ['use_after_free', instead('deleteThing', () => ({ status: 204 }))],
    ['ensure_resource_availability', instead('insertThing', () => ({ status: 201, body: { id: 'nowhere', size: 1 } }))],
    ['positive_data_acceptance', (routes) => routes.map((each) => narrowed(each))],
    ['ignored_auth', (routes) => routes.map((each) => ({ ...each, access: 'public' as const }))],
  ])('of a handler is told as %s', async (check, change) => {
    expect((await fuzz(undefined, change)).failures.join('\n')).toContain(check);
  });

  it('is told by the smallest request that shows it', async () => {
    const { failures } = await fuzz((request) => (request.url.includes('size=') ? { status: 500 } : null));
    expect(failures.join('\n')).toMatch(/'http:\/\/127\.0\.0\.1:\d+\/things\/[^?']+\?size=[^&']*(?:&size=[^&']*)?'/);
  });
});

/** Refuses more than the document says. */
function narrowed(each: Route): Route {
  if (each.operationId !== 'insertThing') return each;
  return { ...each, body: z.strictObject({ size: z.number().min(0).max(5), name: z.string().optional() }) };
}
