import { randomUUID } from 'node:crypto';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMarket, addUser, bearer, logIn, startIdentityApi, type IdentityApi } from '../identity-api.ts';

let test: OpenTestDatabase;
let app: IdentityApi;
let other: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  app = await startIdentityApi(test);
  other = await startIdentityApi(test);
});

afterAll(async () => {
  await other?.close();
  await app?.close();
  await test?.close();
});

interface SessionsBody {
  data: { id: string; isCurrent: boolean; userAgent: string | null; clientAddress: string | null }[];
  page: { next: string | null };
}

const list = async (token: string, query = '') => {
  const { status, body } = await app.api.get(`/v1/me/sessions${query}`, bearer(token));
  expect(status).toBe(200);
  return body as SessionsBody;
};
/** As another process of this app sees it. */
const isGood = async (token: string) => (await other.api.get('/v1/me/sessions', bearer(token))).status === 200;

describe('GET /v1/me/sessions', () => {
  it('shows where I am logged in, and nobody else', async () => {
    const userId = await addUser(test);
    const first = await logIn(test, app.identity, userId, { userAgent: 'phone' });
    const second = await logIn(test, app.identity, userId, { userAgent: 'x'.repeat(1_000) });
    await logIn(test, app.identity, await addUser(test));
    const { data } = await list(first.accessToken);
    expect(data).toHaveLength(2);
    expect(data.find(({ id }) => id === first.sessionId)).toMatchObject({
      isCurrent: true,
      userAgent: 'phone',
      clientAddress: '203.0.113.7',
    });
    expect(data.find(({ id }) => id === second.sessionId)).toMatchObject({
      isCurrent: false,
      userAgent: 'x'.repeat(400),
    });
  });

  it('walks in pages', async () => {
    const userId = await addUser(test);
    const ids: string[] = [];
    for (let day = 0; day < 5; day++) {
      const now = new Date(Date.now() - day * 1_000);
      ids.push((await logIn(test, app.identity, userId, { now })).sessionId);
    }
    const { accessToken, sessionId } = await logIn(test, app.identity, userId);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: SessionsBody = await list(accessToken, `?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      seen.push(...page.data.map(({ id }) => id));
      next = page.page.next;
    }
    expect(seen).toEqual([sessionId, ...ids]);
  });

  it('refuses a cursor of somebody else', async () => {
    const [mine, theirs] = [await addUser(test), await addUser(test)];
    const { accessToken } = await logIn(test, app.identity, mine);
    await logIn(test, app.identity, mine);
    const { page } = await list(accessToken, '?limit=1');
    const stranger = await logIn(test, app.identity, theirs);
    expect(await app.api.get(`/v1/me/sessions?cursor=${page.next}`, bearer(stranger.accessToken))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor', code: 'foreignCursor' }] },
    });
  });
});

describe('204', () => {
  it('logs out here: refused at once by every process of this app, other sessions go on', async () => {
    const userId = await addUser(test);
    const [here, there] = [await logIn(test, app.identity, userId), await logIn(test, app.identity, userId)];
    expect(await isGood(here.accessToken)).toBe(true);
    expect((await app.api.post('/v1/auth/logout', undefined, bearer(here.accessToken))).status).toBe(204);
    expect(await isGood(here.accessToken)).toBe(false);
    expect((await app.api.post('/v1/auth/refresh', { refreshToken: here.refreshToken })).status).toBe(401);
    expect(await isGood(there.accessToken)).toBe(true);
  });

  it('logs out everywhere', async () => {
    const userId = await addUser(test);
    const [here, there] = [await logIn(test, app.identity, userId), await logIn(test, app.identity, userId)];
    const stranger = await logIn(test, app.identity, await addUser(test));
    expect((await app.api.post('/v1/auth/logout-all', undefined, bearer(here.accessToken))).status).toBe(204);
    expect([await isGood(here.accessToken), await isGood(there.accessToken)]).toEqual([false, false]);
    expect(await isGood(stranger.accessToken)).toBe(true);
  });

  it('ends one of mine', async () => {
    const userId = await addUser(test);
    const [here, there] = [await logIn(test, app.identity, userId), await logIn(test, app.identity, userId)];
    const end = () => app.api.send('DELETE', `/v1/me/sessions/${there.sessionId}`, bearer(here.accessToken));
    expect((await end()).status).toBe(204);
    expect([await isGood(here.accessToken), await isGood(there.accessToken)]).toEqual([true, false]);
    expect((await end()).status).toBe(404);
  });
});

describe('404', () => {
  it('is the same for the session of another and for none', async () => {
    const stranger = await logIn(test, app.identity, await addUser(test));
    const { accessToken } = await logIn(test, app.identity, await addUser(test));
    const texts = new Set<string>();
    for (const id of [stranger.sessionId, randomUUID()]) {
      const answer = await app.api.send('DELETE', `/v1/me/sessions/${id}`, bearer(accessToken));
      expect(answer.status).toBe(404);
      texts.add(answer.text.replace(id, '').replace(/"requestId":"[^"]+"/, ''));
    }
    expect(texts.size).toBe(1);
    expect(await isGood(stranger.accessToken)).toBe(true);
  });
});

describe('401', () => {
  it('is the answer without a token', async () => {
    for (const [method, path] of [
      ['POST', '/v1/auth/logout'],
      ['POST', '/v1/auth/logout-all'],
      ['GET', '/v1/me/sessions'],
      ['DELETE', `/v1/me/sessions/${randomUUID()}`],
    ] as const) {
      expect(await app.api.send(method, path)).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    }
  });
});
