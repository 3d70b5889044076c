import { resolve } from 'node:path';
import { repositoryFolder } from './paths.ts';

/** The PostgreSQL server to use, or null for the embedded engine. */
export function databaseUrl(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment['DATABASE_URL']?.trim() || null;
}

/** Where the embedded engine keeps its files: the same for every process, though nx runs each in a folder of its own. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(repositoryFolder, environment['PIKA_DATA_DIR']?.trim() || '.pika');
}
