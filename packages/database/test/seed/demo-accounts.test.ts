import { verify } from '@node-rs/argon2';
import { demoAccounts, demoPassword, hasDemoAccounts, refuseDemoAccounts, seedDemoAccounts } from '@pika/database';
import { seededDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await seededDatabase();
});

afterAll(() => test?.close());

it('makes none by seeding, nor in production', async () => {
  expect(await hasDemoAccounts(test.database)).toBe(false);
  vi.stubEnv('NODE_ENV', 'production');
  await expect(seedDemoAccounts(test.database)).rejects.toThrow('NODE_ENV is production');
  vi.unstubAllEnvs();
  const { rows } = await test.pool.query('SELECT count(*)::int AS n FROM identity.credentials');
  expect(rows).toEqual([{ n: 0 }]);
  await refuseDemoAccounts(test.database, { NODE_ENV: 'production' });
});

it('finds the owner of every business a member of it, as its owner', async () => {
  const { rows } = await test.pool.query(
    `SELECT count(*)::int AS owned, count(member.user_id)::int AS held FROM business.businesses business
     LEFT JOIN business.members member
       ON member.business_id = business.id AND member.user_id = business.owner_id AND member.role = 'owner'
     WHERE business.owner_id IS NOT NULL`,
  );
  expect(rows[0].owned).toBeGreaterThan(0);
  expect(rows[0].held).toBe(rows[0].owned);
});

it('takes nobody for a demo log-in who registered under such an address', async () => {
  const [{ id }] = (
    await test.pool.query(
      `INSERT INTO users.users (id, email, display_name) VALUES (gen_random_uuid(), 'admin@pika.example', 'A') RETURNING id`,
    )
  ).rows;
  await test.pool.query(
    `INSERT INTO identity.credentials (user_id, password_hash) VALUES ($1, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g')`,
    [id],
  );
  expect(await hasDemoAccounts(test.database)).toBe(false);
  await test.pool.query('DELETE FROM users.users WHERE id = $1', [id]);
});

it('makes five, verified, with their roles, and leaves a changed password alone', async () => {
  await seedDemoAccounts(test.database);
  const people = async () =>
    (
      await test.pool.query<{ email: string; password_hash: string; verified: boolean; role: string; member: string }>(`
        SELECT email, password_hash, email_verified_at IS NOT NULL AS verified,
          (SELECT string_agg(role::text, ',') FROM identity.role_grants g WHERE g.user_id = u.id) AS role,
          (SELECT string_agg(DISTINCT role::text, ',') FROM business.members m WHERE m.user_id = u.id) AS member
        FROM users.users u JOIN identity.credentials c ON c.user_id = u.id ORDER BY email`)
    ).rows;
  const rows = await people();
  expect(rows.map(({ email, verified, role, member }) => [email, verified, role, member])).toEqual([
    ['admin@pika.example', true, 'admin', null],
    ['consumer@pika.example', true, null, null],
    ['owner@pika.example', true, null, 'owner'],
    ['staff@pika.example', true, null, 'redeemer'],
    ['support@pika.example', true, 'support', null],
  ]);
  expect(rows).toHaveLength(demoAccounts.length);
  expect(await verify(rows[0]?.password_hash ?? '', demoPassword)).toBe(true);
  const changed = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';
  await test.pool.query('UPDATE identity.credentials SET password_hash = $1', [changed]);
  await seedDemoAccounts(test.database);
  expect((await people()).map(({ password_hash }) => password_hash)).toEqual(Array(5).fill(changed));
});

it('lets no production start on a database that has them', async () => {
  expect(await hasDemoAccounts(test.database)).toBe(true);
  await refuseDemoAccounts(test.database, { NODE_ENV: 'development' });
  await expect(refuseDemoAccounts(test.database, { NODE_ENV: 'production' })).rejects.toThrow('demo log-ins');
});
