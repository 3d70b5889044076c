import { relative } from 'node:path';
import { EngineError } from './engine/engine-error.ts';
import { openEmbeddedEngine, type Progress } from './engine/open-engine.ts';
import { findTemplate } from './engine/template.ts';
import { ChangedMigrationError, deployMigrations } from './migrate.ts';
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

/** DATABASE_URL leads nowhere; `message` is one sentence fit for a terminal. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
}

/** Whether a failed start has a cause that its message tells a person how to mend. */
export function isStartError(error: unknown): boolean {
  return (
    error instanceof EngineError || error instanceof DatabaseUnreachableError || error instanceof ChangedMigrationError
  );
}

/**
 * The database of DATABASE_URL, or else the embedded one in the data folder, started if no process runs it.
 * With `migrate` it is brought up to date before it is handed out.
 */
export async function startDatabase(
  options: { exclusive?: boolean; migrate?: boolean; onProgress?: Progress } = {},
): Promise<StartedDatabase> {
  const { exclusive = false, migrate = true, onProgress } = options;
  const database = await open(exclusive, onProgress);
  try {
    if (migrate) await deployMigrations(database.url, onProgress);
    return database;
  } catch (error) {
    await database.stop();
    throw unreachable(error, database.url) ?? error;
  }
}

async function open(exclusive: boolean, onProgress: Progress = () => {}): Promise<StartedDatabase> {
  const url = databaseUrl();
  if (url) {
    const description = `PostgreSQL at ${hostOf(url)}`;
    return { url, kind: 'server', description, isNew: false, stop: async () => {} };
  }
  const engine = await openEmbeddedEngine({ dataDir: dataFolder(), exclusive, template: findTemplate(), onProgress });
  const folder = relative(process.cwd(), dataFolder());
  return {
    url: engine.url,
    kind: 'embedded',
    description: `the embedded PostgreSQL in ${folder.startsWith('..') ? dataFolder() : folder}`,
    isNew: engine.isNew,
    stop: engine.stop,
  };
}

/** What a server that is not there, or will not let us in, says; SQLSTATE classes 28 (login) and 3D (no such database). */
function unreachable(error: unknown, url: string): DatabaseUnreachableError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isNetwork = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'].includes(
    code,
  );
  const isCut = error instanceof Error && error.message.startsWith('Connection terminated');
  if (!isNetwork && !isCut && !/^(28|3D)/.test(code)) return null;
  const reason = isNetwork ? code : (error as Error).message;
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
