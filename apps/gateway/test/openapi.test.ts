import { businessLocales, businessRouter } from '@pika/business';
import { openCache, type Cache } from '@pika/shared';
import { seededDatabase, startApi, testClock, type Api, type OpenTestDatabase } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter, type VoucherKeys } from '@pika/vouchers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gatewayOpenApi } from '../src/documentation.ts';

const schemaObject = z.record(z.string(), z.unknown());

const plainValue = z.union([z.string(), z.number(), z.boolean()]);

const parameter = z.looseObject({
  in: z.enum(['path', 'query', 'header']),
  name: z.string().min(1),
  required: z.boolean().optional(),
  schema: schemaObject,
});

const operation = z.looseObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  security: z.array(schemaObject).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaObject })) }).optional(),
  parameters: z.array(parameter).default([]),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.looseObject({
      description: z.string().min(1),
      content: z.record(z.string(), z.looseObject({ schema: schemaObject })).optional(),
    }),
  ),
});

const bodySchema = z.looseObject({
  example: schemaObject.optional(),
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), schemaObject),
});

const openApi = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
  paths: z.record(
    z.string().startsWith('/'),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation.optional()),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), schemaObject) }),
});

/** As a client reads it. */
const text = JSON.stringify(gatewayOpenApi());
const document = openApi.parse(JSON.parse(text));

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, each]) => (each === undefined ? [] : [{ ...each, path, method }])),
);
type Operation = (typeof operations)[number];

/** What everybody may ask, on the seeded content; what needs a person is tried with the app that it belongs to. */
const catalogue = operations.filter(
  ({ method, path, security }) => method === 'get' && security === undefined && path.startsWith('/v1/'),
);

let test: OpenTestDatabase;
let cache: Cache;
let voucherKeys: VoucherKeys;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  cache = openCache({ redisUrl: undefined, onError: console.error });
  const { database } = test;
  const { now } = testClock('2026-03-04T15:00:00Z');
  voucherKeys = await openVoucherKeys(database, { secret: 'a secret of the tests', now, onError: console.error });
  api = await startApi({
    database,
    routers: [
      vouchersRouter({ database, cursorSecret: 'a secret of the tests', nearbyBatch: () => 8, voucherKeys, now }),
      businessRouter({
        database,
        cache,
        cursorSecret: 'a secret of the tests',
        invitationSecret: 'a secret of the tests',
        now,
      }),
    ],
    locales: [vouchersLocales, businessLocales],
  });
});

afterAll(async () => {
  await api?.close();
  await cache?.close();
  voucherKeys?.stop();
  await test?.close();
});

