import type { OpenTestDatabase } from '@pika/tests';

/** Of every table, how many rows it has and a digest of which transaction wrote each: equal when nothing was written. */
export async function rowVersions({ pool }: Pick<OpenTestDatabase, 'pool'>): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname IN ('business', 'catalog', 'i18n', 'marketplace', 'users') ORDER BY 1`);
  const versions: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ version: string }>(`
      SELECT count(*) || ' ' || coalesce(md5(string_agg(xmin::text || ctid::text, ',' ORDER BY ctid)), '') AS version
      FROM ${name}`);
    versions[name] = rows[0]?.version ?? '';
  }
  return versions;
}
