import type { Database } from './client.ts';
import { jobContext } from './context.ts';
import { sql } from './db.ts';
import { singleStatements } from './single-statements.ts';

/** The public keys of access tokens as `openKeySet` takes them, for processes that have the database itself. */
export async function listVerificationKeys(database: Database, now: Date): Promise<{ keys: unknown[] }> {
  const db = singleStatements(database, jobContext('verification-keys'));
  const rows = await db.$queryRaw<{ publicJwk: unknown }[]>(sql`
    SELECT public_jwk AS "publicJwk" FROM identity.list_verification_keys(${now}::timestamptz)`);
  return { keys: rows.map(({ publicJwk }) => publicJwk) };
}
