import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addAccount,
  addMarket,
  bearer,
  linkTokenTo,
  startIdentityApi,
  tokensOf,
  type IdentityApi,
} from '../identity-api.ts';

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

beforeEach(() => later(3_720));

afterAll(async () => {
  await identity?.close();
  await test?.close();
});

interface Account {
  email: string;
  password: string;
}

const post = (path: string, body: object, token?: string) =>
  identity.api.post(`/v1/auth/${path}`, body, token === undefined ? {} : bearer(token));
const logIn = (account: Account, code?: string) =>
  post('login', { ...account, ...(code === undefined ? {} : { code }) });

async function enrol(): Promise<{ account: Account; token: string; codeAt: (seconds?: number) => string }> {
  const account = await addAccount(identity);
  const { accessToken: token } = await tokensOf(identity, account);
  const answer = await post('totp/enrol', { password: account.password }, token);
  expect(answer.status, answer.text).toBe(200);
  const { secret, uri } = answer.body as { secret: string; uri: string };
  expect(uri).toBe(
    `otpauth://totp/Pika:${encodeURIComponent(account.email)}?issuer=Pika&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
  );
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return {
    account,
    token,
    codeAt: (seconds = 0) => totp.generate({ timestamp: clock.now().getTime() + seconds * 1_000 }),
  };
}

async function turnOn() {
  const enrolled = await enrol();
  const answer = await post('totp/confirm', { code: enrolled.codeAt() }, enrolled.token);
  expect(answer.status, answer.text).toBe(200);
  await later(60);
  return { ...enrolled, backupCodes: (answer.body as { backupCodes: string[] }).backupCodes };
}

const wrongOf = (code: string) => code.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));

describe('200', () => {
  it('changes nothing until a code is confirmed', async () => {
    const { account } = await enrol();
    expect((await logIn(account)).status).toBe(200);
  });

  it('shows ten different backup codes once, tells the owner, and asks for a code from then on', async () => {
    const { account, backupCodes, codeAt } = await turnOn();
    expect(new Set(backupCodes).size).toBe(10);
    for (const code of backupCodes) expect(code).toMatch(/^[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}$/);
    expect((await identity.mailsTo(account.email)).at(-1)?.subject).toBe('Ahora se pide un código al iniciar sesión');
    expect((await logIn(account)).body).toMatchObject({ status: 401, code: 'auth.codeRequired' });
    expect((await logIn(account, codeAt())).status).toBe(200);
  });

  it('asks for a code after a new password by a link too', async () => {
    const { account, codeAt } = await turnOn();
    await post('password/forgot', { email: account.email });
    const newPassword = 'seven large blue fishes';
    const reset = await post('password/reset', { token: await linkTokenTo(identity, account.email), newPassword });
    expect(reset.status, reset.text).toBe(204);
    const renewed = { ...account, password: newPassword };
    expect((await logIn(renewed)).body).toMatchObject({ status: 401, code: 'auth.codeRequired' });
    expect((await logIn(renewed, codeAt())).status).toBe(200);
  });

  it('takes the code before and the code after, and no older one', async () => {
    const { account, codeAt } = await turnOn();
    expect((await logIn(account, codeAt(-60))).status).toBe(401);
    expect((await logIn(account, codeAt(60))).status).toBe(401);
    expect((await logIn(account, ` ${codeAt(-30).slice(0, 3)} ${codeAt(-30).slice(3)}`)).status).toBe(200);
    expect((await logIn(account, codeAt(30))).status).toBe(200);
  });

  it('takes a backup code in place of one, however it is typed', async () => {
    const { account, backupCodes } = await turnOn();
    const [first = '', second = ''] = backupCodes;
    expect((await logIn(account, first)).status).toBe(200);
    expect((await logIn(account, first)).status).toBe(401);
    expect((await logIn(account, second.replaceAll('-', ' ').toUpperCase())).status).toBe(200);
  });

  it('takes another secret in place of one that was never confirmed', async () => {
    const { account, token, codeAt } = await enrol();
    const before = codeAt();
    await post('totp/enrol', { password: account.password }, token);
    expect((await post('totp/confirm', { code: before }, token)).status).toBe(422);
  });
});

describe('204', () => {
  it('turns codes off with the password and a code; the backup codes are void', async () => {
    const { account, token, codeAt, backupCodes } = await turnOn();
    expect((await post('totp/disable', { password: account.password, code: codeAt() }, token)).status).toBe(204);
    expect((await logIn(account)).status).toBe(200);
    const { rows } = await test.pool.query(
      'SELECT count(*)::int AS n FROM identity.backup_codes JOIN users.users u ON u.id = user_id WHERE email = $1',
      [account.email],
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(backupCodes).toHaveLength(10);
  });
});

describe('401', () => {
  it('asks for a code after a new password by mail too', async () => {
    const { account, codeAt } = await turnOn();
    expect((await post('password/forgot', { email: account.email })).status).toBe(202);
    const [link] = (await identity.mailsTo(account.email)).filter((mail) => mail.link?.includes('#reset=') === true);
    const token = link?.link?.split('#reset=')[1];
    const newPassword = 'seven large green birds';
    expect((await post('password/reset', { token, newPassword })).status).toBe(204);
    const renewed = { ...account, password: newPassword };
    const answer = await logIn(renewed);
    expect([answer.status, answer.body]).toMatchObject([401, { code: 'auth.codeRequired' }]);
    expect((await logIn(renewed, codeAt())).status).toBe(200);
  });

  it('is wrong credentials for a wrong password, whatever the code', async () => {
    const { account, codeAt } = await turnOn();
    const answer = await logIn({ ...account, password: 'not the password' }, codeAt());
    expect(answer.body).toMatchObject({ code: 'auth.wrongCredentials' });
    expect((await logIn(account, codeAt())).status).toBe(200);
  });

  it('takes a code once, of twenty at once too', async () => {
    const { account, codeAt } = await turnOn();
    const code = codeAt();
    // No more than the free failures at once, or the account would be locked.
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(account, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await later(30);
    expect((await logIn(account, code)).body).toMatchObject({ code: 'auth.wrongCode' });
  });

  it('takes a backup code once, of five at once too', async () => {
    const { account, backupCodes } = await turnOn();
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(account, backupCodes[3])));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('wants a caller', async () => {
    for (const path of ['totp/enrol', 'totp/confirm', 'totp/disable']) {
      expect((await post(path, {})).body).toMatchObject({ status: 401, code: 'auth.required' });
    }
  });
});

describe('403', () => {
  it('wants the password of who holds a token, and counts wrong ones', async () => {
    const account = await addAccount(identity);
    const { accessToken } = await tokensOf(identity, account);
    const statuses = [];
    for (let guess = 0; guess < 6; guess++) {
      statuses.push((await post('totp/enrol', { password: `guess ${guess}` }, accessToken)).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
    expect((await logIn(account)).status).toBe(429);
  });
});

describe('409', () => {
  it('refuses a second app and a second confirmation', async () => {
    const { account, token, codeAt } = await turnOn();
    expect((await post('totp/enrol', { password: account.password }, token)).body).toMatchObject({
      status: 409,
      code: 'totp.alreadyOn',
    });
    expect((await post('totp/confirm', { code: codeAt() }, token)).body).toMatchObject({ code: 'totp.alreadyOn' });
  });

  it('has nothing to confirm or to turn off where nothing was begun', async () => {
    const account = await addAccount(identity);
    const { accessToken } = await tokensOf(identity, account);
    expect((await post('totp/confirm', { code: '123456' }, accessToken)).body).toMatchObject({
      code: 'totp.notEnrolled',
    });
    const disabled = await post('totp/disable', { password: account.password, code: '123456' }, accessToken);
    expect(disabled.body).toMatchObject({ status: 409, code: 'totp.notEnrolled' });
  });

  it('confirms once, of ten at once too: ten codes in all', async () => {
    const { account, token, codeAt } = await enrol();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('totp/confirm', { code: codeAt() }, token)),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array(9).fill(409),
    ]);
    const { rows } = await test.pool.query(
      'SELECT count(*)::int AS n FROM identity.backup_codes JOIN users.users u ON u.id = user_id WHERE email = $1',
      [account.email],
    );
    expect(rows).toEqual([{ n: 10 }]);
  });
});

describe('422', () => {
  it('refuses a wrong code, and leaves everything as it was', async () => {
    const { token, codeAt } = await enrol();
    expect((await post('totp/confirm', { code: wrongOf(codeAt()) }, token)).body).toMatchObject({
      status: 422,
      code: 'totp.wrongCode',
    });
    expect((await post('totp/confirm', { code: codeAt() }, token)).status).toBe(200);
  });

  it('counts wrong codes against the account, also between right passwords', async () => {
    const { account, token, codeAt } = await turnOn();
    const wrongCode = wrongOf(codeAt());
    for (let guess = 0; guess < 3; guess++) {
      expect((await logIn(account, wrongCode)).body).toMatchObject({ code: 'auth.wrongCode' });
      // Asking without a code must not wipe out the failures before.
      expect((await logIn(account)).body).toMatchObject({ code: 'auth.codeRequired' });
    }
    for (let guess = 0; guess < 2; guess++) {
      expect((await post('totp/disable', { password: account.password, code: wrongCode }, token)).status).toBe(422);
    }
    expect((await logIn(account, codeAt())).body).toMatchObject({ status: 429, code: 'auth.locked' });
  });
});

describe('what is stored', () => {
  it('is neither the secret nor a backup code', async () => {
    const { backupCodes } = await turnOn();
    const { rows } = await test.pool.query(
      'SELECT encode(encrypted_secret, $1) AS secret FROM identity.totp_factors UNION SELECT encode(code_hash, $1) FROM identity.backup_codes',
      ['escape'],
    );
    const text = JSON.stringify(rows);
    for (const code of backupCodes) expect(text).not.toContain(code.replaceAll('-', ''));
    const { rows: factors } = await test.pool.query<{ bytes: number }>(
      'SELECT octet_length(encrypted_secret) AS bytes FROM identity.totp_factors',
    );
    for (const { bytes } of factors) expect(bytes).toBe(12 + 16 + 20);
  });
});
