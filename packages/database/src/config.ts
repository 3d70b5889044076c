import { ConfigError, type Logger, type OnStatement } from '@pika/shared';
import { z } from 'zod';
import { openDatabase, type Database } from './client.ts';
import type { StartedDatabase } from './start-database.ts';

/**
 * The settings of the database, the same in every app. `DATABASE_URL`, `PG_…` and `PIKA_DATA_DIR` are read in url.ts,
 * `MIGRATION_LOCK_TIMEOUT` in migrate/lock-timeout.ts.
 */
export const databaseSettings = z.object({
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL 15 or later with PostGIS; without it and PG_HOST the embedded engine is used'),
  PG_HOST: z.string().optional().describe('In place of DATABASE_URL; with its like, localhost unless set'),
  PG_PORT: z.int().min(1).max(65_535).optional().describe('5432 unless set'),
  PG_USER: z.string().optional().describe('pika unless set'),
  PG_PASSWORD: z.string().optional().describe('As it is, not percent-encoded'),
  PG_DATABASE: z.string().optional().describe('pika unless set'),
  PG_SSL: z
    .enum(['true', 'false', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'])
    .optional()
    .describe('sslmode of the connection; true is verify-full, false is disable'),
  DATABASE_PUBLIC_URL: z
    .string()
    .optional()
    .describe('Where public search reads, with a read-only login of its own; needed behind PgBouncer'),
  DATABASE_REPLICA_URL: z
    .string()
    .optional()
    .describe('A streaming replica that public search may read from, with a login as in DATABASE_PUBLIC_URL'),
  DATABASE_REPLICA_LAG: z
    .int()
    .min(100)
    .max(600_000)
    .default(5_000)
    .describe('Milliseconds a read from the replica may be behind for callers who have written nothing'),
  PIKA_DATA_DIR: z
    .string()
    .optional()
    .describe('Folder of the embedded engine, from the repository on; .pika unless set'),
  DATABASE_POOL_SIZE: z.int().min(1).max(200).default(10).describe('Connections of one process and pool, at most'),
  DATABASE_TIMEOUT: z.int().min(100).max(60_000).default(5_000).describe('Milliseconds to wait for a connection'),
  STATEMENT_TIMEOUT: z
    .int()
    .min(100)
    .max(600_000)
    .default(15_000)
    .describe('Milliseconds a statement and its transaction may take; half of it is waited for a lock'),
  IDLE_TIMEOUT: z
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('Milliseconds a transaction may stand idle before the server ends it'),
  MIGRATION_LOCK_TIMEOUT: z
    .int()
    .min(1)
    .max(600_000)
    .default(5_000)
    .describe('Milliseconds a migration waits for a lock'),
  SLOW_QUERY_MILLIS: z.int().min(0).default(500).describe('Statements that take as long are logged, without values'),
  ENABLE_ROW_SECURITY: z
    .boolean()
    .default(true)
    .describe('Transactions take the role of their context; false keeps the login’s and is refused in production'),
  DATABASE_NAMED_STATEMENTS: z
    .boolean()
    .default(true)
    .describe('Prepare hot statements by name; false behind PgBouncer before 1.21'),
});

type Settings = z.output<typeof databaseSettings> & { NODE_ENV?: string };

/** Production must not run without the policies of the tables. */
export function refuseOpenRows({ ENABLE_ROW_SECURITY, NODE_ENV }: Settings): void {
  if (!ENABLE_ROW_SECURITY && (NODE_ENV ?? process.env['NODE_ENV']) === 'production') {
    throw new ConfigError(
      'The configuration is not valid:\n  ENABLE_ROW_SECURITY: false is not accepted in production, where everybody’s rows would lie open.',
    );
  }
}

/** Opens the pools on a started database as the settings say; slow statements go to the log. */
export function openStartedDatabase(
  started: Pick<StartedDatabase, 'url' | 'kind'>,
  settings: Settings,
  log?: Pick<Logger, 'warn'>,
  onStatement?: OnStatement,
): Database {
  refuseOpenRows(settings);
  return openDatabase({
    url: started.url,
    kind: started.kind,
    publicUrl: started.kind === 'server' ? settings.DATABASE_PUBLIC_URL : undefined,
    replicaUrl: started.kind === 'server' ? settings.DATABASE_REPLICA_URL : undefined,
    replicaLagMillis: settings.DATABASE_REPLICA_LAG,
    onReplica: (sentence) => log?.warn(sentence),
    poolSize: settings.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: settings.DATABASE_TIMEOUT,
    statementTimeoutMillis: settings.STATEMENT_TIMEOUT,
    idleTimeoutMillis: settings.IDLE_TIMEOUT,
    rowSecurity: settings.ENABLE_ROW_SECURITY,
    namedStatements: settings.DATABASE_NAMED_STATEMENTS,
    slowQueryMillis: settings.SLOW_QUERY_MILLIS,
    onSlowQuery: (query) => log?.warn(query, 'slow query'),
    onStatement,
  });
}
