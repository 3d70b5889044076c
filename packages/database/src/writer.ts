import type { Database } from './client.ts';
import type { PrismaClient } from './generated/client.ts';
import type pg from 'pg';

/** The writing side of a database, which only `inTransaction`, `inOneRoundTrip` and the job library reach. */
export interface Writer {
  client: PrismaClient;
  pool: pg.Pool;
  /** Whether callers of `inTransaction` can be told behind which position their reads must come. */
  hasReplica: boolean;
  settings: {
    statementTimeoutMillis: number;
    idleTimeoutMillis: number;
    connectionTimeoutMillis: number;
    /** False keeps the login's own role, and with it all that the login may do. */
    rowSecurity: boolean;
  };
}

const writers = new WeakMap<Database, Writer>();

export const setWriter = (database: Database, writer: Writer) => writers.set(database, writer);

export function writerOf(database: Database): Writer {
  const writer = writers.get(database);
  if (writer === undefined) throw new TypeError('this database was not opened by openDatabase');
  return writer;
}
