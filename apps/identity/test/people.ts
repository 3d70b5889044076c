import { randomUUID } from 'node:crypto';
import { businessRow, categoryRow, insertRows, type OpenTestDatabase } from '@pika/tests';
import { addAccount, bearer, logIn, type IdentityApi } from './identity-api.ts';

type Pool = Pick<OpenTestDatabase, 'pool'>;

export interface Person {
  id: string;
  email: string;
  password: string;
}

/** Registered by the API, with a verified address. */
export async function addPerson({ pool }: Pool, identityApi: IdentityApi): Promise<Person> {
  const { email, password } = await addAccount(identityApi);
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM users.users WHERE email = $1', [email]);
  return { id: rows[0]!.id, email, password };
}

/** Headers of a new session, as everything that the person is by now. */
export async function asPerson(
  test: Pick<OpenTestDatabase, 'database'>,
  { identity }: Pick<IdentityApi, 'identity'>,
  { id }: Pick<Person, 'id'>,
) {
  const { accessToken, sessionId } = await logIn(test, identity, id);
  return { ...bearer(accessToken), sessionId };
}

const category = '01900000-0000-7000-8000-00000000c0de';

/** A business with these members. */
export async function addBusiness(
  { pool }: Pool,
  members: Readonly<Record<string, 'owner' | 'manager' | 'redeemer'>>,
): Promise<string> {
  const id = randomUUID();
  const { rowCount } = await pool.query('SELECT FROM catalog.categories WHERE id = $1', [category]);
  if (rowCount === 0) await insertRows(pool, 'catalog.categories', [categoryRow({ id: category, slug: 'food' })]);
  await insertRows(pool, 'business.businesses', [businessRow({ id, categoryId: category })]);
  await insertRows(
    pool,
    'business.members',
    Object.entries(members).map(([user_id, role]) => ({
      business_id: id,
      user_id,
      role,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    })),
  );
  return id;
}

export async function addRole({ pool }: Pool, userId: string, role: 'support' | 'admin'): Promise<void> {
  await pool.query('INSERT INTO identity.role_grants (user_id, role) VALUES ($1, $2)', [userId, role]);
}

export const json = { 'Content-Type': 'application/json' };
export const withKey = () => ({ 'Idempotency-Key': randomUUID() });
