import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashPassword } from '../../src/password/password-hash.ts';
import { addMarket, bearer, startIdentityApi, tokensOf, type IdentityApi } from '../identity-api.ts';
import { addPerson, asPerson, json, type Person } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

/** A change of the person that commits once the request waits for it: after its password was found right. */
async function whileChanging<Answer>(change: string, values: unknown[], ask: () => Promise<Answer>): Promise<Answer> {
  const db = await test.pool.connect();
  try {
    await db.query('BEGIN');
    const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await db.query(change, values);
    const asked = ask();
    await vi.waitUntil(
      async () => {
        const waiting = await test.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid))`,
          [rows[0]?.pid],
        );
        return waiting.rowCount === 1;
      },
      { timeout: 4_000, interval: 10 },
    );
    await db.query('COMMIT');
    return await asked;
  } finally {
    await db.query('ROLLBACK');
    db.release();
  }
}

const otherPassword = 'seven large blue fishes';
const setPassword = 'UPDATE identity.credentials SET password_hash = $2 WHERE user_id = $1';
const suspend = `UPDATE users.users SET state = 'suspended', state_reason = 'a test' WHERE id = $1`;

const logIn = ({ email, password }: Person) => identityApi.api.post('/v1/auth/login', { email, password });

async function livingSessions({ id }: Person): Promise<number> {
  const { rowCount } = await test.pool.query(
    'SELECT FROM identity.sessions WHERE user_id = $1 AND revoked_at IS NULL',
    [id],
  );
  return rowCount ?? -1;
}

describe.skipIf(!isServer())('a log-in that meets', () => {
  it('a new password is refused: the password that it was given is none any more', async () => {
    const person = await addPerson(test, identityApi);
    const hash = await hashPassword(otherPassword);
    const answer = await whileChanging(setPassword, [person.id, hash], () => logIn(person));
    expect(answer.body).toMatchObject({ status: 401, code: 'auth.wrongCredentials' });
    expect(await livingSessions(person)).toBe(0);
    expect((await tokensOf(identityApi, { ...person, password: otherPassword })).tokenType).toBe('Bearer');
  });

  it('a suspension leaves no session behind', async () => {
    const person = await addPerson(test, identityApi);
    const answer = await whileChanging(suspend, [person.id], () => logIn(person));
    expect(answer.body).toMatchObject({ status: 401, code: 'auth.wrongCredentials' });
    expect(await livingSessions(person)).toBe(0);
  });
});

describe.skipIf(!isServer())('what the password is asked for once more', () => {
  it.each([
    ['POST', '/v1/auth/password/change', { currentPassword: 'PASSWORD', newPassword: 'nine small red foxes' }],
    ['POST', '/v1/auth/totp/enrol', { password: 'PASSWORD' }],
    ['DELETE', '/v1/me', { password: 'PASSWORD' }],
  ])('%s %s is refused where another was set in between', async (method, path, body) => {
    const person = await addPerson(test, identityApi);
    const { Authorization } = await asPerson(test, identityApi, person);
    const text = JSON.stringify(body).replace('PASSWORD', person.password);
    const hash = await hashPassword(otherPassword);
    const headers = { Authorization, ...json, 'Content-Length': String(text.length) };
    const answer = await whileChanging(setPassword, [person.id, hash], () =>
      identityApi.api.send(method, path, headers, text),
    );
    expect(answer.body).toMatchObject({ status: 403, code: 'auth.wrongPassword' });
    const { rows } = await test.pool.query('SELECT password_hash FROM identity.credentials WHERE user_id = $1', [
      person.id,
    ]);
    expect(rows).toEqual([{ password_hash: hash }]);
  });
});

it('a new password voids the links that set one', async () => {
  const person = await addPerson(test, identityApi);
  await identityApi.api.post('/v1/auth/password/forgot', { email: person.email });
  const mail = (await identityApi.mailsTo(person.email)).at(-1);
  const token = /#reset=([\w-]{43})$/.exec(mail?.link ?? '')?.[1];
  expect(token).toBeDefined();
  const { accessToken } = await tokensOf(identityApi, person);
  const changed = await identityApi.api.post(
    '/v1/auth/password/change',
    { currentPassword: person.password, newPassword: otherPassword },
    bearer(accessToken),
  );
  expect(changed.status).toBe(204);
  const reset = { token, newPassword: 'nine small red foxes' };
  expect((await identityApi.api.post('/v1/auth/password/reset', reset)).body).toMatchObject({
    code: 'auth.invalidLink',
  });
  expect((await tokensOf(identityApi, { ...person, password: otherPassword })).tokenType).toBe('Bearer');
});
