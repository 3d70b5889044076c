import { sql, type Db } from '@pika/database';

interface Erasure {
  verdict: 'erased' | 'soleOwner' | 'unknown';
  /** That ended. */
  sessionIds: string[];
  /** That need another owner first. */
  businessIds: string[];
}

/** Erases the transaction's own person. */
export async function erasePerson(tx: Db, now: Date, emailHash: Uint8Array): Promise<Erasure> {
  const [row] = await tx.$queryRaw<[Erasure]>(sql`
    SELECT verdict, session_ids AS "sessionIds", business_ids AS "businessIds"
    FROM identity.erase_person(${now}::timestamptz, ${emailHash}::bytea)`);
  return row;
}
