import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { DatabaseError } from 'pg';

const ATTEMPTS = 5;
const PAUSE_MS = 500;

/**
 * Begins anew after a deadlock or a lock that was not given in time, at most five times: between two attempts the
 * requests that had queued behind the wanted lock go on.
 */
export async function retryOnLocks<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isLocked = error instanceof DatabaseError && (error.code === '40P01' || error.code === '55P03');
      if (!isLocked || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS * attempt);
    }
  }
}

export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
