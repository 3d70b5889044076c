import type { Client } from 'pg';
import type { Section } from './format-section.ts';

export async function measureSizes(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    SELECT c.oid::regclass::text AS "table", nullif(c.reltuples, -1)::float8 AS rows, pg_size_pretty(pg_total_relation_size(c.oid)) AS total,
      pg_size_pretty(pg_relation_size(c.oid)) AS rows_size, pg_size_pretty(pg_indexes_size(c.oid)) AS indexes,
      pg_size_pretty(coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)) AS toast
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY pg_total_relation_size(c.oid) DESC, 1 LIMIT 20`);
  const { rows: database } = await client.query<{ size: string }>(
    'SELECT pg_size_pretty(pg_database_size(current_database())) AS size',
  );
  return { title: 'Table sizes', rows, note: `The whole database: ${database[0]?.size}.` };
}

/** From what ANALYZE knows of the width of columns; wrong by a tenth or two, right about what is twice too large. */
export async function measureBloat(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    WITH widths AS (
      SELECT c.oid, c.reltuples, c.relpages, current_setting('block_size')::int AS block,
        coalesce((SELECT substring(option FROM '\\d+')::int FROM unnest(c.reloptions) AS option WHERE option LIKE 'fillfactor=%'), 100) AS fill,
        (SELECT sum((1 - s.null_frac) * s.avg_width) FROM pg_stats s
          WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited) AS data
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpages > 0 AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ), expected AS (
      -- A row: its header of 24 bytes, the data rounded up to 8, and its pointer of 4.
      SELECT *, ceil(reltuples * (28 + 8 * ceil(data / 8)) / ((block - 24) * fill / 100.0)) AS pages FROM widths WHERE data IS NOT NULL
    )
    SELECT e.oid::regclass::text AS "table", s.n_live_tup::float8 AS rows, s.n_dead_tup::float8 AS dead,
      to_char(100.0 * s.n_dead_tup / nullif(s.n_live_tup + s.n_dead_tup, 0), 'FM990.0') || ' %' AS "dead part",
      pg_size_pretty((greatest(0, e.relpages - e.pages) * e.block)::bigint) AS "wasted, about",
      to_char(100.0 * greatest(0, e.relpages - e.pages) / e.relpages, 'FM990.0') || ' %' AS "of it",
      to_char(greatest(s.last_vacuum, s.last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS vacuumed
    FROM expected e JOIN pg_stat_user_tables s ON s.relid = e.oid
    WHERE s.n_dead_tup > 0 OR e.relpages - e.pages > 8
    ORDER BY greatest(0, e.relpages - e.pages) DESC, s.n_dead_tup DESC, 1 LIMIT 20`);
  const { rows: unknown } = await client.query<{ count: number }>(`
    SELECT count(*)::int AS count FROM pg_stat_user_tables WHERE n_live_tup > 0 AND last_analyze IS NULL AND last_autoanalyze IS NULL`);
  const blind = unknown[0]?.count ?? 0;
  return {
    title: 'Bloat',
    rows,
    note: `${rows.length === 0 ? 'None that can be seen. ' : ''}${blind === 0 ? 'Every table was analyzed.' : `${blind} table(s) were never analyzed: run ANALYZE to see them.`}`,
  };
}

export async function measureCache(client: Client): Promise<Section> {
  const { rows } = await client.query(`
    WITH read AS (
      SELECT relid, heap_blks_hit + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_hit, 0) AS hit,
        heap_blks_read + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0) AS missed
      FROM pg_statio_user_tables
    )
    SELECT coalesce(relid::regclass::text, 'all tables') AS "table",
      to_char(100.0 * sum(hit) / sum(hit + missed), 'FM990.00') || ' %' AS "from cache",
      sum(hit)::float8 AS "blocks hit", sum(missed)::float8 AS "blocks read"
    FROM read WHERE hit + missed > 0
    GROUP BY GROUPING SETS ((), (relid)) HAVING sum(hit + missed) > 0
    ORDER BY grouping(relid) DESC, sum(missed) DESC, 1 LIMIT 12`);
  return {
    title: 'Cache hit rates',
    rows,
    ...(rows.length === 0 ? { note: 'Nothing has been read yet, or reads are not counted here.' } : {}),
  };
}
