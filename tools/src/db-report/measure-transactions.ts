import type { Client } from 'pg';
import type { Section } from './format-section.ts';

/** Transactions that are open for longer, and whom they keep waiting: they hold locks, and vacuum back. */
export async function measureTransactions(client: Client, olderThanSeconds: number): Promise<Section> {
  const { rows } = await client.query(
    `SELECT backend, open, state, application, "waits for", "keeps waiting", "last statement" FROM (
     SELECT a.xact_start AS since, a.pid::text AS backend, round(extract(epoch FROM clock_timestamp() - a.xact_start))::float8 || ' s' AS open,
       a.state, coalesce(nullif(a.application_name, ''), '?') AS application, coalesce(a.wait_event_type || ' ' || a.wait_event, '') AS "waits for",
       (SELECT string_agg(b.pid::text, ', ') FROM pg_stat_activity b WHERE a.pid = ANY (pg_blocking_pids(b.pid))) AS "keeps waiting",
       a.query AS "last statement"
     FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start < clock_timestamp() - make_interval(secs => $1)
     UNION ALL
     SELECT p.prepared, 'prepared ' || p.gid, round(extract(epoch FROM clock_timestamp() - p.prepared))::float8 || ' s', 'prepared', p.owner::text, '', NULL, ''
     FROM pg_prepared_xacts p WHERE p.database = current_database() AND p.prepared < clock_timestamp() - make_interval(secs => $1)
     ) AS long ORDER BY since`,
    [olderThanSeconds],
  );
  return {
    title: 'Long transactions',
    rows,
    ...(rows.length === 0 ? { note: `None that is open for more than ${olderThanSeconds} s.` } : {}),
  };
}
