import type { Client } from 'pg';

/** Of the session, not of a transaction: held over all batches and pauses, and it holds back no vacuum meanwhile. */
const KEY = `hashtextextended('pika data migration ' || $1, 0)`;

export async function tryDataLock(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${KEY}) AS taken`, [name]);
  return rows[0]?.taken === true;
}

export async function unlockData(client: Client, name: string): Promise<void> {
  await client.query(`SELECT pg_advisory_unlock(${KEY})`, [name]);
}

/** Who holds the lock, as its connection says of itself. */
export async function describeHolder(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT format('%s (backend %s) since %s', coalesce(nullif(a.application_name, ''), 'somebody'), a.pid,
       to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')) AS holder
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) | l.objid::bigint = ${KEY}`,
    [name],
  );
  return rows[0]?.holder ?? 'a process that ended this moment';
}
