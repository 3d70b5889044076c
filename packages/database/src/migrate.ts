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

/** A migration cannot be applied or undone; `message` is one sentence fit for a terminal. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
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
 * `prisma migrate status` agrees. Answers the names it applied. Each is one transaction with its books: one that is
 * cut short has left nothing behind, one that fails is marked rolled back; both are tried again the next time.
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
        if (!migration?.down) throw new MigrationError(`Migration ${row.migration_name} has no down.sql.`);
        onProgress(`Undoing migration ${row.migration_name}`);
        await undo(client, migration.down, row.migration_name);
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

async function apply(client: Client, { name, up, checksum }: Migration): Promise<void> {
  const books = [randomUUID(), checksum, name];
  try {
    await inTransaction(client, async () => {
      await client.query(
        `INSERT INTO public._prisma_migrations (id, checksum, migration_name, applied_steps_count)
         VALUES ($1, $2, $3, 1)`,
        books,
      );
      await client.query(up);
      await client.query('UPDATE public._prisma_migrations SET finished_at = clock_timestamp() WHERE id = $1', [
        books[0],
      ]);
    });
  } catch (error) {
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, logs, rolled_back_at)
       VALUES ($1, $2, $3, $4, now())`,
      [...books, String(error)],
    );
    throw new MigrationError(`Migration ${name} failed: ${describe(error, up)}`, { cause: error });
  }
}

async function undo(client: Client, down: string, name: string): Promise<void> {
  try {
    await inTransaction(client, async () => {
      await client.query(down);
      await client.query('DELETE FROM public._prisma_migrations WHERE migration_name = $1', [name]);
    });
  } catch (error) {
    throw new MigrationError(`Undoing migration ${name} failed: ${describe(error, down)}`, { cause: error });
  }
}

const ATTEMPTS = 5;

/** A script that drops tables and requests that read them may wait for each other: then it begins anew. */
async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('BEGIN');
    try {
      await work();
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      const isDeadlock = error instanceof DatabaseError && error.code === '40P01';
      if (!isDeadlock || attempt === ATTEMPTS) throw error;
    }
  }
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof DatabaseError)) return String(error);
  const line = error.position ? sql.slice(0, Number(error.position)).split('\n').length : null;
  return `${error.message}${line ? ` (line ${line})` : ''}`;
}
