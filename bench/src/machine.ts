import { cpus, totalmem } from 'node:os';
import type pg from 'pg';

/** What the figures depend on, as lines of a list. */
export async function machineFacts(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ server: string; postgis: string; buffers: string; workers: string }>(
    `SELECT version() AS server, public.postgis_lib_version() AS postgis, current_setting('shared_buffers') AS buffers,
      current_setting('max_parallel_workers_per_gather') AS workers`,
  );
  const facts = rows[0];
  const processors = cpus();
  return [
    `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB; the load generator runs on the same cores`,
    `${facts?.server.split(' on ')[0] ?? ''}, PostGIS ${facts?.postgis}, shared_buffers ${facts?.buffers}`,
    `Node ${process.version}`,
  ];
}

/** Share of the pages of a database that were found in PostgreSQL's own cache between two calls. */
export async function cacheCounter(pool: pg.Pool): Promise<() => Promise<number>> {
  const read = async (): Promise<{ hit: number; read: number }> => {
    const { rows } = await pool.query<{ hit: string; read: string }>(
      `SELECT blks_hit AS hit, blks_read AS read FROM pg_stat_database WHERE datname = current_database()`,
    );
    return { hit: Number(rows[0]?.hit), read: Number(rows[0]?.read) };
  };
  const before = await read();
  return async () => {
    const after = await read();
    const hit = after.hit - before.hit;
    return hit / (hit + after.read - before.read);
  };
}
