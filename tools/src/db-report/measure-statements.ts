import type { Client } from 'pg';
import type { Section } from './format-section.ts';

const TITLE = 'Slowest statements';

/** The statements that took most time in all, if pg_stat_statements counts them; else how to make it do so. */
export async function measureStatements(client: Client): Promise<Section> {
  const { rows } = await client.query<{
    schema: string | null;
    available: boolean;
    loaded: boolean;
    embedded: boolean;
  }>(`
    SELECT (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_stat_statements') AS schema,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements') AS available,
      current_setting('pg_stat_statements.max', true) IS NOT NULL AS loaded,
      version() ~ 'emscripten|wasm' AS embedded`);
  const [state] = rows;
  if (state?.embedded)
    return { title: TITLE, rows: [], note: 'Not on the embedded engine: it has no pg_stat_statements.' };
  if (!state?.available) {
    return {
      title: TITLE,
      rows: [],
      note: 'pg_stat_statements is not installed on the server (Debian: postgresql-contrib).',
    };
  }
  if (!state.loaded) {
    return {
      title: TITLE,
      rows: [],
      note: `pg_stat_statements is not loaded. Set shared_preload_libraries = 'pg_stat_statements', restart the server, and run CREATE EXTENSION pg_stat_statements.`,
    };
  }
  if (state.schema === null) {
    return {
      title: TITLE,
      rows: [],
      note: 'Run CREATE EXTENSION pg_stat_statements in this database; the module is loaded.',
    };
  }
  const statements = await client.query(`
    SELECT to_char(total_exec_time, 'FM999,999,999,990.0') || ' ms' AS total,
      to_char(100 * total_exec_time / nullif(sum(total_exec_time) OVER (), 0), 'FM990.0') || ' %' AS share,
      calls::float8 AS calls, to_char(mean_exec_time, 'FM999,999,990.00') || ' ms' AS mean,
      to_char(max_exec_time, 'FM999,999,990.0') || ' ms' AS longest, rows::float8 AS rows,
      to_char(100.0 * shared_blks_hit / nullif(shared_blks_hit + shared_blks_read, 0), 'FM990.0') || ' %' AS "from cache",
      query AS statement
    FROM ${state.schema}.pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY total_exec_time DESC LIMIT 15`);
  return { title: TITLE, rows: statements.rows };
}
