import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { classifyDatabaseError } from './errors.ts';
import { replicaRoutes } from './replica.ts';
import { DatabaseUnreachableError } from './start-database.ts';
import { NestedTransactionError } from './transaction-errors.ts';
import { currentTransaction } from './transaction-state.ts';

/** Before the second and the third attempt, at random up to these. */
const pausesMillis = [50, 200];

/**
 * The pool of reads without a transaction. One whose connection was lost is asked again on another connection, which is
 * safe because nothing here writes; one that waited for a connection in vain is not. A read that may come from a replica
 * is answered here where the replica does not answer it.
 */
export class PublicPool extends pg.Pool {
  // The overloads of `query` cannot be overridden one by one.
  override query = ((...all: unknown[]) => {
    if (currentTransaction() !== null) {
      return Promise.reject(new NestedTransactionError('database.public was read'));
    }
    const ask = super.query.bind(this) as unknown as (...each: unknown[]) => Promise<pg.QueryResult>;
    if (typeof all.at(-1) === 'function') return ask(...all);
    const askPrimary = () => ask(...all).catch((error: unknown) => askAgain(() => ask(...all), error));
    const route = replicaRoutes.getStore();
    if (route === undefined) return askPrimary();
    const { replica, after } = route;
    const askReplica = (client: pg.PoolClient) =>
      (client.query as (...each: unknown[]) => Promise<pg.QueryResult>)(...all);
    return replica.answer(after, askReplica).then((answer) => answer ?? askPrimary());
  }) as pg.Pool['query'];
}

async function askAgain(ask: () => Promise<pg.QueryResult>, first: unknown): Promise<pg.QueryResult> {
  let failure = first;
  for (const pause of pausesMillis) {
    if (!isLost(failure)) break;
    await sleep(Math.random() * pause);
    try {
      return await ask();
    } catch (error) {
      failure = error;
    }
  }
  throw inWords(failure);
}

/** PgBouncer knows no start options, and an app that starts behind one shall say what to do about it. */
function inWords(error: unknown): unknown {
  const isRefused =
    error instanceof pg.DatabaseError && error.code === '08P01' && error.message.includes('startup parameter');
  if (!isRefused) return error;
  return new DatabaseUnreachableError(
    'What stands before the database refuses start options, as PgBouncer does: set DATABASE_PUBLIC_URL to a read-only login of public search (docs/operations.md).',
    { cause: error },
  );
}

function isLost(error: unknown): boolean {
  // PgBouncer's refusal of a start option is a protocol violation, and stays one.
  if (error instanceof pg.DatabaseError && error.code === '08P01') return false;
  const hasWaited =
    error instanceof Error && /timeout exceeded|due to connection timeout|read timeout/.test(error.message);
  return !hasWaited && classifyDatabaseError(error).kind === 'unavailable';
}
