import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount, addMarket, bearer, startIdentityApi, tokensOf, type IdentityApi } from '../identity-api.ts';

const clock = testClock('2026-03-04T12:00:00Z');
let test: OpenTestDatabase;
let identity: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identity = await startIdentityApi(test, { now: clock.now });
});

afterAll(async () => {
  await identity?.close();
  await test?.close();
});

const newPassword = 'seven large blue fishes';
const change = (body: object, token?: string) =>
  identity.api.post('/v1/auth/password/change', body, token === undefined ? {} : bearer(token));
const isAlive = async (accessToken: string) =>
  (await identity.api.get('/v1/me/sessions', bearer(accessToken))).status === 200;

describe('204', () => {
  it('changes the password and ends the other sessions alone', async () => {
    const account = await addAccount(identity);
    const [own, other] = [await tokensOf(identity, account), await tokensOf(identity, account)];
    const { status } = await change({ currentPassword: account.password, newPassword }, own.accessToken);
    expect(status).toBe(204);
    expect([await isAlive(own.accessToken), await isAlive(other.accessToken)]).toEqual([true, false]);
    expect((await identity.api.post('/v1/auth/login', account)).status).toBe(401);
    await tokensOf(identity, { ...account, password: newPassword });
    expect((await identity.mailsTo(account.email)).at(-1)?.subject).toBe('Su contraseña se cambió');
  });
});

describe('400', () => {
  it.each([
    ['1234567', 'tooShort'],
    ['iloveyou', 'commonPassword'],
  ])('refuses %s, and changes nothing', async (weak, code) => {
    const account = await addAccount(identity);
    const [own, other] = [await tokensOf(identity, account), await tokensOf(identity, account)];
    const answer = await change({ currentPassword: account.password, newPassword: weak }, own.accessToken);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'newPassword', code }] });
    expect(await isAlive(other.accessToken)).toBe(true);
    await tokensOf(identity, account);
  });
});

describe('401', () => {
  it('wants a caller', async () => {
    expect((await change({ currentPassword: 'a', newPassword })).body).toMatchObject({ code: 'auth.required' });
  });
});

describe('403', () => {
  it('wants the present password', async () => {
    const account = await addAccount(identity);
    const { accessToken } = await tokensOf(identity, account);
    const answer = await change({ currentPassword: newPassword, newPassword }, accessToken);
    expect(answer.body).toMatchObject({ status: 403, code: 'auth.wrongPassword' });
    await tokensOf(identity, account);
  });

  it('is nothing for who acts as that person', async () => {
    const account = await addAccount(identity);
    const { accessToken } = await tokensOf(identity, account);
    const caller = await identity.authentication.authenticate(accessToken, { origin: undefined, clientAddress: '' });
    if (caller.kind !== 'user') throw new Error('no person');
    const { userId, sessionId } = caller;
    const imp = await identity.identity.deps.signingKeys.sign({
      sub: userId,
      sid: sessionId,
      roles: [],
      businesses: {},
      imp: '01941f29-7c00-742e-8d2f-6d010638d381',
      jti: '01941f29-7c00-742e-8d2f-6d010638d382',
      issuedAt: clock.now(),
    });
    for (const [path, body] of [
      ['password/change', { currentPassword: account.password, newPassword }],
      ['totp/enrol', { password: account.password }],
      ['totp/confirm', { code: '123456' }],
      ['totp/disable', { password: account.password, code: '123456' }],
    ] as const) {
      const answer = await identity.api.post(`/v1/auth/${path}`, body, bearer(imp));
      expect(answer.body, path).toMatchObject({ status: 403, code: 'access.denied' });
    }
  });
});

describe('429', () => {
  it('gives a thief of a token no more guesses than the log-in does, fifty at once', async () => {
    const account = await addAccount(identity);
    const { accessToken } = await tokensOf(identity, account);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, guess) => change({ currentPassword: `guess ${guess}`, newPassword }, accessToken)),
    );
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('30');
  });
});
