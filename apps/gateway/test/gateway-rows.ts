import type { KnownValues } from '@pika/tests';
import type pg from 'pg';
import type { People, SeededBusiness } from './gateway-people.ts';

/** Ids of rows by the name of their table, as paths name collections; and what fields are called that hold them. */
export async function knownValues(pool: pg.Pool): Promise<KnownValues> {
  const tables = await pool.query<{ schema: string; name: string }>(`
    SELECT table_schema AS schema, table_name AS name FROM information_schema.columns
    WHERE column_name = 'id' AND data_type = 'uuid'
      AND table_schema IN ('users', 'identity', 'business', 'marketplace', 'catalog')`);
  const known: Record<string, string[]> = {};
  for (const { schema, name } of tables.rows) {
    const found = await pool.query<{ id: string }>(`SELECT id FROM ${schema}.${name} ORDER BY id LIMIT 12`);
    if (found.rows.length > 0) known[name.replaceAll('_', '-')] = found.rows.map(({ id }) => id);
  }
  const slugs = await pool.query<{ slug: string }>('SELECT slug FROM catalog.categories ORDER BY slug LIMIT 12');
  const { businesses = [], users = [], vouchers = [] } = known;
  return {
    ...known,
    business: businesses,
    businessId: businesses,
    userId: users,
    voucherId: vouchers,
    sourceLanguage: ['es'],
    'If-Match': ['*'],
    language: ['es', 'en', 'gn', 'ar', 'es-PY'],
    bbox: ['-57.7,-25.4,-57.5,-25.2', '170,-90,-170,90', '-180,-90,180,90'],
    category: slugs.rows.map(({ slug }) => slug),
  };
}

/** The rows of what callers can change; that somebody tried in vain to redeem is written down. */
export async function fingerprint(pool: pg.Pool): Promise<Record<string, string>> {
  const tables = await pool.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema IN ('users', 'business', 'marketplace', 'catalog', 'i18n')
      AND (table_schema, table_name) <> ('marketplace', 'attempts')`);
  const found: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const rows = await pool.query<{ hash: string }>(
      `SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS hash FROM ${name} t`,
    );
    found[name] = rows.rows[0]?.hash ?? '';
  }
  return found;
}

/** Two businesses of the seed. */
export async function seededBusinesses(pool: pg.Pool): Promise<[SeededBusiness, SeededBusiness]> {
  const found = await pool.query<SeededBusiness>(
    `SELECT b.id, b.category_id AS "categoryId", place.id AS "locationId"
     FROM business.businesses b
     CROSS JOIN LATERAL (SELECT l.id FROM business.locations l WHERE l.business_id = b.id ORDER BY l.id LIMIT 1) AS place
     WHERE b.status = 'verified' AND b.deleted_at IS NULL ORDER BY b.id LIMIT 2`,
  );
  const [one, other] = found.rows;
  if (one === undefined || other === undefined) throw new Error('The seed holds no two businesses.');
  return [one, other];
}

/** Writes the people's rows as they were at first, whatever became of them; without triggers, which know of no way back. */
export async function restoreRows(
  pool: pg.Pool,
  { rows, userIds, businessId, otherBusinessId }: People,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL session_replication_role = 'replica'`);
    await client.query('DELETE FROM identity.role_grants WHERE user_id = ANY ($1::uuid[])', [Object.values(userIds)]);
    // The seed's owner goes, so that there is a last one among the people.
    await client.query('DELETE FROM business.members WHERE business_id = ANY ($1::uuid[])', [
      [businessId, otherBusinessId],
    ]);
    // What was claimed, held and counted meanwhile; the ledger itself stays.
    for (const table of ['claims', 'holds', 'user_counters', 'user_day_counters', 'location_day_counters']) {
      await client.query(`DELETE FROM marketplace.${table}`);
    }
    for (const { table, key, rows: own, isLedger } of rows) {
      const columns = Object.keys(own[0] ?? {});
      const changes = columns.map((column) => `${column} = excluded.${column}`);
      await client.query(
        `INSERT INTO ${table} (${columns.join(', ')})
         SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)
         ON CONFLICT (${key}) DO ${isLedger === true ? 'NOTHING' : `UPDATE SET ${changes.join(', ')}`}`,
        [JSON.stringify(own)],
      );
    }
    await client.query(`
      UPDATE marketplace.voucher_counters counter SET
        used_count = (
          SELECT 2 * count(*) FILTER (WHERE entry.kind = 'redemption') - count(*) FROM marketplace.redemptions entry
          WHERE entry.voucher_id = counter.voucher_id
        ),
        claimed_count = (SELECT count(*) FROM marketplace.claims claim WHERE claim.voucher_id = counter.voucher_id)`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
