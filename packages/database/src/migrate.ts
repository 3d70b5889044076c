import type { Client } from 'pg';
import { withConnection } from './connection.ts';
import { runDataMigration, runnerName, type DataMigrationOptions } from './data-migration.ts';
import { apply, undo } from './migrate/apply.ts';
import {
  MigrationError,
  appliedMigrations,
  ensureBooks,
  pendingMigrations,
  unfinishedDataMigrations,
  withMigrationLock,
} from './migrate/books.ts';
import { migrationLockTimeout } from './migrate/lock-timeout.ts';
import { inTransaction } from './migrate/retry.ts';
import { listMigrations, type Migration } from './migration-files.ts';
import { migrationsFolder } from './paths.ts';

export { MigrationError } from './migrate/books.ts';

export type MigrateProgress = (text: string) => void;

export type MigrateOptions = Pick<DataMigrationOptions, 'batchSize' | 'pauseMs'> & {
  folder?: string;
  /** The last migration to apply; all unless said. */
  to?: string;
};

/**
 * Applies what is not applied yet, in order, and keeps the same books as `prisma migrate deploy`, so that
 * `prisma migrate status` agrees. Answers the names it applied. Each is one transaction with its books: one that is
 * cut short has left nothing behind, one that fails is marked rolled back; both are tried again the next time. The
 * data.sql of a migration is run to its end before the next migration.
 */
export async function deployMigrations(
  url: string,
  onProgress: MigrateProgress = () => {},
  { folder = migrationsFolder, to, ...batches }: MigrateOptions = {},
): Promise<string[]> {
  const all = listMigrations(folder);
  const end = to === undefined ? all.length : all.findIndex((migration) => migration.name === to) + 1;
  if (end === 0 && to !== undefined) throw new MigrationError(`No migration is called ${to}.`);
  const migrations = all.slice(0, end);
  const lockTimeoutMs = migrationLockTimeout();
  return withClient(url, async (client) => {
    if ((await listWork(client, migrations)).length === 0) return [];
    return withMigrationLock(client, async () => {
      await ensureBooks(client);
      const work = await listWork(client, migrations);
      for (const { migration, isPending } of work) {
        if (isPending) {
          onProgress(`Applying migration ${migration.name}`);
          await apply(client, migration, lockTimeoutMs);
        }
        if (migration.data !== null) await runDataMigration(client, migration, { ...batches, onProgress });
      }
      return work.filter(({ isPending }) => isPending).map(({ migration }) => migration.name);
    });
  });
}

/** What is to apply, and what was applied but has a data.sql that is not through, in the order of the history. */
async function listWork(client: Client, migrations: Migration[]) {
  const applied = await appliedMigrations(client);
  const pending = new Set(pendingMigrations(migrations, applied));
  const unfinished = new Set(await unfinishedDataMigrations(client, migrations, applied));
  return migrations
    .filter((migration) => pending.has(migration) || unfinished.has(migration))
    .map((migration) => ({ migration, isPending: pending.has(migration) }));
}

/**
 * Runs the data.sql of the applied migrations that is not through yet, or of the one that is named, without applying
 * any migration. Answers the names it brought to their end.
 */
export async function runDataMigrations(
  url: string,
  { folder = migrationsFolder, name, ...options }: DataMigrationOptions & { folder?: string; name?: string } = {},
): Promise<string[]> {
  const migrations = listMigrations(folder);
  return withClient(url, async (client) => {
    const unfinished = await unfinishedDataMigrations(client, migrations, await appliedMigrations(client));
    const wanted = unfinished.filter((migration) => name === undefined || migration.name === name);
    for (const migration of wanted) await runDataMigration(client, migration, options);
    return wanted.map((migration) => migration.name);
  });
}

/** The applied migrations whose data.sql is not through. */
export async function listUnfinishedDataMigrations(url: string, folder = migrationsFolder): Promise<string[]> {
  const unfinished = await withClient(url, async (client) =>
    unfinishedDataMigrations(client, listMigrations(folder), await appliedMigrations(client)),
  );
  return unfinished.map((migration) => migration.name);
}

/**
 * Undoes the newest migrations by their down.sql, newest first, each in one transaction with its books.
 * `keep` decides, from the newest on, where to stop. Answers the names it undid.
 */
export async function rollbackMigrations(
  url: string,
  keep: (name: string, undone: number) => boolean,
  onProgress: MigrateProgress = () => {},
  { folder = migrationsFolder }: Pick<MigrateOptions, 'folder'> = {},
): Promise<string[]> {
  const migrations = new Map(listMigrations(folder).map((migration) => [migration.name, migration]));
  const lockTimeoutMs = migrationLockTimeout();
  return withClient(url, (client) =>
    withMigrationLock(client, async () => {
      const applied = (await appliedMigrations(client)).filter((row) => row.finished_at && !row.rolled_back_at);
      const undone: string[] = [];
      for (const row of applied.toReversed()) {
        if (keep(row.migration_name, undone.length)) break;
        const migration = migrations.get(row.migration_name);
        if (!migration?.down) throw new MigrationError(`Migration ${row.migration_name} has no down.sql.`);
        onProgress(`Undoing migration ${row.migration_name}`);
        await undo(client, migration.down, row.migration_name, lockTimeoutMs);
        undone.push(row.migration_name);
      }
      return undone;
    }),
  );
}

/**
 * Removes every schema of ours with all that is in it, what is ours in `public`, and the books. The extensions stay: a
 * running session of the embedded engine remembers where PostGIS's operators are.
 */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ statement: string }>(OURS);
    await inTransaction(client, async () => {
      for (const { statement } of rows) await client.query(statement);
    });
  });
}

/** How to drop all that no extension brought: other schemas, then the tables, views and routines in `public`. */
const OURS = `
  SELECT format('DROP SCHEMA %I CASCADE', nspname) AS statement FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
  UNION ALL
  SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
  UNION ALL
  SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')`;

/** The names still to apply; empty when the database is up to date. */
export async function listPendingMigrations(url: string, folder = migrationsFolder): Promise<string[]> {
  const migrations = listMigrations(folder);
  const applied = await withClient(url, appliedMigrations);
  return pendingMigrations(migrations, applied).map((migration) => migration.name);
}

function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  return withConnection(url, work, { connectionTimeoutMillis: 10_000, application_name: runnerName });
}
