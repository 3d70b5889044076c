import type { Client } from 'pg';
import type { Section } from './format-section.ts';

/** Never read since statistics began, and no constraint's; they cost every write and guard nothing. */
export async function measureUnusedIndexes(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    SELECT s.schemaname || '.' || s.indexrelname AS index, s.relname AS "of", pg_size_pretty(pg_relation_size(s.indexrelid)) AS size,
      t.n_tup_ins::float8 + t.n_tup_upd + t.n_tup_del AS writes,
      (SELECT min(k.conname) FROM pg_constraint k WHERE k.conrelid = s.relid AND k.contype = 'f'
        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) AS "serves the foreign key"
    FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
    JOIN pg_stat_user_tables t ON t.relid = s.relid
    WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion AND i.indisvalid
    ORDER BY pg_relation_size(s.indexrelid) DESC, 1 LIMIT 30`);
  const { rows: since } = await client.query<{ text: string }>(`
    SELECT coalesce(to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), 'the server was made') AS text
    FROM pg_stat_database WHERE datname = current_database()`);
  const began = `Counted since ${since[0]?.text ?? 'the server was made'}; replicas count their own.`;
  return { title: 'Unused indexes', rows, note: rows.length === 0 ? `None. ${began}` : began };
}

/** INVALID: left behind by a concurrent build that was cut short. */
export async function measureInvalidIndexes(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    SELECT indexrelid::regclass::text AS index, indrelid::regclass::text AS "of" FROM pg_index WHERE NOT indisvalid ORDER BY 1`);
  return { title: 'Invalid indexes', rows, ...(rows.length === 0 ? { note: 'None.' } : {}) };
}

/** Foreign keys whose columns begin no index: deleting a parent reads the whole child table. */
export async function measureForeignKeys(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    SELECT k.conname AS "foreign key", k.conrelid::regclass::text AS "of",
      (SELECT string_agg(a.attname, ', ' ORDER BY o.place) FROM unnest(k.conkey) WITH ORDINALITY AS o (number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.number) AS columns,
      c.reltuples::float8 AS rows
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace <> coalesce(to_regnamespace('pgboss'), 0) AND NOT EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid
        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
    ORDER BY c.reltuples DESC, 1`);
  return { title: 'Foreign keys without an index', rows, ...(rows.length === 0 ? { note: 'None.' } : {}) };
}

const MANY_ROWS = 10_000;

/** Tables that are read from end to end again and again, a great many rows each time. */
export async function measureSequentialScans(client: Client): Promise<Section> {
  const { rows } = await client.query(
    `SELECT relid::regclass::text AS "table", seq_scan::float8 AS scans, round(seq_tup_read::numeric / seq_scan)::float8 AS "rows each",
       coalesce(idx_scan, 0)::float8 AS "by index", n_live_tup::float8 AS rows
     FROM pg_stat_user_tables WHERE seq_scan > 0 AND seq_tup_read::numeric / seq_scan >= $1
     ORDER BY seq_tup_read DESC LIMIT 15`,
    [MANY_ROWS],
  );
  return {
    title: 'Large sequential scans',
    rows,
    ...(rows.length === 0 ? { note: `None of ${MANY_ROWS} rows or more.` } : {}),
  };
}
