import {
  buildOpenApi,
  createLogger,
  createServer,
  defineProblems,
  invalidToken,
  mountRoutes,
  route,
  type Caller,
  type MemberRole,
  type PlatformRole,
  type Route,
} from '@pika/shared';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { makeCells, readOperations, runMatrix, type MatrixObject, type RequestExample } from '../../src/index.ts';

const person = (userId: string, businesses: Record<string, MemberRole> = {}, roles: PlatformRole[] = []) => ({
  token: userId,
  caller: { kind: 'user', userId, sessionId: `s-${userId}`, roles, businesses } satisfies Caller,
});
const key = (keyId: string, businessId: string, scopes: string[]) => ({
  token: keyId,
  caller: { kind: 'apiKey', keyId, businessId, scopes } satisfies Caller,
});
const callers = {
  ann: person('ann'),
  bob: person('bob'),
  owner: person('owner', { b1: 'owner' }),
  redeemer: person('redeemer', { b1: 'redeemer' }),
  otherOwner: person('other', { b2: 'owner' }),
  support: person('support', {}, ['support']),
  key: key('k1', 'b1', ['offers']),
  weakKey: key('k2', 'b1', []),
};

const noteOwners = new Map([
  ['n1', 'ann'],
  ['n2', 'bob'],
]);
const objects: Record<string, MatrixObject[]> = {
  businesses: [
    { id: 'b1', owner: 'everybody' },
    { id: 'b2', owner: 'everybody' },
    { id: 'b3', owner: null },
  ],
  notes: [
    { id: 'n1', owner: { userId: 'ann' } },
    { id: 'n2', owner: { userId: 'bob' } },
    { id: 'n3', owner: null },
  ],
};

const problems = defineProblems({ 'note.notFound': 404 });
const about = { tags: ['Tests'], summary: 'For tests', responses: { 204: { description: 'Done.' } } };
const done = () => ({ status: 204 });

function soundRoutes(): Route[] {
  return [
    route({
      ...about,
      method: 'delete',
      path: '/notes/{id}',
      operationId: 'deleteNote',
      access: 'authenticated',
      params: z.strictObject({ id: z.string() }),
      problems: ['note.notFound'],
      handler: ({ params, caller }) => {
        if (noteOwners.get(params.id) !== caller.userId) throw problems['note.notFound']();
        return done();
      },
    }),
    route({
      ...about,
      method: 'post',
      path: '/businesses/{businessId}/offers',
      operationId: 'insertOffer',
      idempotency: 'none',
      access: { member: ['owner', 'manager'], business: 'businessId', scope: 'offers' },
      params: z.strictObject({ businessId: z.string() }),
      body: z.strictObject({ name: z.string().meta({ example: 'Tereré' }) }),
      handler: done,
    }),
    route({
      ...about,
      method: 'get',
      path: '/operators',
      operationId: 'listOperators',
      access: { roles: ['support', 'admin'] },
      handler: done,
    }),
  ];
}

const changed = (operationId: string, change: Partial<Route>) =>
  soundRoutes().map((each) => (each.operationId === operationId ? { ...each, ...change } : each));

function cellsOf(routes: readonly Route[], examples: Record<string, RequestExample> = {}) {
  const document = buildOpenApi({ title: 'Tests', version: '1', description: 'For tests.', routes, problems });
  return makeCells({ operations: readOperations(document, routes), callers, objects, examples });
}

/** What the matrix of the sound routes finds where others are served. */
async function deviations(served: readonly Route[]): Promise<string[]> {
  const server = createServer({
    routers: [mountRoutes(served)],
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
  return runMatrix(`http://127.0.0.1:${port}`, cellsOf(soundRoutes()));
}

describe('routes that keep their access', () => {
  it('answer every cell as expected', async () => {
    const cells = cellsOf(soundRoutes());
    const verdicts = new Set(cells.map(({ verdict }) => verdict));
    expect(verdicts).toEqual(new Set(['allowed', 'invalid', 'unauthenticated', 'denied', 'notFound']));
    expect(cells.length).toBeGreaterThan(500);
    expect(await deviations(soundRoutes())).toEqual([]);
  });
});

describe('a gap', () => {
  const looseBody = z.strictObject({ name: z.string(), role: z.string().optional() });
  it.each<[string, Route[], RegExp]>([
    ['an object of somebody else', changed('deleteNote', { handler: done }), /deleteNote as bob: 204/],
    ['a route for anybody', changed('deleteNote', { access: 'public', handler: done }), /deleteNote as nobody: 204/],
    ['an operator’s route for all', changed('listOperators', { access: 'authenticated' }), /listOperators as ann: 204/],
    [
      'a role too many',
      changed('insertOffer', {
        access: { member: ['owner', 'manager', 'redeemer'], business: 'businessId', scope: 'offers' },
      }),
      /insertOffer as redeemer: 204/,
    ],
    [
      'a key without its scope',
      changed('insertOffer', { access: { member: ['owner'], business: 'businessId', scope: 'other' } }),
      /insertOffer as key: 403/,
    ],
    ['a field too many', changed('insertOffer', { body: looseBody }), /insertOffer as owner, with role: 204/],
    [
      '403 where 404 would not tell',
      changed('deleteNote', {
        handler: () => {
          throw defineProblems({ 'access.denied': 403 })['access.denied']();
        },
      }),
      /deleteNote as ann: 403 access.denied, not notFound/,
    ],
  ])('is found: %s', async (_what, served, expected) => {
    const found = await deviations(served);
    expect(found.join('\n')).toMatch(expected);
    expect(found[0]).toContain('curl -i');
  });
});

describe('an operation without an example', () => {
  const nameless = changed('insertOffer', { body: z.strictObject({ name: z.string() }) });

  it('fails loudly', () => {
    expect(() => cellsOf(nameless)).toThrow('insertOffer: name');
    expect(() => cellsOf(changed('deleteNote', { path: '/letters/{id}' }))).toThrow('deleteNote: objects of letters');
  });

  it('takes one of the table', () => {
    expect(cellsOf(nameless, { insertOffer: { body: { name: 'x' } } }).length).toBeGreaterThan(100);
  });
});
