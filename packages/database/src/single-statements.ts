import type { Database } from './client.ts';
import type { TransactionContext } from './context.ts';
import type { Db } from './db.ts';
import { inTransaction, type TransactionOptions } from './transaction.ts';

/** Statements of which each is a transaction of its own, in that context. */
export function singleStatements(database: Database, context: TransactionContext, options?: TransactionOptions): Db {
  return {
    $queryRaw: (statement) => inTransaction(database, context, (tx) => tx.$queryRaw(statement), options),
    $executeRaw: (statement) => inTransaction(database, context, (tx) => tx.$executeRaw(statement), options),
  };
}
