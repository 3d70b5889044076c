import type { Database } from './client.ts';
import type { TransactionContext } from './context.ts';
import type { Sql } from './db.ts';
import { inTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

export interface Queue<Row> {
  /** The next rows in order: SELECT … ORDER BY … LIMIT … FOR UPDATE SKIP LOCKED. */
  take: Sql;
  work: (tx: Transaction, rows: readonly Row[]) => Promise<void>;
  /** Deletes or marks what was worked on, so that `take` does not find it again. */
  finish: (rows: readonly Row[]) => Sql;
}

/**
 * Takes a batch of a queue, works on it and finishes it, in one transaction: rows of a work that fails, or of a process
 * that dies, are there for the next. Several may do this at once; nobody waits for another's rows. Answers how many rows
 * it took: 0 when there is nothing that nobody else works on.
 */
export function workQueue<Row>(
  database: Database,
  context: TransactionContext,
  { take, work, finish }: Queue<Row>,
  options: TransactionOptions = {},
): Promise<number> {
  return inTransaction(
    database,
    context,
    async (tx) => {
      const rows = await tx.$queryRaw<Row[]>(take);
      if (rows.length === 0) return 0;
      await work(tx, rows);
      await tx.$executeRaw(finish(rows));
      return rows.length;
    },
    options,
  );
}
