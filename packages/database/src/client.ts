import { AsyncResource } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Metrics, OnStatement } from '@pika/shared';
import pg from 'pg';
import type { Db } from './db.ts';
import { rememberRefusal } from './error-facts.ts';
import { PrismaClient } from './generated/client.ts';
import { checkDatabase, type DatabaseHealth } from './health.ts';
import { listMigrations } from './migration-files.ts';
import { PublicPool } from './public-pool.ts';
import { openReplica, replicaRoutes, type Replica } from './replica.ts';
import { currentTransaction, poison, type TransactionState } from './transaction-state.ts';
import { readPosition } from './wal-position.ts';
import { watchedClient, type SlowQuery } from './watched-client.ts';
import { setWriter } from './writer.ts';

export interface DatabaseOptions {
  url: string;
  /** Where public search reads; without it at `url`, on a server as `pika_public` and read-only by start options. */
  publicUrl?: string | undefined;
  /** A streaming replica that `publicAfter` may read from, with a login as `publicUrl` has; straight, not by PgBouncer. */
  replicaUrl?: string | undefined;
  /** By how much a read from the replica may be behind where its caller names no position. */
  replicaLagMillis?: number;
  /** Told in one sentence, once per outage, that the replica is not used, and that it is again. */
  onReplica?: (sentence: string) => void;
  kind?: 'server' | 'embedded';
  /** Connections of each pool, at most; pg's own default would be 10. */
  poolSize?: number;
  /** How long a request may wait for a connection before it fails; pg's own default is for ever. */
  connectionTimeoutMillis?: number;
  /** How long a statement may run, unless its transaction says otherwise. */
  statementTimeoutMillis?: number;
  /** How long a transaction may stand idle. */
  idleTimeoutMillis?: number;
  /** Whether transactions take the role of their context; else they keep the login's. */
  rowSecurity?: boolean;
  /**
   * Whether hot statements are prepared by name; off behind PgBouncer before 1.21.
   */
  namedStatements?: boolean;
  /** From how many milliseconds on a statement is told to `onSlowQuery`. */
  slowQueryMillis?: number;
  onSlowQuery?: (query: SlowQuery) => void;
  /** Told when a statement begins and ends, for tracing. */
  onStatement?: OnStatement | undefined;
}

/** What public search reads through: a pool of its own that cannot write. Never inside a transaction's work. */
export interface PublicReads {
  /** For the one hot read (docs/decisions/0003-nearby-uses-the-pool.md). */
  pool: Pick<pg.Pool, 'query'>;
  db: Db;
  namedStatements: boolean;
}

export interface PoolMetrics {
  total: number;
  idle: number;
  /** Requests that wait for a connection. */
  waiting: number;
  max: number;
}

export interface ReplicaMetrics extends PoolMetrics {
  /** Reads that the replica answered, and those that it could have but the primary did. */
  served: number;
  bypassed: number;
}

/** Two pools on one database: everything that writes goes through `inTransaction` or `inOneRoundTrip`, public search through `public`. */
export interface Database {
  public: PublicReads;
  /**
   * Reads for a caller who may be shown the replica: behind the position that `inTransaction` handed out or, with null, at
   * most so much behind the present as the settings say. Where the replica is not so far, does not answer, or is not
   * there, and for what is no position, it is `public`. Nothing may be decided by it that is then written.
   */
  publicAfter(readAfter: string | null): PublicReads;
  /** For readiness. Throws where the database does not answer in time. */
  check(): Promise<DatabaseHealth>;
  metrics(): { write: PoolMetrics; public: PoolMetrics; replica?: ReplicaMetrics };
  close(): Promise<void>;
}

