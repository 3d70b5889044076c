import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMarket, goodPassword, newEmail, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { addBusiness, addPerson, asPerson, json, type Person } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;
let person: Person;
let headers: { Authorization: string };

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
  person = await addPerson(test, identityApi);
  const { Authorization } = await asPerson(test, identityApi, person);
  headers = { Authorization };
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

const get = (path: string) => identityApi.api.get(path, headers);
const patch = (path: string, body: unknown, more: Record<string, string> = {}) =>
  identityApi.api.send('PATCH', path, { ...headers, ...json, ...more }, JSON.stringify(body));

describe('200', () => {
  it('tells who I am, with what I am in businesses now', async () => {
    const business = await addBusiness(test, { [person.id]: 'manager' });
    const { status, body, headers: answered } = await get('/v1/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: person.id,
      email: person.email,
      isEmailVerified: true,
      displayName: 'A person',
      hasSecondFactor: false,
      roles: [],
      businesses: [{ id: business, role: 'manager' }],
      hasMoreBusinesses: false,
      impersonatedBy: null,
    });
    expect(answered['etag']).toMatch(/^"v\d+-[\w-]{16}"$/);
    expect(answered['cache-control']).toBe('no-store');
    expect(Object.keys(body as object)).not.toContain('passwordHash');
  });

  it('changes the name under the version that was read, and moves it', async () => {
    const tag = String((await get('/v1/me')).headers['etag']);
    const changed = await patch('/v1/me', { displayName: 'Ña Ramona' }, { 'If-Match': tag });
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ displayName: 'Ña Ramona' })]);
    expect(changed.headers['etag']).not.toBe(tag);
    expect((await patch('/v1/me', { displayName: 'Again' }, { 'If-Match': tag })).status).toBe(412);
  });

  it('takes a merge patch, and changes nothing where nothing is given', async () => {
    const before = await get('/v1/me');
    const after = await patch('/v1/me', {}, { 'Content-Type': 'application/merge-patch+json' });
    expect([after.status, after.headers['etag']]).toEqual([200, before.headers['etag']]);
  });

  it('of ten changes under one version lets one pass', async () => {
    const tag = String((await get('/v1/me')).headers['etag']);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => patch('/v1/me', { displayName: `N${index}` }, { 'If-Match': tag })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(9);
  });

  it('keeps preferences: the language by its code, and what is not named as it was', async () => {
    expect((await get('/v1/me/preferences')).body).toEqual({
      language: 'es',
      notifications: { emailActivity: true, emailOffers: false },
    });
    const changed = await patch('/v1/me/preferences', { language: 'GN', notifications: { emailOffers: true } });
    expect(changed.body).toEqual({ language: 'gn', notifications: { emailActivity: true, emailOffers: true } });
    const tag = String(changed.headers['etag']);
    expect((await patch('/v1/me/preferences', { language: null }, { 'If-Match': tag })).body).toMatchObject({
      language: null,
    });
    expect((await patch('/v1/me/preferences', { language: 'en' }, { 'If-Match': tag })).status).toBe(412);
  });
});

it('says that there may be more businesses than it names', async () => {
  const busy = await addPerson(test, identityApi);
  const { Authorization } = await asPerson(test, identityApi, busy);
  for (let count = 0; count < 101; count += 1) await addBusiness(test, { [busy.id]: 'owner' });
  const { body } = await identityApi.api.get('/v1/me', { Authorization });
  expect(body).toMatchObject({ hasMoreBusinesses: true });
  expect((body as { businesses: unknown[] }).businesses).toHaveLength(100);
});

describe('304', () => {
  it.each(['/v1/me', '/v1/me/preferences'])('is told to who holds %s already', async (path) => {
    const tag = String((await get(path)).headers['etag']);
    const held = await identityApi.api.get(path, { ...headers, 'If-None-Match': tag });
    expect(held).toMatchObject({ status: 304, text: '' });
    expect([held.headers['etag'], held.headers['cache-control']]).toEqual([tag, 'no-store']);
  });

  it('is not told where a business came meanwhile, and a change under the older version is refused', async () => {
    const tag = String((await get('/v1/me')).headers['etag']);
    const business = await addBusiness(test, { [person.id]: 'redeemer' });
    const read = await identityApi.api.get('/v1/me', { ...headers, 'If-None-Match': tag });
    expect(read.status).toBe(200);
    expect(read.text).toContain(business);
    expect((await patch('/v1/me', { displayName: 'Late' }, { 'If-Match': tag })).status).toBe(412);
  });
});

describe('400', () => {
  it.each([
    ['email', { email: 'other@pika.example' }],
    ['id', { id: '01900000-0000-7000-8000-000000000001' }],
    ['state', { state: 'active' }],
    ['roles', { roles: ['admin'] }],
    ['version', { version: 1 }],
    ['displayName', { displayName: '  ' }],
    ['displayName', { displayName: 'Ña\nRamona' }],
    ['displayName', { displayName: 'Ramona\u2028Reyes' }],
    ['displayName', { displayName: 'Ramona\u202Egnp.exe' }],
    ['displayName', { displayName: '\u2066Ramona\u2069' }],
  ])('refuses %s', async (field, body) => {
    const answer = await patch('/v1/me', body);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
    ]);
    expect((await get('/v1/me')).body).toMatchObject({ id: person.id, email: person.email, roles: [] });
  });

  it('refuses a language that we do not have, naming those that we do', async () => {
    const { status, body } = await patch('/v1/me/preferences', { language: 'tlh' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field: 'language', code: 'unknownLanguage' }] });
    expect(JSON.stringify(body)).toContain('gn');
  });
});

describe('a language', () => {
  const register = (language: string) =>
    identityApi.api.post('/v1/auth/register', {
      email: newEmail(),
      password: goodPassword,
      displayName: 'A person',
      language,
    });

  it.each([
    ['es-PY', 'es'],
    ['GN', 'gn'],
    ['en-Latn-US', 'en'],
    ['de-AT', 'de'],
  ])('that leads to ours is taken by both, %s as %s', async (tag, code) => {
    const changed = await patch('/v1/me/preferences', { language: tag });
    expect(changed.body).toMatchObject({ language: code });
    expect((await register(tag)).status).toBe(202);
  });

  it.each(['tlh', 'x', 'und', 'es_PY', 'zh-Hant'])('that does not is refused by both: %s', async (tag) => {
    const refusal = { status: 400, body: { errors: [{ field: 'language', code: 'unknownLanguage' }] } };
    expect(await patch('/v1/me/preferences', { language: tag })).toMatchObject(refusal);
    expect(await register(tag)).toMatchObject(refusal);
  });
});

describe('preferences that are as they were', () => {
  it.each([{ notifications: {} }, { notifications: { emailActivity: true } }])(
    'stay at their version: %j',
    async (body) => {
      const other = {
        Authorization: (await asPerson(test, identityApi, await addPerson(test, identityApi))).Authorization,
      };
      const read = await identityApi.api.get('/v1/me/preferences', other);
      const after = await patch('/v1/me/preferences', body, other);
      expect([after.status, after.headers['etag']]).toEqual([200, read.headers['etag']]);
    },
  );
});

describe('401', () => {
  it.each(['/v1/me', '/v1/me/preferences', '/v1/me/addresses', '/v1/me/export'])('%s asks who calls', async (path) => {
    expect((await identityApi.api.get(path)).status).toBe(401);
  });
});
