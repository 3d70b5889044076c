import { randomUUID } from 'node:crypto';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMarket, addUser, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { asPerson, json, withKey } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;
let mine: { Authorization: string };
let others: { Authorization: string };

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
  const [me, other] = [await addUser(test), await addUser(test)];
  mine = { Authorization: (await asPerson(test, identityApi, { id: me })).Authorization };
  others = { Authorization: (await asPerson(test, identityApi, { id: other })).Authorization };
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

const home = { label: 'Home', street: 'Palma 764', city: 'Asunción', countryCode: 'PY' };
const path = '/v1/me/addresses';
const post = (body: unknown, headers: Record<string, string> = { ...mine, ...withKey() }) =>
  identityApi.api.post(path, body, headers);
const send = (method: string, id: string, headers: Record<string, string> = mine, body?: unknown) =>
  identityApi.api.send(
    method,
    `${path}/${id}`,
    { ...headers, ...json },
    body === undefined ? '' : JSON.stringify(body),
  );
const added = async (): Promise<string> => ((await post(home)).body as { id: string }).id;

describe('201', () => {
  it('adds an address, says where it is, and gives it back', async () => {
    const answer = await post({ ...home, position: { latitude: -25.28, longitude: -57.64 } });
    expect(answer.status).toBe(201);
    const { id } = answer.body as { id: string };
    expect(answer.headers['location']).toBe(`${path}/${id}`);
    const read = await send('GET', id);
    expect([read.status, read.body]).toEqual([200, answer.body]);
    expect(read.body).toMatchObject({ ...home, postalCode: null, position: { latitude: -25.28, longitude: -57.64 } });
    expect(read.headers['etag']).toBe(answer.headers['etag']);
  });

  it('adds one for a request that is sent again under its key', async () => {
    const headers = { ...mine, ...withKey() };
    const answers = [await post(home, headers), await post(home, headers)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect(answers[1]?.headers['idempotency-replayed']).toBe('true');
  });
});

describe('200', () => {
  it('walks the pages of my own, without a gap', async () => {
    const ids = [await added(), await added(), await added()];
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const { body } = await identityApi.api.get(`${path}?limit=2${cursor}`, mine);
      const { data, page } = body as { data: { id: string }[]; page: { next: string | null } };
      expect(data.length).toBeLessThanOrEqual(2);
      seen.push(...data.map(({ id }) => id));
      next = page.next;
    }
    expect(seen).toEqual(seen.toSorted());
    expect(seen).toEqual(expect.arrayContaining(ids));
    expect((await identityApi.api.get(path, others)).body).toEqual({ data: [], page: { next: null } });
  });

  it('changes what is named, and with null takes it away', async () => {
    const id = await added();
    const changed = await send('PATCH', id, mine, { street: null, label: 'Work' });
    expect(changed.body).toMatchObject({ label: 'Work', street: null, city: 'Asunción' });
  });
});

describe('304', () => {
  it('is told to who holds this version', async () => {
    const id = await added();
    const tag = String((await send('GET', id)).headers['etag']);
    const held = () => identityApi.api.get(`${path}/${id}`, { ...mine, 'If-None-Match': tag });
    expect(await held()).toMatchObject({ status: 304, text: '' });
    await send('PATCH', id, mine, { label: 'Work' });
    expect((await held()).status).toBe(200);
  });
});

describe('204', () => {
  it('removes it, once', async () => {
    const id = await added();
    expect((await send('DELETE', id)).status).toBe(204);
    expect((await send('DELETE', id)).status).toBe(404);
    expect((await send('GET', id)).status).toBe(404);
  });
});

describe('400', () => {
  it.each([
    ['userId', { ...home, userId: randomUUID() }],
    ['id', { ...home, id: randomUUID() }],
    ['version', { ...home, version: 7 }],
    ['countryCode', { ...home, countryCode: 'py' }],
    ['countryCode', { ...home, countryCode: 'ZZ' }],
    ['countryCode', { ...home, countryCode: 'XK' }],
    ['position.latitude', { ...home, position: { latitude: 91, longitude: 0 } }],
    ['position.longitude', { ...home, position: { latitude: 1 } }],
    ['label', { ...home, label: '' }],
    ['label', { ...home, label: 'a\0b' }],
  ])('refuses %s', async (field, body) => {
    const answer = await post(body);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
    ]);
  });

  it('asks for an Idempotency-Key', async () => {
    expect((await post(home, mine)).body).toMatchObject({ status: 400, code: 'idempotency.keyMissing' });
  });

  it('takes no cursor of another', async () => {
    const page = await identityApi.api.get(`${path}?limit=1`, mine);
    const { next } = (page.body as { page: { next: string } }).page;
    const stolen = await identityApi.api.get(`${path}?limit=1&cursor=${encodeURIComponent(next)}`, others);
    expect(stolen.body).toMatchObject({ status: 400, errors: [{ field: 'cursor', code: 'foreignCursor' }] });
  });
});

describe('404', () => {
  it.each(['GET', 'PATCH', 'DELETE'])('hides what is another’s: %s', async (method) => {
    const id = await added();
    const body = method === 'PATCH' ? { label: 'Mine' } : undefined;
    expect((await send(method, id, others, body)).status).toBe(404);
    expect((await send('GET', id)).body).toMatchObject({ label: 'Home' });
  });
});

describe('409', () => {
  it('is told to who has fifty', async () => {
    const crowded = { Authorization: (await asPerson(test, identityApi, { id: await addUser(test) })).Authorization };
    for (let count = 0; count < 50; count += 1) await post(home, { ...crowded, ...withKey() });
    expect((await post(home, { ...crowded, ...withKey() })).body).toMatchObject({
      status: 409,
      code: 'address.tooMany',
    });
  });
});

describe('412', () => {
  it('is told to who read an older version', async () => {
    const id = await added();
    const tag = String((await send('GET', id)).headers['etag']);
    expect((await send('PATCH', id, { ...mine, 'If-Match': tag }, { label: 'One' })).status).toBe(200);
    expect((await send('PATCH', id, { ...mine, 'If-Match': tag }, { label: 'Two' })).status).toBe(412);
  });

  it('is told to who removes an older version, and leaves it there', async () => {
    const id = await added();
    for (const wrong of ['"v99"', 'W/"v1"', 'v1']) {
      expect((await send('DELETE', id, { ...mine, 'If-Match': wrong })).status).toBe(412);
    }
    const read = await send('GET', id);
    expect(read.status).toBe(200);
    expect((await send('DELETE', id, { ...mine, 'If-Match': String(read.headers['etag']) })).status).toBe(204);
  });
});
