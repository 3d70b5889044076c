import type { OpenTestDatabase } from '@pika/tests';

/**
 * CTE `ours (oid, name)`: the tables of our schemas. Not what extensions brought, not the migrations' own book, and
 * of a partitioned table only the whole: its partitions inherit.
 */
export const OURS = `ours AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname IN ('public', 'users', 'identity', 'security', 'audit', 'support', 'payments', 'files', 'i18n',
      'catalog', 'business', 'marketplace', 'analytics')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND (n.nspname, c.relname) <> ('public', '_prisma_migrations')
)`;

/** The first column of what is selected, as text; the query may begin with `WITH ${OURS}`. */
export async function readNames({ pool }: Pick<OpenTestDatabase, 'pool'>, text: string): Promise<string[]> {
  const { rows } = await pool.query<[string]>({ text, rowMode: 'array' });
  return rows.map(([name]) => name);
}
