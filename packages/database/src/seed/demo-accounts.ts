import { hash } from '@node-rs/argon2';
import type { Database } from '../client.ts';
import { stableId } from '../content/ids.ts';
import { jobContext, systemContext } from '../context.ts';
import { sql, type Db } from '../db.ts';
import { inTransaction } from '../transaction.ts';
import { DemoAccountsError } from './demo-accounts-error.ts';

/** What everybody may know: these accounts stand in embedded and explicitly seeded databases alone. */
export const demoPassword = 'pika-demo-password';

export interface DemoAccount {
  email: string;
  displayName: string;
  language: string;
  role: 'support' | 'admin' | null;
  /** In the businesses of owner@pika.example. */
  memberRole: 'owner' | 'redeemer' | null;
}

export const demoAccounts: readonly DemoAccount[] = [
  { email: 'consumer@pika.example', displayName: 'Karai Julián', language: 'es', role: null, memberRole: null },
  { email: 'owner@pika.example', displayName: 'Ña Ramona', language: 'es', role: null, memberRole: 'owner' },
  { email: 'staff@pika.example', displayName: 'Arami', language: 'gn', role: null, memberRole: 'redeemer' },
  { email: 'support@pika.example', displayName: 'Support', language: 'en', role: 'support', memberRole: null },
  { email: 'admin@pika.example', displayName: 'Admin', language: 'en', role: 'admin', memberRole: null },
];

const idOf = ({ email }: DemoAccount) => stableId(`user:${email}`);
const ownerId = stableId('user:owner@pika.example');

/**
 * Adds the demo log-ins to a seeded database; those that are there keep their passwords. Throws `DemoAccountsError` in
 * production.
 */
export async function seedDemoAccounts(database: Database): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new DemoAccountsError('Demo log-ins are not made in production: NODE_ENV is production.');
  }
  const passwordHash = await hash(demoPassword, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await inTransaction(database, systemContext('seed'), async (db) => {
    for (const account of demoAccounts) await insertAccount(db, account, passwordHash);
  });
}

async function insertAccount(db: Db, account: DemoAccount, passwordHash: string): Promise<void> {
  const { email, displayName, language, role, memberRole } = account;
  const id = idOf(account);
  await db.$executeRaw(sql`
    INSERT INTO users.users (id, email, display_name, language_code)
    VALUES (${id}::uuid, ${email}, ${displayName}, ${language}) ON CONFLICT DO NOTHING`);
  await db.$executeRaw(sql`
    INSERT INTO identity.credentials (user_id, password_hash, email_verified_at)
    SELECT id, ${passwordHash}, now() FROM users.users WHERE id = ${id}::uuid ON CONFLICT DO NOTHING`);
  if (role !== null) {
    await db.$executeRaw(sql`
      INSERT INTO identity.role_grants (user_id, role) VALUES (${id}::uuid, ${role}::identity.platform_role)
      ON CONFLICT DO NOTHING`);
  }
  if (memberRole !== null) {
    await db.$executeRaw(sql`
      INSERT INTO business.members (business_id, user_id, role)
      SELECT id, ${id}::uuid, ${memberRole}::business.member_role FROM business.businesses WHERE owner_id = ${ownerId}::uuid
      ON CONFLICT DO NOTHING`);
  }
}

/** Whether one of the demo log-ins stands here. Somebody who registers under such an address is none. */
export async function hasDemoAccounts(database: Database): Promise<boolean> {
  const rows = await inTransaction(database, jobContext('demo-accounts'), (db) =>
    db.$queryRaw<unknown[]>(sql`
      SELECT known.user_id
      FROM unnest(${demoAccounts.map(({ email }) => email)}::text[], ${demoAccounts.map(idOf)}::uuid[]) AS demo (email, id)
      CROSS JOIN LATERAL identity.find_credential(demo.email) AS known
      WHERE known.user_id = demo.id`),
  );
  return rows.length > 0;
}

/** Throws `DemoAccountsError` where this is production and the database has such log-ins. */
export async function refuseDemoAccounts(database: Database, { NODE_ENV }: { NODE_ENV: string }): Promise<void> {
  if (NODE_ENV !== 'production' || !(await hasDemoAccounts(database))) return;
  throw new DemoAccountsError(
    'This database holds the demo log-ins (owner@pika.example and others), whose password everybody knows; production does not start on it.',
  );
}
