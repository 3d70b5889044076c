import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsHash } from '../migration-files.ts';
import { deployMigrations } from '../migrate.ts';
import { cacheFolder } from '../paths.ts';
import { openMemoryEngine, type Progress } from './open-engine.ts';

const KEPT = 2;

const templateFile = () => join(cacheFolder, `template-${migrationsHash()}.tar`);

/** A copy of a freshly migrated database, if one was made on this machine: an engine starts from it in seconds. */
export function findTemplate(): string | null {
  const file = templateFile();
  return existsSync(file) ? file : null;
}

/** As `findTemplate`, and makes it when it is missing (10–20 s). Two processes may make it at once. */
export async function ensureTemplate(onProgress?: Progress): Promise<string> {
  const file = templateFile();
  if (existsSync(file)) return file;
  onProgress?.('Making a database template from the migrations (once per change of the migrations)');
  mkdirSync(cacheFolder, { recursive: true });
  const engine = await openMemoryEngine();
  try {
    await deployMigrations(engine.url, onProgress);
    await engine.dump(file);
  } finally {
    await engine.stop();
  }
  removeOldTemplates();
  return file;
}

function removeOldTemplates(): void {
  const files = readdirSync(cacheFolder)
    .filter((name) => name.startsWith('template-'))
    .map((name) => ({ path: join(cacheFolder, name), time: statSync(join(cacheFolder, name)).mtimeMs }))
    .toSorted((a, b) => b.time - a.time);
  for (const { path } of files.slice(KEPT)) rmSync(path, { force: true });
}
