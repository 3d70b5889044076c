import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from '../../src/index.ts';
import { addMarket, addUser, bearer, logIn, startIdentityApi, type IdentityApi } from '../identity-api.ts';

let test: OpenTestDatabase;
let app: IdentityApi;
const clock = testClock(new Date().toISOString());

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  app = await startIdentityApi(test, { now: clock.now });
});

afterAll(async () => {
  await app?.close();
  await test?.close();
});

const started = async () => logIn(test, app.identity, await addUser(test));
const refresh = (refreshToken: unknown) => app.api.post('/v1/auth/refresh', { refreshToken });
const isGood = async (token: string) => (await app.api.get('/v1/me/sessions', bearer(token))).status === 200;

/** Time goes by, in which the list of revoked sessions is looked up as ever. */
async function wait(seconds: number): Promise<void> {
  clock.set(new Date(clock.now().getTime() + seconds * 1_000));
  await app.authentication.revokedSessions.refresh();
}

describe('200', () => {
  it('gives a new pair, kept by no cache', async () => {
    const { accessToken, refreshToken } = await started();
    await wait(300);
    const { status, body, headers } = await refresh(refreshToken);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresIn: 600,
      tokenType: 'Bearer',
    });
    const pair = body as TokenPair;
    expect(await isGood(pair.accessToken)).toBe(true);
    expect(await isGood(accessToken)).toBe(true);
  });

  it('gives a lost answer again for ten seconds', async () => {
    const { refreshToken } = await started();
    const { body } = await refresh(refreshToken);
    await wait(9);
    expect(await refresh(refreshToken)).toMatchObject({
      status: 200,
      body: { ...(body as TokenPair), expiresIn: 591 },
    });
  });
});

describe('401', () => {
  it('is the answer to a spent token after that, and ends the session at once', async () => {
    const { refreshToken } = await started();
    const { body } = await refresh(refreshToken);
    const pair = body as TokenPair;
    await wait(11);
    expect(await isGood(pair.accessToken)).toBe(true);
    const refused = await refresh(refreshToken);
    expect(refused).toMatchObject({
      status: 401,
      body: { code: 'auth.invalidRefreshToken' },
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
    expect(await isGood(pair.accessToken)).toBe(false);
    expect((await refresh(pair.refreshToken)).status).toBe(401);
  });

  it('is the same for whatever is wrong', async () => {
    const { refreshToken, accessToken } = await started();
    const spent = await started();
    await refresh(spent.refreshToken);
    await wait(11);
    const texts = new Set<string>();
    for (const token of [
      spent.refreshToken,
      spent.refreshToken,
      '',
      'x',
      accessToken,
      `${refreshToken}=`,
      'é'.repeat(40),
    ]) {
      const { status, text } = await refresh(token);
      expect(status).toBe(401);
      texts.add(text.replace(/"requestId":"[^"]+"/, ''));
    }
    expect(texts.size).toBe(1);
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});

describe('400', () => {
  it('names a token that is missing or no text', async () => {
    for (const body of [{}, { refreshToken: 1 }, { refreshToken: null }]) {
      expect(await app.api.post('/v1/auth/refresh', body)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid' },
      });
    }
  });
});
