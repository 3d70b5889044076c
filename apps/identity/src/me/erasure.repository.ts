import { sql, type Db } from '@pika/database';

export interface Erasure {
  verdict: 'erased' | 'soleOwner' | 'unknown';
  /** That ended. */
  sessionIds: string[];
  /** That need another owner first. */
  businessIds: string[];
}

export async function findPasswordHash(db: Db, userId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ passwordHash: string }[]>(sql`
    SELECT password_hash AS "passwordHash" FROM identity.credentials WHERE user_id = ${userId}::uuid`);
  return rows[0]?.passwordHash ?? null;
}

/** Erases the transaction's own person. */
export async function erasePerson(tx: Db, now: Date): Promise<Erasure> {
  const [row] = await tx.$queryRaw<[Erasure]>(sql`
    SELECT verdict, session_ids AS "sessionIds", business_ids AS "businessIds"
    FROM identity.erase_person(${now}::timestamptz)`);
  return row;
}
