import { sql, type Db } from '@pika/database';
import type { StoredKey } from '@pika/shared';

/** Every key, the one that begins to sign last at the end. */
export function listVoucherKeys(db: Db): Promise<StoredKey[]> {
  return db.$queryRaw<StoredKey[]>(sql`
    SELECT kid, public_jwk AS "publicJwk", encrypted_private_key AS "encryptedPrivateKey",
      published_at AS "publishedAt", active_from AS "activeFrom", retires_at AS "retiresAt"
    FROM marketplace.list_token_keys()`);
}

/** Whether it was published: not where `newestKid` is the newest no more. Those before it retire so long after it begins. */
export async function insertVoucherKey(
  db: Db,
  key: StoredKey,
  { overlapSeconds, newestKid }: { overlapSeconds: number; newestKid: string | null },
): Promise<boolean> {
  const [row] = await db.$queryRaw<{ isInserted: boolean }[]>(sql`
    SELECT marketplace.insert_token_key(
      ${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, ${key.encryptedPrivateKey}, ${key.publishedAt}::timestamptz,
      ${key.activeFrom}::timestamptz, ${key.retiresAt}::timestamptz, make_interval(secs => ${overlapSeconds}::float8),
      ${newestKid}
    ) AS "isInserted"`);
  return row?.isInserted === true;
}
