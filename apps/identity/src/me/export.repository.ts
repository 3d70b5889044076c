import { sql, type Db } from '@pika/database';

export interface OwnRow {
  tableName: string;
  content: Record<string, unknown>;
}

/** Up to `limit` rows of each table, as the schemas that own them tell them. */
export function listOwnRows(tx: Db, limit: number, emailHash: Uint8Array): Promise<OwnRow[]> {
  return tx.$queryRaw<OwnRow[]>(sql`
    SELECT table_name AS "tableName", content FROM users.own_rows(${limit}::integer)
    UNION ALL SELECT table_name, content FROM identity.own_rows(${limit}::integer)
    UNION ALL SELECT table_name, content FROM business.own_rows(${limit}::integer)
    UNION ALL SELECT table_name, content FROM marketplace.own_rows(${limit}::integer)
    UNION ALL SELECT table_name, content FROM security.login_attempts_of(${emailHash}::bytea, ${limit}::integer)`);
}

/** Up to `limit` entries of the audit log, the latest first. */
export async function listOwnHistory(tx: Db, limit: number): Promise<Record<string, unknown>[]> {
  const rows = await tx.$queryRaw<{ content: Record<string, unknown> }[]>(sql`
    SELECT content FROM audit.own_history(${limit}::integer)`);
  return rows.map(({ content }) => content);
}
