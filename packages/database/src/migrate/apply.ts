import { randomUUID } from 'node:crypto';
import { DatabaseError, type Client } from 'pg';
import type { Migration } from '../migration-files.ts';
import { MigrationError, strikeMigration } from './books.ts';
import {
  dropLeftover,
  isBuilt,
  readConcurrentIndex,
  runConcurrently,
  type ConcurrentIndex,
} from './concurrent-index.ts';
import { withLockTimeout } from './lock-timeout.ts';
import { inTransaction, retryOnLocks } from './retry.ts';

/** One transaction with its books; a concurrent index, which cannot be in one, by `build`. */
export async function apply(client: Client, migration: Migration, lockTimeoutMs: number | null): Promise<void> {
  const { name, checksum } = migration;
  const concurrent = readConcurrentIndex(name, migration.up);
  if (concurrent) return build(client, migration, concurrent);
  const up = withLockTimeout(migration.up, lockTimeoutMs);
  const books = [randomUUID(), checksum, name];
  try {
    await retryOnLocks(() =>
      inTransaction(client, async () => {
        await client.query(
          `INSERT INTO public._prisma_migrations (id, checksum, migration_name, applied_steps_count)
           VALUES ($1, $2, $3, 1)`,
          books,
        );
        await client.query(up);
        await client.query('RESET ROLE');
        await client.query('UPDATE public._prisma_migrations SET finished_at = clock_timestamp() WHERE id = $1', [
          books[0],
        ]);
      }),
    );
  } catch (error) {
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, logs, rolled_back_at)
       VALUES ($1, $2, $3, $4, now())`,
      [...books, String(error)],
    );
    throw failure(`Migration ${name} failed`, error, up);
  }
}

const BUILDING = 'An index is being built concurrently';

/**
 * The books say from the start that it was begun, as a row that counts as rolled back: whenever it is cut short, it is
 * applied the next time. What it then finds under the index's name is kept if PostgreSQL completed it after all
 * (a server goes on when its client dies), and else dropped and built again.
 */
async function build(client: Client, { name, checksum, up }: Migration, concurrent: ConcurrentIndex): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM public._prisma_migrations WHERE migration_name = $1 AND checksum = $2 AND logs = $3`,
    [name, checksum, BUILDING],
  );
  const begun = rows[0]?.id;
  const id = begun ?? randomUUID();
  if (!begun || concurrent.kind === 'drop' || !(await isBuilt(client, concurrent))) {
    if (!begun) {
      if (concurrent.kind === 'build') await dropLeftover(client, concurrent);
      await client.query(
        `INSERT INTO public._prisma_migrations (id, checksum, migration_name, logs, rolled_back_at)
         VALUES ($1, $2, $3, $4, now())`,
        [id, checksum, name, BUILDING],
      );
    }
    try {
      await retryOnLocks(() => runConcurrently(client, concurrent, up));
    } catch (error) {
      if (concurrent.kind === 'build') await dropLeftover(client, concurrent);
      await client.query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, String(error)]);
      throw failure(`Migration ${name} failed`, error, up);
    }
  }
  await client.query(
    `UPDATE public._prisma_migrations
     SET finished_at = clock_timestamp(), rolled_back_at = NULL, logs = NULL, applied_steps_count = 1 WHERE id = $1`,
    [id],
  );
}

/** Runs a down.sql and takes the migration out of the books, in one transaction unless it drops an index concurrently. */
export async function undo(client: Client, down: string, name: string, lockTimeoutMs: number | null): Promise<void> {
  const concurrent = readConcurrentIndex(name, down);
  const script = withLockTimeout(down, lockTimeoutMs);
  try {
    if (concurrent) {
      await retryOnLocks(() => runConcurrently(client, concurrent, down));
      await strikeMigration(client, name);
      return;
    }
    await retryOnLocks(() =>
      inTransaction(client, async () => {
        await client.query(script);
        await client.query('RESET ROLE');
        await strikeMigration(client, name);
      }),
    );
  } catch (error) {
    throw failure(`Undoing migration ${name} failed`, error, script);
  }
}

function failure(what: string, error: unknown, sql: string): MigrationError {
  return new MigrationError(`${what}: ${describe(error, sql)}`, { cause: error });
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof DatabaseError)) return String(error);
  const line = error.position ? sql.slice(0, Number(error.position)).split('\n').length : null;
  return `${error.message}${line ? ` (line ${line})` : ''}`;
}
