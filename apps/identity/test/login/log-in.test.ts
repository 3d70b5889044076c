import * as argon2 from '@node-rs/argon2';
import { exactly, openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokenPair } from '../../src/session/session.schemas.ts';
import { addAccount, addMarket, bearer, newEmail, startIdentityApi, type IdentityApi } from '../identity-api.ts';

// The files of a run share their modules: neither may this one take what another loaded, nor leave its own behind.
vi.hoisted(() => vi.resetModules());
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>();
  return { ...real, verify: vi.fn<typeof real.verify>(real.verify) };
});

const verify = vi.mocked(argon2.verify);
const clock = testClock('2026-03-04T12:00:00Z');
async function later(seconds: number): Promise<void> {
  clock.set(new Date(clock.now().getTime() + seconds * 1_000));
  // Looked up every 15 seconds of another clock.
  await identity.authentication.revokedSessions.refresh();
}
let test: OpenTestDatabase;
let identity: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identity = await startIdentityApi(test, { now: clock.now });
});

// Failures of an address count for an hour.
beforeEach(() => later(3_700));

afterAll(async () => {
  await identity?.close();
  await test?.close();
  vi.doUnmock('@node-rs/argon2');
  vi.resetModules();
});

const logIn = (body: object, headers?: Record<string, string>) => identity.api.post('/v1/auth/login', body, headers);
const wrong = 'not the password';

const outcomes = async (count: number) => {
  const { rows } = await test.pool.query(
    'SELECT outcome FROM security.login_attempts ORDER BY attempted_at DESC, id DESC LIMIT $1',
    [count],
  );
  return rows.map(({ outcome }: { outcome: string }) => outcome);
};

describe('200', () => {
  it('answers exactly a pair of tokens, which nobody may store, and opens the doors', async () => {
    const account = await addAccount(identity);
    const answer = await logIn(account, { 'User-Agent': 'A browser' });
    expect(answer.status, answer.text).toBe(200);
    expect(Object.keys(answer.body as object).toSorted()).toEqual([
      'accessToken',
      'expiresIn',
      'refreshToken',
      'tokenType',
    ]);
    const pair = exactly(tokenPair, answer.body);
    expect(pair.expiresIn).toBe(600);
    expect(answer.headers['cache-control']).toBe('no-store');
    const sessions = await identity.api.get('/v1/me/sessions', bearer(pair.accessToken));
    expect(sessions.body).toMatchObject({
      data: [{ userAgent: 'A browser', clientAddress: '127.0.0.1', isCurrent: true }],
    });
    expect(await outcomes(1)).toEqual(['success']);
  });

  it.each([
    ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7', '203.0.113.7'],
    ['FE80::0:1%eth0', 'fe80::1', 'fe80::'],
    ['2001:DB8::1', '2001:db8::1', '2001:db8::'],
    ['unknown', null, '0.0.0.0'],
  ])('from %s it keeps %s, and counts the try for %s', async (told, kept, counted) => {
    const answer = await logIn(await addAccount(identity), { 'X-Forwarded-For': told });
    expect(answer.status, answer.text).toBe(200);
    const { accessToken } = exactly(tokenPair, answer.body);
    const sessions = await identity.api.get('/v1/me/sessions', bearer(accessToken));
    expect(sessions.body).toMatchObject({ data: [{ clientAddress: kept }] });
    const { rows } = await test.pool.query(
      'SELECT host(client_address) AS address FROM security.login_attempts ORDER BY attempted_at DESC, id DESC LIMIT 1',
    );
    expect(rows).toEqual([{ address: counted }]);
  });

  it('takes the address and the password however they are typed', async () => {
    const { email } = await addAccount(identity, { password: 'Contraseña de Ñandutí' });
    const password = 'Contraseña de Ñandutí'.normalize('NFD');
    expect((await logIn({ email: email.toUpperCase(), password })).status).toBe(200);
    expect((await logIn({ email, password: password.toUpperCase() })).status).toBe(401);
  });

  it.each([64, 128])('takes a password of %i characters, every one of which counts', async (length) => {
    const account = await addAccount(identity, { password: 'four small yellow birds '.repeat(6).slice(0, length) });
    expect(account.password).toHaveLength(length);
    expect((await logIn({ ...account, password: account.password.slice(0, -1) })).status).toBe(401);
    expect((await logIn({ ...account, password: `${account.password.slice(0, -1)}X` })).status).toBe(401);
    expect((await logIn(account)).status).toBe(200);
  });

  it('keeps the hash of today’s costs, in place of one of former ones', async () => {
    const account = await addAccount(identity);
    const former = await argon2.hash(account.password, { memoryCost: 8_192, timeCost: 3, parallelism: 1 });
    const of = `WHERE user_id = (SELECT id FROM users.users WHERE email = '${account.email}')`;
    await test.pool.query(`UPDATE identity.credentials SET password_hash = $1 ${of}`, [former]);
    const hashOf = async () =>
      (await test.pool.query(`SELECT password_hash FROM identity.credentials ${of}`)).rows[0].password_hash;
    await logIn({ ...account, password: wrong });
    expect(await hashOf()).toBe(former);
    expect((await logIn(account)).status).toBe(200);
    const hash = await hashOf();
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await logIn(account)).status).toBe(200);
    expect(await hashOf()).toBe(hash);
  });
});

