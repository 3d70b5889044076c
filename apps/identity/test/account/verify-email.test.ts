import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount, addMarket, linkTokenTo, startIdentityApi, type IdentityApi } from '../identity-api.ts';

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

const verify = (token: string) => identity.api.post('/v1/auth/verify-email', { token });

async function unverified(): Promise<{ email: string; token: string }> {
  const { email } = await addAccount(identity, { isVerified: false });
  return { email, token: await linkTokenTo(identity, email) };
}

describe('204', () => {
  it('verifies the address', async () => {
    const { email, token } = await unverified();
    const { status, text } = await verify(token);
    expect([status, text]).toEqual([204, '']);
    const { rows } = await test.pool.query(
      'SELECT email_verified_at FROM identity.credentials JOIN users.users ON id = user_id WHERE email = $1',
      [email],
    );
    expect(rows).toEqual([{ email_verified_at: clock.now() }]);
  });

  it('is good once, of twenty at once too', async () => {
    const { token } = await unverified();
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      204,
      ...Array(19).fill(400),
    ]);
  });
});

describe('400', () => {
  it('refuses alike a link that is unknown, used, expired, of another purpose or of who was suspended', async () => {
    const used = await unverified();
    await verify(used.token);
    const { email } = await addAccount(identity);
    await identity.api.post('/v1/auth/password/forgot', { email });
    const ofAnotherPurpose = await linkTokenTo(identity, email);
    const suspended = await unverified();
    await test.pool.query(`UPDATE users.users SET state = 'suspended' WHERE email = $1`, [suspended.email]);
    const expired = await unverified();
    clock.set(new Date(clock.now().getTime() + 86_400_000));
    const tokens = [used.token, ofAnotherPurpose, suspended.token, expired.token, 'nonsense', ''];
    const answers = await Promise.all(tokens.map(verify));
    const bodies = answers.map(({ status, body }) => ({ status, ...(body as object), requestId: 'any' }));
    expect(bodies).toEqual(Array(tokens.length).fill(bodies[0]));
    expect(bodies[0]).toMatchObject({ status: 400, code: 'auth.invalidLink' });
  });

  it('holds the hash of a token and never the token', async () => {
    const { token } = await unverified();
    expect(token).toHaveLength(43);
    const { rows } = await test.pool.query(
      `SELECT token_hash = sha256(convert_to($1, 'UTF8')) AS is_hash FROM identity.email_links ORDER BY id DESC LIMIT 1`,
      [token],
    );
    expect(rows).toEqual([{ is_hash: true }]);
  });

  it('wants the token', async () => {
    const answer = await identity.api.post('/v1/auth/verify-email', {});
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field: 'token', code: 'required' }] });
  });
});
