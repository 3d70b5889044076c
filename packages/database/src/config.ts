import { z } from 'zod';
import { openDatabase, type Database } from './client.ts';
import type { StartedDatabase } from './start-database.ts';

/** The settings of the database, the same in every app. `DATABASE_URL` and `PIKA_DATA_DIR` are read in url.ts. */
export const databaseSettings = z.object({
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL 15 or later with PostGIS; without it the embedded engine is used'),
  PIKA_DATA_DIR: z
    .string()
    .optional()
    .describe('Folder of the embedded engine, from the repository on; .pika unless set'),
  DATABASE_POOL_SIZE: z.int().min(1).max(200).default(10).describe('Connections of one process, at most'),
  DATABASE_TIMEOUT: z.int().min(100).max(60_000).default(5_000).describe('Milliseconds to wait for a connection'),
  DATABASE_NAMED_STATEMENTS: z
    .boolean()
    .default(true)
    .describe('Prepare hot statements by name; false behind PgBouncer before 1.21'),
});

/** Opens the pool on a started database as the settings say. */
export function openStartedDatabase(started: StartedDatabase, settings: z.output<typeof databaseSettings>): Database {
  return openDatabase({
    url: started.url,
    poolSize: settings.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: settings.DATABASE_TIMEOUT,
    namedStatements: settings.DATABASE_NAMED_STATEMENTS,
  });
}