describe('the document', () => {
  it('describes every operation', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'delete /v1/admin/users/{id}/roles/{role}',
      'delete /v1/api-keys/{id}',
      'delete /v1/businesses/{businessId}/invitations/{id}',
      'delete /v1/businesses/{businessId}/members/{userId}',
      'delete /v1/campaigns/{id}',
      'delete /v1/claims/{id}',
      'delete /v1/me',
      'delete /v1/me/addresses/{id}',
      'delete /v1/me/sessions/{id}',
      'delete /v1/vouchers/{id}',
      'delete /v1/vouchers/{id}/holds/{key}',
      'get /.well-known/jwks.json',
      'get /.well-known/voucher-keys.json',
      'get /v1/admin/users',
      'get /v1/admin/users/{id}',
      'get /v1/analytics/funnel',
      'get /v1/api-keys',
      'get /v1/businesses/{businessId}/invitations',
      'get /v1/businesses/{businessId}/members',
      'get /v1/businesses/{id}',
      'get /v1/campaigns',
      'get /v1/campaigns/{id}',
      'get /v1/categories',
      'get /v1/cities',
      'get /v1/claims',
      'get /v1/claims/revocations',
      'get /v1/claims/{id}',
      'get /v1/claims/{id}/qr.png',
      'get /v1/claims/{id}/qr.svg',
      'get /v1/languages',
      'get /v1/me',
      'get /v1/me/addresses',
      'get /v1/me/addresses/{id}',
      'get /v1/me/export',
      'get /v1/me/preferences',
      'get /v1/me/sessions',
      'get /v1/vouchers',
      'get /v1/vouchers/nearby',
      'get /v1/vouchers/{id}',
      'get /v1/vouchers/{id}/codes',
      'get /v1/vouchers/{id}/redemptions',
      'get /v1/vouchers/{id}/why-not',
      'patch /v1/admin/users/{id}',
      'patch /v1/businesses/{businessId}/members/{userId}',
      'patch /v1/campaigns/{id}',
      'patch /v1/me',
      'patch /v1/me/addresses/{id}',
      'patch /v1/me/preferences',
      'patch /v1/vouchers/{id}',
      'post /v1/admin/users/{id}/impersonate',
      'post /v1/api-keys',
      'post /v1/auth/login',
      'post /v1/auth/logout',
      'post /v1/auth/logout-all',
      'post /v1/auth/password/change',
      'post /v1/auth/password/forgot',
      'post /v1/auth/password/reset',
      'post /v1/auth/refresh',
      'post /v1/auth/register',
      'post /v1/auth/totp/confirm',
      'post /v1/auth/totp/disable',
      'post /v1/auth/totp/enrol',
      'post /v1/auth/verify-email',
      'post /v1/businesses/invitations/accept',
      'post /v1/businesses/{businessId}/invitations',
      'post /v1/campaigns',
      'post /v1/claims/{id}/redeem',
      'post /v1/claims/{id}/validate',
      'post /v1/codes/redeem',
      'post /v1/codes/validate',
      'post /v1/me/addresses',
      'post /v1/redemptions/sync',
      'post /v1/redemptions/{id}/rollback',
      'post /v1/vouchers',
      'post /v1/vouchers/{id}/archive',
      'post /v1/vouchers/{id}/claims',
      'post /v1/vouchers/{id}/codes',
      'post /v1/vouchers/{id}/holds',
      'post /v1/vouchers/{id}/publish',
      'post /v1/vouchers/{id}/redeem',
      'post /v1/vouchers/{id}/resume',
      'post /v1/vouchers/{id}/suspend',
      'post /v1/vouchers/{id}/validate',
      'put /v1/admin/users/{id}/roles/{role}',
    ]);
  });

  it.each(operations.filter(({ requestBody }) => requestBody !== undefined))(
    'fills in the body of $operationId, so that it can be tried at once',
    ({ requestBody }) => {
      for (const { schema } of Object.values(requestBody?.content ?? {})) {
        const { example, required, properties } = bodySchema.parse(schema);
        for (const name of required) {
          const field = properties[name];
          expect(example?.[name] ?? field?.['example'] ?? field?.['enum'], name).toBeDefined();
        }
      }
    },
  );

  it('fills in a demo log-in', () => {
    const { requestBody } = operations.find(({ operationId }) => operationId === 'logIn') ?? {};
    const example = { email: 'consumer@pika.example', password: 'pika-demo-password' };
    expect(requestBody?.content['application/json']?.schema).toMatchObject({ example });
  });

  it('gives every operation an id of its own', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds everything that it refers to', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) {
      expect(reference).toMatch(/^#\//);
      expect(resolve(reference), reference).toBeTypeOf('object');
    }
  });

  it.each(operations)('declares each parameter of $operationId once, those of the path as required', (each) => {
    const names = each.parameters.map((one) => `${one.in} ${one.name}`);
    expect(new Set(names).size).toBe(names.length);
    const inPath = each.parameters.filter((one) => one.in === 'path');
    expect(inPath.every(({ required }) => required)).toBe(true);
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(each.path.match(/\{\w+\}/g) ?? []);
  });

  it.each(operations)('describes the refusals of $operationId as problems', ({ responses }) => {
    const [success, ...others] = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect(success).toBeDefined();
    // What was there already is answered as what is made now.
    for (const [, { content }] of others) expect(content).toEqual(success?.[1].content);
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '404', '405', '406', '500', '503']));
    const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    for (const [, { content }] of refusals) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
  });
});

