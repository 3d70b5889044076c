import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from './client.ts';
import { contextSettings, type TransactionContext } from './context.ts';
import { sql, type Db, type Sql } from './db.ts';
import { isWriteConflict } from './errors.ts';
import type { PrismaClient } from './generated/client.ts';
import { NestedTransactionError, PoisonedTransactionError } from './transaction-errors.ts';
import {
  currentTransaction,
  newTransaction,
  poison,
  transactions,
  type TransactionState,
} from './transaction-state.ts';
import { writerOf, type Writer } from './writer.ts';

/** The models and the raw statements of one transaction. */
export type Transaction = Db & Omit<PrismaClient, `$${string}` | symbol>;

export interface TransactionOptions {
  isolation?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
  /** For the whole and for each statement; half of it is waited for a lock. STATEMENT_TIMEOUT unless said. */
  timeoutMillis?: number;
  /** How often the work is done again after a write conflict or a deadlock; 5 unless said. */
  retries?: number;
  /**
   * Called once after COMMIT, where there is a replica, with what `database.publicAfter` needs to show what was written.
   */
  onCommitted?: (readAfter: string) => void;
}

/**
 * Runs `work` in one transaction whose first statement sets the role, the context and the timeouts, and resolves only
 * when PostgreSQL has said COMMIT. A statement or call that was rejected inside it, even where the code caught it, takes
 * all of it back and is thrown. After a write conflict or a deadlock the work is done again, after a random pause, so it
 * must have no effect but on `tx`. Throws `UnknownOutcomeError`, and never tries again, where the connection was lost
 * during COMMIT. A call inside another's work is refused.
 */
export async function inTransaction<Result>(
  database: Database,
  context: TransactionContext,
  work: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  refuseNesting('inTransaction was called');
  const writer = writerOf(database);
  const { onCommitted } = options;
  let state = newTransaction(false);
  const attempt = async () => {
    state = newTransaction(writer.hasReplica && onCommitted !== undefined);
    try {
      const result = await transactions.run(state, () => attemptOnce(writer, context, work, options, state));
      if (state.position !== null) onCommitted?.(state.position);
      return result;
    } catch (error) {
      throw state.commitFailure ?? error;
    } finally {
      state.isOver = true;
    }
  };
  const isConflict = (error: unknown) => isWriteConflict(error) || isWriteConflict(state.rejection?.error);
  return repeatOn(isConflict, attempt, options);
}

/**
 * One statement as a transaction of its own, in one round trip: BEGIN, what `inTransaction` sets first, the statement and
 * COMMIT are sent together. Resolves with its rows, as pg reads them, when PostgreSQL has said COMMIT; is otherwise as
 * `inTransaction`, but that a connection that is lost at any time leaves the outcome unknown.
 */
export async function inOneRoundTrip<Row extends object>(
  database: Database,
  context: TransactionContext,
  { text, values }: Sql,
  options: Pick<TransactionOptions, 'timeoutMillis' | 'retries'> = {},
): Promise<Row[]> {
  refuseNesting('inOneRoundTrip was called');
  const { pool, settings } = writerOf(database);
  const first = firstStatement(context, options.timeoutMillis ?? settings.statementTimeoutMillis, settings);
  const attempt = async () => {
    const client = await pool.connect();
    // Each statement says by itself that its connection was lost.
    client.on('error', ignore);
    const [begun, set, done, committed] = await Promise.allSettled([
      client.query('BEGIN'),
      client.query(first.text, first.values),
      client.query<Row>(text, values),
      client.query('COMMIT'),
    ]);
    const refused = [begun, set, done].find((each) => each.status === 'rejected' && isRefused(each.reason));
    const failed = refused ?? [committed, begun, set, done].find(({ status }) => status === 'rejected');
    client.off('error', ignore);
    client.release(failed !== refused);
    if (failed?.status === 'rejected') throw failed.reason;
    return done.status === 'fulfilled' ? done.value.rows : [];
  };
  return repeatOn(isWriteConflict, attempt, options);
}

const ignore = () => undefined;

/** PostgreSQL's word that a statement did nothing; FATAL ends the session, perhaps after the commit. */
const isRefused = (error: unknown) => error instanceof pg.DatabaseError && error.severity === 'ERROR';

function refuseNesting(what: string): void {
  const outer = currentTransaction();
  if (outer === null) return;
  const error = new NestedTransactionError(what);
  poison(outer, error);
  throw error;
}

async function repeatOn<Result>(
  isConflict: (error: unknown) => boolean,
  attempt: () => Promise<Result>,
  { retries = 5 }: Pick<TransactionOptions, 'retries'>,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || count > retries) throw error;
    }
    await sleep(pauseMillis(count));
  }
}

/** At random up to 20, 40, 80 … and at most 1,000 ms: those that met once shall not meet again. */
function pauseMillis(attempt: number): number {
  return Math.random() * Math.min(1_000, 10 * 2 ** attempt);
}

function attemptOnce<Result>(
  { client, settings }: Writer,
  context: TransactionContext,
  work: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
  state: TransactionState,
): Promise<Result> {
  const { isolation, timeoutMillis = settings.statementTimeoutMillis } = options;
  return client.$transaction(
    async (tx) => {
      await tx.$queryRaw(firstStatement(context, timeoutMillis, settings));
      const result = await work(onlyCalls(tx));
      while (state.calls.size > 0) await Promise.allSettled(state.calls);
      if (state.rejection !== null) throw new PoisonedTransactionError(state.rejection.error);
      return result;
    },
    {
      ...(isolation === undefined ? {} : { isolationLevel: isolation }),
      timeout: timeoutMillis,
      // The pool's own time runs out first; on the embedded engine BEGIN waits for the transaction before.
      maxWait: settings.connectionTimeoutMillis + timeoutMillis,
    },
  );
}

/** Hides what begins, ends or nests transactions, and what takes a statement as bare text. */
function onlyCalls(tx: Transaction): Transaction {
  return new Proxy(tx, { get: (target, name) => (hidden.has(name) ? undefined : Reflect.get(target, name)) });
}

const hidden = new Set<string | symbol>(['$transaction', '$extends', '$queryRawUnsafe', '$executeRawUnsafe']);

/** PostgreSQL ends what Prisma only gives up on: its timeout leaves the statement running. */
function firstStatement(context: TransactionContext, timeoutMillis: number, settings: Writer['settings']): Sql {
  const { role, ...app } = contextSettings(context);
  const names = {
    ...app,
    statement_timeout: String(timeoutMillis),
    lock_timeout: String(Math.ceil(timeoutMillis / 2)),
    idle_in_transaction_session_timeout: String(settings.idleTimeoutMillis),
    role: settings.rowSecurity ? role : 'none',
  };
  // Last the role, by the order of the list: the login that may set it needs no other right.
  return sql`
    SELECT count(set_config(name, value, true))
    FROM unnest(${Object.keys(names)}::text[], ${Object.values(names)}::text[]) AS setting (name, value)`;
}
