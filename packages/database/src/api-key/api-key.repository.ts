import { sql, type Db } from '../db.ts';

export interface FoundApiKey {
  id: string;
  businessId: string;
  secretHash: Uint8Array;
  scopes: string[];
  allowedOrigins: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** Neither revoked, nor of a suspended or deleted business. */
  isOpen: boolean;
}

export async function findApiKey(db: Db, prefix: string): Promise<FoundApiKey | null> {
  const rows = await db.$queryRaw<FoundApiKey[]>(sql`
    SELECT id, business_id AS "businessId", secret_hash AS "secretHash", scopes, allowed_origins AS "allowedOrigins",
      expires_at AS "expiresAt", last_used_at AS "lastUsedAt", is_open AS "isOpen"
    FROM identity.find_api_key(${prefix})`);
  return rows[0] ?? null;
}

export async function noteApiKeyUse(db: Db, id: string, now: Date): Promise<void> {
  await db.$queryRaw(sql`SELECT identity.note_api_key_use(${id}::uuid, ${now}::timestamptz)::text`);
}
