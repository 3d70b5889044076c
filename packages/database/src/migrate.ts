import { randomUUID } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { listMigrations, type Migration } from './migration-files.ts';
import { migrationsFolder } from './paths.ts';

export type MigrateProgress = (text: string) => void;

type Applied = {
  id: string;
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
};

/** What was applied is not what the file says now; `message` is one sentence fit for a terminal. */
export class ChangedMigrationError extends Error {
  override readonly name = 'ChangedMigrationError';
}

/** The lock Prisma's own engine takes, so that the two never run at once on a server. */
const PRISMA_LOCK = 72707369;

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

/**
 * Applies what is not applied yet, in order, and keeps the same books as `prisma migrate deploy`, so that
 * `prisma migrate status` agrees. Answers the names it applied. A script that fails has left nothing behind
 * (several statements are one transaction): it is marked rolled back and tried again the next time.
 */
export async function deployMigrations(
  url: string,
  onProgress: MigrateProgress = () => {},
  folder = migrationsFolder,
): Promise<string[]> {
  const migrations = listMigrations(folder);
  return withClient(url, async (client) => {
    if (pendingMigrations(migrations, await appliedMigrations(client)).length === 0) return [];
    return withMigrationLock(client, async () => {
      await client.query(BOOKKEEPING);
      const pending = pendingMigrations(migrations, await appliedMigrations(client));
      for (const migration of pending) {
        onProgress(`Applying migration ${migration.name}`);
        await apply(client, migration);
      }
      return pending.map((migration) => migration.name);
    });
  });
}

/**
 * Undoes the newest migrations by their down.sql, newest first, each in one transaction with its books.
 * `keep` decides, from the newest on, where to stop. Answers the names it undid.
 */
export async function rollbackMigrations(
  url: string,
  keep: (name: string, undone: number) => boolean,
  onProgress: MigrateProgress = () => {},
  folder = migrationsFolder,
): Promise<string[]> {
  const migrations = new Map(listMigrations(folder).map((migration) => [migration.name, migration]));
  return withClient(url, (client) =>
    withMigrationLock(client, async () => {
      const applied = (await appliedMigrations(client)).filter((row) => row.finished_at && !row.rolled_back_at);
      const undone: string[] = [];
      for (const row of applied.toReversed()) {
        if (keep(row.migration_name, undone.length)) break;
        const migration = migrations.get(row.migration_name);
        if (!migration?.down) throw new Error(`Migration ${row.migration_name} has no down.sql.`);
        onProgress(`Undoing migration ${row.migration_name}`);
        await undo(client, migration.down, row.migration_name);
        undone.push(row.migration_name);
      }
      return undone;
    }),
  );
}

/**
 * Removes every schema of ours with all that is in it, and the books. The extensions stay: a running session of the
 * embedded engine remembers where PostGIS's operators are.
 */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ nspname: string }>(
      `SELECT nspname FROM pg_namespace
       WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')`,
    );
    for (const { nspname } of rows) await client.query(`DROP SCHEMA ${client.escapeIdentifier(nspname)} CASCADE`);
    await client.query('DROP TABLE IF EXISTS public._prisma_migrations');
  });
}

/** The names still to apply; empty when the database is up to date. */
export async function listPendingMigrations(url: string, folder = migrationsFolder): Promise<string[]> {
  const migrations = listMigrations(folder);
  const applied = await withClient(url, appliedMigrations);
  return pendingMigrations(migrations, applied).map((migration) => migration.name);
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function withMigrationLock<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_LOCK]);
  }
}

async function appliedMigrations(client: Client): Promise<Applied[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('public._prisma_migrations') AS name`);
  if (tables[0].name === null) return [];
  const { rows } = await client.query<Applied>(
    `SELECT id, migration_name, checksum, finished_at, rolled_back_at FROM public._prisma_migrations
     ORDER BY started_at, migration_name`,
  );
  return rows;
}

function pendingMigrations(migrations: Migration[], applied: Applied[]): Migration[] {
  const current = new Map(applied.filter((row) => !row.rolled_back_at).map((row) => [row.migration_name, row]));
  return migrations.filter((migration) => {
    const row = current.get(migration.name);
    if (row && !row.finished_at) {
      throw new Error(
        `Migration ${migration.name} was cut short; look at the database, then run \`prisma migrate resolve\`.`,
      );
    }
    if (row && row.checksum !== migration.checksum) {
      throw new ChangedMigrationError(
        `Migration ${migration.name} was changed after it had been applied; undo the change, or start over: npm run reset (embedded) or prisma:migrate:reset.`,
      );
    }
    return !row;
  });
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const id = randomUUID();
  await client.query(`INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)`, [
    id,
    migration.checksum,
    migration.name,
  ]);
  try {
    await client.query(migration.up);
  } catch (error) {
    await client.query(`UPDATE public._prisma_migrations SET logs = $2, rolled_back_at = now() WHERE id = $1`, [
      id,
      String(error),
    ]);
    throw new Error(`Migration ${migration.name} failed: ${describe(error, migration.up)}`, { cause: error });
  }
  await client.query(
    `UPDATE public._prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1`,
    [id],
  );
}

async function undo(client: Client, down: string, name: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(down);
    await client.query('DELETE FROM public._prisma_migrations WHERE migration_name = $1', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Undoing migration ${name} failed: ${describe(error, down)}`, { cause: error });
  }
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof DatabaseError)) return String(error);
  const line = error.position ? sql.slice(0, Number(error.position)).split('\n').length : null;
  return `${error.message}${line ? ` (line ${line})` : ''}`;
}
