import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Migration } from '../migration-files.ts';

/** A migration cannot be applied or undone; `message` is one sentence fit for a terminal. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export type Applied = {
  id: string;
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
};

/** The lock Prisma's own engine takes, so that the two never run at once on a server. */
const PRISMA_LOCK = 72707369;
const LOCK_POLL_MS = 200;

export async function ensureBooks(client: Client): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id varchar(36) PRIMARY KEY NOT NULL,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`);
}

/**
 * Asks again and again instead of waiting inside PostgreSQL: a statement that waits holds a snapshot, which
 * CREATE INDEX CONCURRENTLY under the lock would wait for, until PostgreSQL ends one of the two as a deadlock.
 */
export async function withMigrationLock<T>(client: Client, work: () => Promise<T>): Promise<T> {
  while (!(await tryLock(client))) await sleep(LOCK_POLL_MS);
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_LOCK]);
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [PRISMA_LOCK]);
  return rows[0]?.taken === true;
}

/** Every row of the books, oldest first; none where there are no books yet. */
export async function appliedMigrations(client: Client): Promise<Applied[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('public._prisma_migrations') AS name`);
  if (tables[0].name === null) return [];
  const { rows } = await client.query<Applied>(
    `SELECT id, migration_name, checksum, finished_at, rolled_back_at FROM public._prisma_migrations
     ORDER BY started_at, migration_name`,
  );
  return rows;
}

export function pendingMigrations(migrations: Migration[], applied: Applied[]): Migration[] {
  const current = new Map(applied.filter((row) => !row.rolled_back_at).map((row) => [row.migration_name, row]));
  return migrations.filter((migration) => {
    const row = current.get(migration.name);
    if (row && !row.finished_at) {
      throw new MigrationError(
        `Migration ${migration.name} was cut short by another tool; look at what it left, then delete its row of public._prisma_migrations to apply it again.`,
      );
    }
    if (row && row.checksum !== migration.checksum) {
      throw new MigrationError(
        `Migration ${migration.name} was changed after it had been applied; undo the change, or start over: npm run reset (embedded) or prisma:migrate:reset.`,
      );
    }
    return !row;
  });
}

/** The applied migrations whose data.sql has not come to its end, oldest first. */
export async function unfinishedDataMigrations(
  client: Client,
  migrations: Migration[],
  applied: Applied[],
): Promise<Migration[]> {
  const isApplied = new Set(
    applied.filter((row) => row.finished_at && !row.rolled_back_at).map((r) => r.migration_name),
  );
  const withData = migrations.filter(({ name, data }) => data !== null && isApplied.has(name));
  if (withData.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM public.data_migrations WHERE finished_at IS NOT NULL',
  );
  const finished = new Set(rows.map(({ name }) => name));
  return withData.filter(({ name }) => !finished.has(name));
}

/** Takes a migration out of both books. */
export async function strikeMigration(client: Client, name: string): Promise<void> {
  await client.query('DELETE FROM public._prisma_migrations WHERE migration_name = $1', [name]);
  const { rows } = await client.query(`SELECT to_regclass('public.data_migrations') AS books`);
  if (rows[0].books !== null) await client.query('DELETE FROM public.data_migrations WHERE name = $1', [name]);
}
