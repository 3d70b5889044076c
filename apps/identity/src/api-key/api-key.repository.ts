import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';

export interface ApiKeyRow {
  id: string;
  businessId: string;
  name: string;
  prefix: string;
  scopes: string[];
  allowedOrigins: string[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

interface ApiKeyToInsert {
  id: string;
  businessId: string;
  createdBy: string;
  name: string;
  prefix: string;
  secretHash: Uint8Array;
  scopes: readonly string[];
  allowedOrigins: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
}

/** The latest first. */
export const apiKeyList: PagedList<ApiKeyRow> = {
  name: 'api-keys',
  columns: [{ column: sql`key.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

/** Up to `limit` of the transaction's business, behind `after`. */
export function listApiKeys(
  tx: Db,
  { businessId, after, limit }: { businessId: string; after: readonly PageKey[] | null; limit: number },
): Promise<ApiKeyRow[]> {
  return tx.$queryRaw<ApiKeyRow[]>(sql`
    SELECT key.id, key.business_id AS "businessId", key.name, key.prefix, key.scopes,
      key.allowed_origins AS "allowedOrigins", key.created_by AS "createdBy", key.created_at AS "createdAt",
      key.expires_at AS "expiresAt", used.last_used_at AS "lastUsedAt", key.revoked_at AS "revokedAt"
    FROM identity.api_keys key LEFT JOIN identity.api_key_uses used ON used.api_key_id = key.id
    WHERE key.business_id = ${businessId}::uuid AND ${rowsAfter(apiKeyList, after)}
    ORDER BY ${orderOf(apiKeyList)}
    LIMIT ${limit}::integer`);
}

export async function insertApiKey(tx: Db, key: ApiKeyToInsert): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO identity.api_keys (
      id, business_id, created_by, name, prefix, secret_hash, scopes, allowed_origins, created_at, expires_at
    ) VALUES (
      ${key.id}::uuid, ${key.businessId}::uuid, ${key.createdBy}::uuid, ${key.name}, ${key.prefix}, ${key.secretHash},
      ${[...key.scopes]}::text[], ${[...key.allowedOrigins]}::text[], ${key.createdAt}::timestamptz,
      ${key.expiresAt}::timestamptz
    )`);
}

export async function revokeApiKey(tx: Db, id: string, now: Date): Promise<'revoked' | 'denied' | 'unknown'> {
  const [row] = await tx.$queryRaw<[{ verdict: 'revoked' | 'denied' | 'unknown' }]>(sql`
    SELECT identity.revoke_api_key(${id}::uuid, ${now}::timestamptz) AS verdict`);
  return row.verdict;
}
