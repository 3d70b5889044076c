import type { OpenTestDatabase } from '@pika/tests';
import pg from 'pg';

/** What one writer does in a transaction. */
export type Write = (db: pg.PoolClient) => Promise<unknown>;

/**
 * The first writer writes and stays open; the second begins. When the second has committed, or waits for the first,
 * the first commits. A writer that loses a deadlock begins again, as an application does.
 */
export async function interleave({ pool }: Pick<OpenTestDatabase, 'pool'>, first: Write, second: Write): Promise<void> {
  const [one, other] = [await pool.connect(), await pool.connect()];
  try {
    const pid = await pidOf(other);
    await one.query('BEGIN');
    await first(one);
    let isSettled = false;
    const theOther = transact(other, second).finally(() => {
      isSettled = true;
    });
    await untilBlocked({ pool }, pid, () => isSettled);
    await one.query('COMMIT');
    await theOther;
  } catch (error) {
    await one.query('ROLLBACK');
    throw error;
  } finally {
    one.release();
    other.release();
  }
}

/** Runs a transaction until no deadlock ends it. Says how often one did. */
export async function transact(db: pg.PoolClient, write: Write): Promise<number> {
  for (let deadlocks = 0; ; deadlocks++) {
    try {
      await db.query('BEGIN');
      await write(db);
      await db.query('COMMIT');
      return deadlocks;
    } catch (error) {
      await db.query('ROLLBACK');
      if (!isDeadlock(error)) throw error;
    }
  }
}

export const isDeadlock = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');

/** Waits, without sleeping, until some session waits for another one's lock, or `isSettled`. */
export async function untilBlocked(
  { pool }: Pick<OpenTestDatabase, 'pool'>,
  pid: number,
  isSettled: () => boolean,
): Promise<void> {
  while (!isSettled() && !(await isBlocked(pool, pid)));
}

export async function pidOf(db: pg.PoolClient): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

async function isBlocked(pool: pg.Pool, pid: number): Promise<boolean> {
  const { rows } = await pool.query<{ blocked: boolean }>('SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked', [
    pid,
  ]);
  return rows[0]?.blocked ?? false;
}
