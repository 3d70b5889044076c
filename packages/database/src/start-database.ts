import { openEmbeddedEngine, type Progress } from './engine/open-engine.ts';
import { findTemplate } from './engine/template.ts';
import { deployMigrations } from './migrate.ts';
import { dataFolder, databaseUrl } from './url.ts';

export type StartedDatabase = {
  url: string;
  kind: 'server' | 'embedded';
  /** The embedded database was made just now. */
  isNew: boolean;
  stop(): Promise<void>;
};

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
    throw error;
  }
}

async function open(exclusive: boolean, onProgress: Progress = () => {}): Promise<StartedDatabase> {
  const url = databaseUrl();
  if (url) return { url, kind: 'server', isNew: false, stop: async () => {} };
  const engine = await openEmbeddedEngine({ dataDir: dataFolder(), exclusive, template: findTemplate(), onProgress });
  return { url: engine.url, kind: 'embedded', isNew: engine.isNew, stop: engine.stop };
}
