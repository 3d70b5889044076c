import { randomUUID } from 'node:crypto';
import { invalidToken, type Authenticate, type Caller } from '@pika/shared';
import type { OpenTestDatabase } from './api.ts';
import { businessRow, categoryRow, insertRows } from './fixtures.ts';

type Pool = Pick<OpenTestDatabase, 'pool'>;
type Role = 'owner' | 'manager' | 'redeemer';

/** The category of `addBusiness`, slug `food`. */
export const foodCategory = '01900000-0000-7000-8000-00000000c0de';

/** A person with a verified address. */
export async function addPerson({ pool }: Pool, { isVerified = true } = {}): Promise<string> {
  const id = randomUUID();
  await pool.query('INSERT INTO users.users (id, email, display_name, updated_at) VALUES ($1, $2, $3, now())', [
    id,
    emailOf(id),
    'A person',
  ]);
  await pool.query(
    `INSERT INTO identity.credentials (user_id, password_hash, email_verified_at, updated_at)
     VALUES ($1, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g', CASE WHEN $2 THEN now() END, now())`,
    [id, isVerified],
  );
  return id;
}

export const emailOf = (id: string) => `${id}@pika.example`;

export async function addBusiness({ pool }: Pool, members: Readonly<Record<string, Role>>): Promise<string> {
  const id = randomUUID();
  const { rowCount } = await pool.query('SELECT FROM catalog.categories WHERE id = $1', [foodCategory]);
  if (rowCount === 0) await insertRows(pool, 'catalog.categories', [categoryRow({ id: foodCategory, slug: 'food' })]);
  await insertRows(pool, 'business.businesses', [businessRow({ id, categoryId: foodCategory })]);
  for (const [userId, role] of Object.entries(members)) await addMember({ pool }, id, userId, role);
  return id;
}

export async function addMember({ pool }: Pool, businessId: string, userId: string, role: Role): Promise<void> {
  await pool.query('INSERT INTO business.members (business_id, user_id, role) VALUES ($1, $2, $3)', [
    businessId,
    userId,
    role,
  ]);
}

const tokens = new Map<string, Caller>();

function headersFor(caller: Caller): { Authorization: string } {
  const token = randomUUID();
  tokens.set(token, caller);
  return { Authorization: `Bearer ${token}` };
}

/** An access token with what it said when it was issued; it is believed as long as the test runs. */
export async function tokenOf({ pool }: Pool, userId: string): Promise<{ Authorization: string }> {
  const { rows } = await pool.query<{ businesses: Record<string, Role> }>(
    'SELECT business.memberships_of($1) AS businesses',
    [userId],
  );
  return headersFor({
    kind: 'user',
    userId,
    sessionId: randomUUID(),
    roles: [],
    businesses: rows[0]!.businesses,
  });
}

/** A key of a business, in the database too. */
export async function tokenOfKey(
  { pool }: Pool,
  businessId: string,
  scopes: readonly string[],
): Promise<{ keyId: string; headers: { Authorization: string } }> {
  const keyId = randomUUID();
  await pool.query(
    `INSERT INTO identity.api_keys (id, business_id, name, prefix, secret_hash, scopes, created_at)
     VALUES ($1, $2, 'Till', $3, decode(repeat('ab', 32), 'hex'), $4, now())`,
    [keyId, businessId, `pika_${keyId.slice(0, 8)}`, scopes],
  );
  return { keyId, headers: headersFor({ kind: 'apiKey', keyId, businessId, scopes }) };
}

/** Knows the tokens of `tokenOf` and `tokenOfKey`. */
export const authenticatePeople: Authenticate = async (token) => {
  const caller = tokens.get(token);
  if (caller === undefined) throw invalidToken();
  return caller;
};

export const jsonType = { 'Content-Type': 'application/json' };
export const withKey = () => ({ 'Idempotency-Key': randomUUID() });