describe('401', () => {
  it('answers an unknown address, a wrong password and a suspended or erased person alike, after one argon2 each', async () => {
    const [known, suspended, erased] = [
      await addAccount(identity),
      await addAccount(identity),
      await addAccount(identity),
    ];
    for (const [{ email }, state] of [
      [suspended, 'suspended'],
      [erased, 'erased'],
    ] as const) {
      await test.pool.query('UPDATE users.users SET state = $1::users.user_state WHERE email = $2', [state, email]);
    }
    const answers = [];
    for (const body of [
      { email: newEmail(), password: wrong },
      { email: known.email, password: wrong },
      { email: known.email, password: '' },
      suspended,
      erased,
    ]) {
      verify.mockClear();
      const { status, headers, body: answer } = await logIn(body);
      const costs = verify.mock.calls.map(([hash]) => argon2.parseOptions(hash));
      expect(costs).toEqual([
        expect.objectContaining({ memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }),
      ]);
      const { date: _, 'x-request-id': _id, ...others } = headers;
      answers.push({ status, headers: others, body: { ...(answer as object), requestId: 'any' } });
    }
    expect(answers).toEqual(Array(answers.length).fill(answers[0]));
    expect(answers[0]).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { code: 'auth.wrongCredentials' },
    });
    expect((await outcomes(5)).toSorted()).toEqual(['unknown_email', ...Array(4).fill('wrong_password')]);
  });

  it('is the same to the right password of an account that is not verified, which its registration would tell of otherwise', async () => {
    const account = await addAccount(identity, { isVerified: false });
    const answer = await logIn(account);
    const wrongly = await logIn({ ...account, password: wrong });
    const { requestId: _, ...body } = answer.body as Record<string, unknown>;
    expect(wrongly).toMatchObject({ status: answer.status, body });
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.wrongCredentials' } });
    expect(await outcomes(2)).toEqual(['wrong_password', 'wrong_password']);
    expect(await identity.mailsTo(account.email)).toHaveLength(1);
  });

  it('notes neither the address nor the password of a try', async () => {
    const email = newEmail();
    await logIn({ email, password: wrong });
    const { rows } = await test.pool.query('SELECT * FROM security.login_attempts');
    const text = JSON.stringify(rows, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(text).not.toContain(email);
    expect(text).not.toContain(wrong);
    expect(rows.at(-1)).toMatchObject({ client_address: '127.0.0.1' });
  });
});

describe('429', () => {
  const until = async (email: string) => {
    const answer = await logIn({ email, password: wrong });
    return [answer.status, answer.headers['retry-after']];
  };

  it.each([
    ['an account', async () => (await addAccount(identity)).email],
    ['an address that nobody has', async () => newEmail()],
  ])('locks %s after five failures, longer each time', async (_what, emailOf) => {
    const email = await emailOf();
    for (let failure = 1; failure <= 5; failure++) expect(await until(email)).toEqual([401, undefined]);
    for (const seconds of [30, 60, 120, 240, 480, 960, 1_920]) {
      expect(await until(email)).toEqual([429, String(seconds)]);
      await later(seconds - 1);
      expect(await until(email)).toEqual([429, '1']);
      await later(1);
      expect(await until(email)).toEqual([401, undefined]);
    }
    for (let failure = 1; failure <= 2; failure++) {
      expect(await until(email)).toEqual([429, '3600']);
      await later(3_600);
      expect(await until(email)).toEqual([401, undefined]);
    }
  });

  it('refuses the right password too, without looking at it, and forgets failures after a success', async () => {
    const account = await addAccount(identity);
    for (let failure = 1; failure <= 5; failure++) await logIn({ ...account, password: wrong });
    verify.mockClear();
    const answer = await logIn(account);
    expect(answer.body).toMatchObject({ code: 'auth.locked', status: 429 });
    expect(verify).not.toHaveBeenCalled();
    await later(30);
    expect((await logIn(account)).status).toBe(200);
    await later(1);
    for (let failure = 1; failure <= 5; failure++) expect((await until(account.email))[0]).toBe(401);
    expect(await until(account.email)).toEqual([429, '30']);
  });

  it.each([
    ['an account', async () => (await addAccount(identity)).email],
    ['an address that nobody has', async () => newEmail()],
  ])('lets five of fifty wrong guesses at once go on, at %s', async (_what, emailOf) => {
    const email = await emailOf();
    verify.mockClear();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, guess) => logIn({ email, password: `guess number ${guess}` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(45);
    expect(verify).toHaveBeenCalledTimes(5);
  });

  it('lets fifty of sixty guesses at once from one address go on, whoever they are for', async () => {
    verify.mockClear();
    const emails = Array.from({ length: 60 }, newEmail);
    const answers = await Promise.all(emails.map((email) => logIn({ email, password: wrong })));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(verify).toHaveBeenCalledTimes(50);
  });

  it('does not forget the failures of an address after a success there', async () => {
    const account = await addAccount(identity);
    for (let round = 0; round < 10; round++) {
      for (let failure = 1; failure <= 4; failure++) await until(newEmail());
      expect((await logIn(account)).status).toBe(200);
    }
    for (let failure = 41; failure <= 50; failure++) expect((await until(newEmail()))[0]).toBe(401);
    expect(await until(newEmail())).toEqual([429, '30']);
    expect((await logIn(account)).status).toBe(429);
  });
});
