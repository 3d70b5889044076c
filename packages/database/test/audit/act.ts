import type pg from 'pg';
import { vi } from 'vitest';

export interface Acting {
  actor?: string;
  role?: string;
  settings?: Readonly<Record<string, string>>;
}

/** One transaction with the context that inTransaction gives it. */
export async function act<T>(
  pool: pg.Pool,
  { actor, role, settings = {} }: Acting,
  work: (db: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const db = await pool.connect();
  try {
    await db.query('BEGIN');
    const context = { ...settings, ...(actor === undefined ? {} : { 'app.actor': actor }) };
    for (const [name, value] of Object.entries(context))
      await db.query('SELECT set_config($1, $2, true)', [name, value]);
    if (role !== undefined) await db.query(`SELECT set_config('role', $1, true)`, [role]);
    const result = await work(db);
    await db.query('COMMIT');
    return result;
  } catch (error) {
    await db.query('ROLLBACK');
    throw error;
  } finally {
    db.release();
  }
}

export interface Entry {
  operation: string;
  table: string;
  rowKey: Record<string, unknown> | null;
  formerKey: Record<string, unknown> | null;
  changes: { old?: Record<string, unknown>; new?: Record<string, unknown>; secret?: string[] } & Record<
    string,
    unknown
  >;
  actor: string;
  userId: string | null;
  businessId: string | null;
  requestId: string | null;
  clientAddress: string | null;
  databaseLogin: string;
}

/** What `work` leaves in the log, in order. */
export async function entriesOf(db: Pick<pg.Pool, 'query'>, work: () => Promise<unknown>): Promise<Entry[]> {
  const { rows: before } = await db.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM audit.entries');
  await work();
  const { rows } = await db.query<Entry>(
    `SELECT operation, schema_name || '.' || table_name AS "table", row_key AS "rowKey", former_key AS "formerKey",
       changes, actor, user_id AS "userId", business_id AS "businessId", request_id AS "requestId",
       client_address AS "clientAddress", database_login AS "databaseLogin"
     FROM audit.entries WHERE id > $1 ORDER BY id`,
    [before[0]?.id],
  );
  return rows;
}

/** Seals all there is. Transactions of other databases of the server hold the sealer up too: it is tried until it is done. */
export const sealAll = (db: Pick<pg.Pool, 'query'>, limit = 10_000): Promise<boolean> =>
  vi.waitUntil(
    async () => {
      await db.query('SELECT audit.seal($1)', [limit]);
      const { rows } = await db.query<{ isSealed: boolean }>(
        `SELECT (SELECT count(*) FROM audit.entries) = (SELECT count(*) FROM audit.sealed_entries) AS "isSealed"`,
      );
      return rows[0]?.isSealed ?? false;
    },
    { timeout: 60_000, interval: 20 },
  );