export function openDatabase({
  url,
  publicUrl,
  replicaUrl,
  replicaLagMillis = 5_000,
  onReplica = () => undefined,
  kind = 'server',
  poolSize = 10,
  connectionTimeoutMillis = 5_000,
  statementTimeoutMillis = 15_000,
  idleTimeoutMillis = 30_000,
  rowSecurity = true,
  namedStatements = true,
  slowQueryMillis = Number.POSITIVE_INFINITY,
  onSlowQuery = () => undefined,
  onStatement,
}: DatabaseOptions): Database {
  const common = {
    max: poolSize,
    connectionTimeoutMillis,
    maxLifetimeSeconds: 1_800,
    keepAlive: true,
    Client: watchedClient({ slowQueryMillis, onSlowQuery, onStatement }),
  };
  // So that `inOneRoundTrip` need not wait between its statements.
  const writePool = new pg.Pool({ ...common, connectionString: url, application_name: 'pika', pipeline: true });
  const publicPool = new PublicPool({
    ...common,
    connectionString: publicUrl ?? url,
    application_name: 'pika-public',
    ...(kind === 'server' && publicUrl === undefined
      ? { options: publicStartOptions(statementTimeoutMillis, rowSecurity) }
      : {}),
  });
  const replica =
    replicaUrl === undefined
      ? null
      : openReplica({
          pool: new pg.Pool({
            ...common,
            connectionString: replicaUrl,
            application_name: 'pika-replica',
            connectionTimeoutMillis: Math.min(connectionTimeoutMillis, replicaPatienceMillis),
            query_timeout: Math.min(statementTimeoutMillis, replicaPatienceMillis),
          }),
          primary: writePool,
          lagMillis: replicaLagMillis,
          onReplica,
        });
  // An idle connection that dies is replaced at the next request; without a listener it would end the process.
  for (const pool of [writePool, publicPool, replica?.pool]) pool?.on('error', () => undefined);
  if (onStatement !== undefined) for (const pool of [writePool, publicPool]) keepAsyncContext(pool);
  const migrations = listMigrations().map(({ name }) => name);
  const writer = openClient(writePool);
  const reader = openClient(publicPool);
  const reads: PublicReads = { pool: publicPool, db: reader, namedStatements };
  const database: Database = {
    public: reads,
    publicAfter(readAfter) {
      const after = readAfter === null ? null : readPosition(readAfter);
      const isReadable = readAfter === null || after !== null;
      return replica === null || !isReadable ? reads : readsAfter(reads, replica, after);
    },
    check: () => checkDatabase(writePool, publicPool, migrations),
    metrics: () => ({
      write: metricsOf(writePool),
      public: metricsOf(publicPool),
      ...(replica === null ? {} : { replica: { ...metricsOf(replica.pool), ...replica.reads } }),
    }),
    async close() {
      await Promise.all([writer.$disconnect(), reader.$disconnect()]);
      await Promise.all([writePool.end(), publicPool.end(), replica?.close()]);
    },
  };
  const settings = { statementTimeoutMillis, idleTimeoutMillis, connectionTimeoutMillis, rowSecurity };
  setWriter(database, { client: writer, pool: writePool, hasReplica: replica !== null, settings });
  return database;
}

/** How long a read waits for a replica before the primary is asked. */
const replicaPatienceMillis = 1_000;

function readsAfter({ pool, db, namedStatements }: PublicReads, replica: Replica, after: bigint | null): PublicReads {
  const route = { replica, after };
  const query = (...all: unknown[]) =>
    replicaRoutes.run(route, () => (pool.query as (...each: unknown[]) => unknown).apply(pool, all));
  return {
    pool: { query: query as pg.Pool['query'] },
    db: {
      $queryRaw: (statement) => replicaRoutes.run(route, async () => db.$queryRaw(statement)),
      $executeRaw: (statement) => db.$executeRaw(statement),
    },
    namedStatements,
  };
}

/** PgBouncer refuses start options (08P01): behind it DATABASE_PUBLIC_URL names a login that is all this by itself. */
function publicStartOptions(statementTimeoutMillis: number, rowSecurity: boolean): string {
  const settings = {
    ...(rowSecurity ? { role: 'pika_public' } : {}),
    default_transaction_read_only: 'on',
    statement_timeout: String(statementTimeoutMillis),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** A client whose rejected calls poison the transaction they stand in, those that never reached PostgreSQL included. */
function openClient(pool: pg.Pool): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const watched = client.$extends({
    query: {
      $allOperations({ args, query }) {
        const transaction = currentTransaction();
        return transaction === null ? query(args) : watchCall(transaction, query(args));
      },
    },
  });
  // An extension of queries alone changes no type.
  return watched as unknown as PrismaClient;
}

async function watchCall<Answer>(transaction: TransactionState, call: Promise<Answer>): Promise<Answer> {
  transaction.calls.add(call);
  try {
    return await call;
  } catch (error) {
    rememberRefusal(error, transaction.refusal);
    transaction.refusal = null;
    poison(transaction, error);
    throw error;
  } finally {
    transaction.calls.delete(call);
  }
}

/** For `/metrics`: connections of both pools by state. */
export function watchPools(database: Database, metrics: Pick<Metrics, 'watch'>): void {
  metrics.watch('database_pool_connections', 'Connections of a pool, and requests that wait for one.', 'state', () => {
    const { write, public: reading } = database.metrics();
    return {
      write_total: write.total,
      write_idle: write.idle,
      write_waiting: write.waiting,
      write_max: write.max,
      public_total: reading.total,
      public_idle: reading.idle,
      public_waiting: reading.waiting,
      public_max: reading.max,
    };
  });
}

/** Who waits for a connection is called by whoever gives one back: in its own context all the same. */
function keepAsyncContext(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool) as (...all: unknown[]) => unknown;
  pool.connect = ((callback?: (...all: unknown[]) => void) =>
    callback === undefined ? connect() : connect(AsyncResource.bind(callback))) as pg.Pool['connect'];
}

function metricsOf(pool: pg.Pool): PoolMetrics {
  return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: pool.options.max };
}
