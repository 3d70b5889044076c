import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addAccount,
  addMarket,
  bearer,
  linkTokenTo,
  newEmail,
  startIdentityApi,
  tokensOf,
  type IdentityApi,
} from '../identity-api.ts';

const clock = testClock('2026-03-04T12:00:00Z');
let test: OpenTestDatabase;
let identity: IdentityApi;

async function later(seconds: number): Promise<void> {
  clock.set(new Date(clock.now().getTime() + seconds * 1_000));
  await identity.authentication.revokedSessions.refresh();
}

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identity = await startIdentityApi(test, { now: clock.now });
});

beforeEach(() => later(3_700));

afterAll(async () => {
  await identity?.close();
  await test?.close();
});

const newPassword = 'seven large blue fishes';
const post = (path: string, body: object) => identity.api.post(`/v1/auth/${path}`, body);
const forgot = (email: string) => post('password/forgot', { email });
const reset = (token: string, password = newPassword) => post('password/reset', { token, newPassword: password });

async function linkOf(email: string): Promise<string> {
  expect((await forgot(email)).status).toBe(202);
  return linkTokenTo(identity, email);
}

describe('202', () => {
  it('answers alike and writes alike whether somebody has the address, and sends mail to who has', async () => {
    const { email } = await addAccount(identity);
    const nobody = newEmail();
    const { rows: before } = await test.pool.query('SELECT max(id) AS id FROM public.outbox_events');
    const answers = [await forgot(email), await forgot(nobody)];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [202, { email }],
      [202, { email: nobody }],
    ]);
    expect(await identity.mailsTo(nobody)).toEqual([]);
    expect((await identity.mailsTo(email)).at(-1)).toMatchObject({
      subject: 'Establezca una contraseña nueva',
      link: expect.stringMatching(/^https:\/\/pika\.example\/#reset=[\w-]{43}$/),
    });
    const { rows } = await test.pool.query(
      `SELECT type, length(payload ->> 'sealed') > 40 AS sealed FROM public.outbox_events
       WHERE id > $1 AND aggregate_type = 'account'`,
      [before[0].id],
    );
    expect(rows).toEqual([1, 2].map(() => ({ type: 'account.passwordForgotten', sealed: true })));
  });

  it('sends nothing to who was suspended, and one mail in five minutes to anybody else', async () => {
    const [suspended, other] = [await addAccount(identity), await addAccount(identity)];
    await test.pool.query(`UPDATE users.users SET state = 'suspended' WHERE email = $1`, [suspended.email]);
    for (const { email } of [suspended, other, other]) await forgot(email);
    expect(await identity.mailsTo(suspended.email)).toHaveLength(1);
    expect(await identity.mailsTo(other.email)).toHaveLength(2);
    await later(301);
    await forgot(other.email);
    expect(await identity.mailsTo(other.email)).toHaveLength(3);
  });
});

describe('204', () => {
  it('sets the password, ends every session and tells the owner', async () => {
    const account = await addAccount(identity);
    const sessions = [await tokensOf(identity, account), await tokensOf(identity, account)];
    const answer = await reset(await linkOf(account.email));
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const { accessToken, refreshToken } of sessions) {
      expect((await identity.api.get('/v1/me/sessions', bearer(accessToken))).status).toBe(401);
      expect((await post('refresh', { refreshToken })).status).toBe(401);
    }
    expect((await post('login', account)).status).toBe(401);
    expect((await post('login', { ...account, password: newPassword })).status).toBe(200);
    expect((await identity.mailsTo(account.email)).at(-1)).toMatchObject({
      subject: 'Su contraseña se cambió',
      link: null,
    });
  });

  it('verifies the address too', async () => {
    const account = await addAccount(identity, { isVerified: false });
    await reset(await linkOf(account.email));
    expect((await post('login', { ...account, password: newPassword })).status).toBe(200);
  });

  it('opens an account that was locked', async () => {
    const account = await addAccount(identity);
    const token = await linkOf(account.email);
    for (let failure = 0; failure < 5; failure++) await post('login', { ...account, password: 'not it' });
    expect((await post('login', account)).status).toBe(429);
    await later(1);
    await reset(token);
    await later(1);
    expect((await post('login', { ...account, password: newPassword })).status).toBe(200);
  });

  it('is good once, of ten at once too, and spends the other links', async () => {
    const { email } = await addAccount(identity);
    const first = await linkOf(email);
    await later(301);
    const second = await linkOf(email);
    expect(second).not.toBe(first);
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset(second)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      204,
      ...Array(9).fill(400),
    ]);
    expect((await reset(first)).body).toMatchObject({ code: 'auth.invalidLink' });
  });
});

describe('400', () => {
  it('refuses a weak password and leaves the link good', async () => {
    const { email } = await addAccount(identity);
    const token = await linkOf(email);
    for (const [password, code] of [
      ['short', 'tooShort'],
      ['password123', 'commonPassword'],
      [email, 'passwordIsEmail'],
    ] as const) {
      const answer = await reset(token, password);
      expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field: 'newPassword', code }] });
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('refuses a link that is expired, unknown or of another purpose', async () => {
    const { email } = await addAccount(identity, { isVerified: false });
    const ofAnotherPurpose = await linkTokenTo(identity, email);
    const token = await linkOf(email);
    await later(3_600);
    for (const bad of [token, ofAnotherPurpose, 'nonsense']) {
      expect((await reset(bad)).body).toMatchObject({ status: 400, code: 'auth.invalidLink' });
    }
  });
});
