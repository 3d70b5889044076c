import { relative } from 'node:path';
import type { Client } from 'pg';
import { withConnection } from './connection.ts';
import { EngineError } from './engine/engine-error.ts';
import { openEmbeddedEngine, type OpenOptions } from './engine/open-engine.ts';
import { findTemplate } from './engine/template.ts';
import { MigrationError, deployMigrations, listPendingMigrations } from './migrate.ts';
import { DemoAccountsError } from './seed/demo-accounts-error.ts';
import { dataFolder, databaseUrl } from './url.ts';

export type StartedDatabase = {
  url: string;
  kind: 'server' | 'embedded';
  /** Which database it is, in words and without its password. */
  description: string;
  /** The embedded database was made just now. */
  isNew: boolean;
  stop: () => Promise<void>;
};

type StartOptions = Pick<OpenOptions, 'exclusive' | 'existing' | 'onProgress' | 'onLost'> & {
  migrate?: boolean | 'required';
};

/** DATABASE_URL leads nowhere; `message` is one sentence fit for a terminal. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
}

/** Whether a failed start has a cause that its message tells a person how to mend. */
export function isStartError(error: unknown): boolean {
  return (
    error instanceof EngineError ||
    error instanceof DatabaseUnreachableError ||
    error instanceof MigrationError ||
    error instanceof DemoAccountsError
  );
}

/**
 * The database of DATABASE_URL, or else the embedded one in the data folder, started if no process runs it.
 * With `migrate` it is brought up to date before it is handed out; where that is `required`, it must be there and up to
 * date already.
 */
export async function startDatabase({ migrate = true, ...options }: StartOptions = {}): Promise<StartedDatabase> {
  const database = await open(migrate === 'required' ? { ...options, existing: true } : options);
  try {
    if (migrate === 'required') await requireMigrations(database);
    else if (migrate) await deployMigrations(database.url, options.onProgress);
    else if (options.existing) await withConnection(database.url, reach, { connectionTimeoutMillis: 10_000 });
    return database;
  } catch (error) {
    await database.stop();
    throw lost(error, database) ?? error;
  }
}

const reach = (client: Client) => client.query('SELECT');

async function requireMigrations({ url, description }: StartedDatabase): Promise<void> {
  const pending = await listPendingMigrations(url);
  if (pending.length === 0) return;
  throw new MigrationError(
    `The database waits for ${pending.length} migration(s) (${description}); npm start applies them, or npx nx run @pika/database:prisma:migrate:deploy.`,
  );
}

async function open(options: Omit<StartOptions, 'migrate'>): Promise<StartedDatabase> {
  const url = databaseUrl();
  if (url) {
    if (!/^postgres(ql)?:\/\/[^/]+\/[^?]/.test(url)) {
      throw new DatabaseUnreachableError(
        'DATABASE_URL names no server and database; it looks like postgres://user:password@host:5432/pika.',
      );
    }
    const description = `PostgreSQL at ${hostOf(url)}`;
    return { url, kind: 'server', description, isNew: false, stop: async () => {} };
  }
  const engine = await openEmbeddedEngine({ ...options, dataDir: dataFolder(), template: findTemplate() });
  const folder = relative(process.cwd(), dataFolder());
  return {
    url: engine.url,
    kind: 'embedded',
    description: `the embedded PostgreSQL in ${folder.startsWith('..') ? dataFolder() : folder}`,
    isNew: engine.isNew,
    stop: engine.stop,
  };
}

/**
 * The failure of a statement as one sentence, where its cause is that the database is gone or never was there:
 * the network, or SQLSTATE classes 28 (login) and 3D (no such database). Null for any other.
 */
export function lost(error: unknown, { kind, url }: Pick<StartedDatabase, 'kind' | 'url'>): Error | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isNetwork = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'].includes(
    code,
  );
  const isCut = error instanceof Error && /^Connection terminated|not queryable$/.test(error.message);
  if (!isNetwork && !isCut && !/^(28|3D)/.test(code)) return null;
  const reason = isNetwork ? code : (error as Error).message;
  if (kind === 'embedded') {
    return new EngineError('failed', `The embedded PostgreSQL ended in between (${reason}); run the same again.`, {
      cause: error,
    });
  }
  return new DatabaseUnreachableError(
    `The database of DATABASE_URL cannot be used at ${hostOf(url)} (${reason}); mend it, or unset DATABASE_URL for the embedded one.`,
    { cause: error },
  );
}

function hostOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || '5432'}${pathname}`;
  } catch {
    return 'an address that is not a URL';
  }
}