describe('200', () => {
  it.each(cases())(
    'answers the examples of $operationId as $mediaType, as described',
    async ({ operation: each, mediaType }) => {
      const { path, headers } = exampleRequest(each);
      const answer = await api.send(each.method.toUpperCase(), path, { ...headers, accept: mediaType });
      expect(answer.status, `${path} ${answer.text}`).toBe(200);
      expect(answer.headers['content-type']).toBe(mediaType);
      if (answer.body === undefined) {
        expect(each.responses['200']?.content?.[mediaType]?.schema).toMatchObject({ type: 'string', format: 'binary' });
        expect(answer.text).not.toBe('');
        return;
      }
      expectDescribed(answer.body, each.responses['200']?.content?.[mediaType]?.schema);
      expect(listIn(answer.body)).not.toHaveLength(0);
    },
  );

  it.each(catalogue)('answers $operationId with its required parameters alone', async (each) => {
    const { path } = exampleRequest({ ...each, parameters: each.parameters.filter(({ required }) => required) });
    expect((await api.send(each.method.toUpperCase(), path)).status).toBe(200);
  });
});

describe('400', () => {
  it.each(catalogue)('refuses an unknown parameter of $operationId as described', async (each) => {
    const { path, headers } = exampleRequest(each);
    const answer = await api.send(
      each.method.toUpperCase(),
      `${path}${path.includes('?') ? '&' : '?'}colour=red`,
      headers,
    );
    expect(answer.status).toBe(400);
    expectDescribed(answer.body, each.responses['400']?.content?.['application/problem+json']?.schema);
  });
});

function cases() {
  return catalogue.flatMap((each) =>
    Object.keys(each.responses['200']?.content ?? {}).map((mediaType) => ({
      operation: each,
      operationId: each.operationId,
      mediaType,
    })),
  );
}

/** What Swagger UI sends when nothing is changed: the example of each parameter, else its default. */
function exampleRequest({ path, parameters }: Pick<Operation, 'path' | 'parameters'>) {
  const query: string[] = [];
  const headers: Record<string, string> = {};
  let filled = path;
  for (const { name, required, schema, in: place } of parameters) {
    const value = plainValue.optional().parse(schema['example'] ?? schema['default']);
    if (value === undefined && required === true) throw new Error(`${path}: ${name} is required and has no example`);
    if (value === undefined) continue;
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)));
    else if (place === 'query') query.push(`${name}=${encodeURIComponent(String(value))}`);
    else headers[name] = String(value);
  }
  return { path: query.length === 0 ? filled : `${filled}?${query.join('&')}`, headers };
}

/** Fails where the body is not as the document's own JSON Schema says. */
function expectDescribed(body: unknown, schema: unknown): void {
  if (schema === undefined) throw new Error('the answer is not described');
  const described = JSON.stringify({ ...(schema as object), $defs: document.components.schemas });
  const read = z.fromJSONSchema(JSON.parse(described.replaceAll('#/components/schemas/', '#/$defs/')));
  const result = read.safeParse(body);
  expect(result.error === undefined ? '' : z.prettifyError(result.error)).toBe('');
}

/** What a list holds; the answer itself where it is no list. */
function listIn(body: unknown): unknown[] {
  const { data, features } = z
    .looseObject({ data: z.array(z.unknown()), features: z.array(z.unknown()) })
    .partial()
    .parse(body);
  return data ?? features ?? [body];
}

function resolve(reference: string): unknown {
  const names = reference.slice(2).split('/');
  return names.reduce<unknown>((node, name) => {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined;
  }, document);
}
