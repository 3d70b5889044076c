import { join, resolve } from 'node:path';
import { repositoryFolder } from './paths.ts';

/** The PostgreSQL server to use, or null for the embedded engine. */
export function databaseUrl(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment['DATABASE_URL']?.trim() || null;
}

/** Where the embedded engine keeps its files. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['PIKA_DATA_DIR']?.trim();
  return given ? resolve(environment['INIT_CWD'] ?? process.cwd(), given) : join(repositoryFolder, '.pika');
}
