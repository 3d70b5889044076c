import type { OnStatement } from '@pika/shared';
import pg from 'pg';
import { currentTransaction, poison, type TransactionState } from './transaction-state.ts';
import { CommitRefusedError, UnknownOutcomeError } from './transaction-errors.ts';
import { beyondAllPositions, nextPositionStatement } from './wal-position.ts';

export interface SlowQuery {
  /** The statement without its values: parameters are never kept, literals are blotted out. */
  statement: string;
  milliseconds: number;
  parameterCount: number;
}

export interface WatchOptions {
  slowQueryMillis: number;
  onSlowQuery: (query: SlowQuery) => void;
  /** Told of every statement, without its values. */
  onStatement?: OnStatement | undefined;
}

type Settle = (error: Error | null | undefined, result: pg.QueryResult) => void;
type Submit = (config: unknown, values: unknown, callback: Settle) => void;

interface Running {
  text: string;
  parameterCount: number;
  startedAt: number;
  transaction: TransactionState | null;
  /** A dead connection sends nothing: then even COMMIT has a known outcome. */
  isSendable: boolean;
  onEnd: ((error?: unknown) => void) | undefined;
}

/**
 * The client of our pools. It sees every statement, by Prisma or not: what takes long is told, what is rejected poisons
 * the transaction around it, and a COMMIT counts only when PostgreSQL says so (Prisma's adapter ignores the answer).
 */
export function watchedClient({ slowQueryMillis, onSlowQuery, onStatement }: WatchOptions): new () => pg.Client {
  class WatchedClient extends pg.Client {
    // The overloads of `query` cannot be overridden one by one.
    override query = ((config: pg.QueryConfig | string, values?: unknown, callback?: unknown) => {
      const submit = super.query.bind(this) as Submit;
      if (isSubmittable(config)) return (submit as (...all: unknown[]) => unknown)(config, values, callback);
      const running = begin(config, values, isAlive(this), onStatement);
      const given = typeof values === 'function' ? values : callback;
      const parameters = typeof values === 'function' ? undefined : values;
      const finish =
        (done: Settle): Settle =>
        (error, result) => {
          const failure = settle(running, error, result);
          if (failure || !asksPosition(running)) done(failure, result);
          else notePosition(submit, running.transaction, () => done(null, result));
        };
      if (typeof given === 'function') return submit(config, parameters, finish(given as Settle));
      return new Promise((resolve, reject) => {
        const done: Settle = (failure, result) => (failure ? reject(failure) : resolve(result));
        submit(config, parameters, finish(done));
      });
    }) as pg.Client['query'];
  }

  function settle(running: Running, error: Error | null | undefined, result: pg.QueryResult | undefined) {
    running.onEnd?.(error);
    const milliseconds = performance.now() - running.startedAt;
    if (milliseconds >= slowQueryMillis) {
      const { text, parameterCount } = running;
      onSlowQuery({ statement: redact(text), milliseconds: Math.round(milliseconds), parameterCount });
    }
    return failureOf(running, error, result);
  }

  return WatchedClient;
}

function begin(
  config: pg.QueryConfig | string,
  values: unknown,
  isSendable: boolean,
  onStatement: OnStatement | undefined,
): Running {
  const isText = typeof config === 'string';
  const parameters = Array.isArray(values) ? values : isText ? [] : (config.values ?? []);
  const text = isText ? config : config.text;
  return {
    text,
    parameterCount: parameters.length,
    startedAt: performance.now(),
    transaction: currentTransaction(),
    isSendable,
    onEnd: onStatement?.(() => redact(text)),
  };
}

function failureOf(running: Running, error: Error | null | undefined, result: pg.QueryResult | undefined) {
  const { transaction, text } = running;
  if (text === 'COMMIT') {
    const failure = commitFailure(running, error, result);
    if (failure && transaction) transaction.commitFailure = failure;
    return failure;
  }
  if (error && transaction) {
    if (error instanceof pg.DatabaseError) transaction.refusal = error;
    poison(transaction, error);
  }
  return error;
}

function commitFailure({ isSendable }: Running, error: Error | null | undefined, result: pg.QueryResult | undefined) {
  if (!error) return result?.command === 'COMMIT' ? null : new CommitRefusedError();
  // An ERROR is PostgreSQL's word that nothing was committed. FATAL ends the session, perhaps after the commit.
  const isAnswered = error instanceof pg.DatabaseError && error.severity === 'ERROR';
  return isAnswered || !isSendable ? error : new UnknownOutcomeError(error);
}

type Asking = Running & { transaction: TransactionState };

function asksPosition(running: Running): running is Asking {
  return running.text === 'COMMIT' && running.transaction?.wantsPosition === true;
}

/** The transaction is committed whatever becomes of this: without an answer its caller reads from the primary alone. */
function notePosition(submit: Submit, transaction: TransactionState, done: () => void): void {
  submit(nextPositionStatement, undefined, (error, result) => {
    const row = error ? undefined : (result.rows[0] as { position: string } | undefined);
    transaction.position = row?.position ?? beyondAllPositions;
    done();
  });
}

function isAlive(client: pg.Client): boolean {
  return (client as unknown as Record<string, unknown>)['_queryable'] === true;
}

function isSubmittable(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'submit' in config && typeof config.submit === 'function';
}

const shownMax = 2_000;

function redact(text: string): string {
  return text
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "'…'")
    .replaceAll(/'(?:[^']|'')*'/g, "'…'")
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, shownMax);
}
