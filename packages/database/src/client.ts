import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export interface DatabaseOptions {
  url: string;
  /** Connections at most; pg's own default would be 10. */
  poolSize?: number;
  /** How long a request may wait for a connection before it fails; pg's own default is for ever. */
  connectionTimeoutMillis?: number;
  /**
   * Whether hot statements are prepared by name; off behind PgBouncer before 1.21.
   */
  namedStatements?: boolean;
}

/** One pool, used by Prisma and, for the one hot read, directly (docs/decisions/0003-nearby-uses-the-pool.md). */
export interface Database {
  prisma: PrismaClient;
  pool: pg.Pool;
  namedStatements: boolean;
  /** `ok`, or what is wrong in one word, for readiness. */
  check(): Promise<string>;
  close(): Promise<void>;
}

/** What a query function takes: the client or a transaction of it. */
export type Db = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;

export function openDatabase({
  url,
  poolSize = 10,
  connectionTimeoutMillis = 5_000,
  namedStatements = true,
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis,
    maxLifetimeSeconds: 1_800,
    keepAlive: true,
    application_name: 'pika',
  });
  // An idle connection that dies is replaced at the next request; without a listener it would end the process.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    namedStatements,
    async check() {
      await pool.query('SELECT 1');
      return 'ok';
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
