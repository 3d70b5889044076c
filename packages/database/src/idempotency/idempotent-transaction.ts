import {
  sharedProblems,
  type FrozenAnswer,
  type IdempotentRequest,
  type OnceAnswer,
  type OnceReply,
} from '@pika/shared';
import type { Database } from '../client.ts';
import type { TransactionContext } from '../context.ts';
import { inTransaction, type Transaction, type TransactionOptions } from '../transaction.ts';
import { claimIdempotencyKey, keepIdempotentAnswer } from './idempotency.repository.ts';

/** READ COMMITTED alone sees what the holder of the key before has committed. */
export type IdempotentTransactionOptions = Omit<TransactionOptions, 'isolation'>;

/**
 * `inTransaction` for a request with an Idempotency-Key: what `work` did and what it answered commit together, and whoever
 * repeats the request is given that answer, byte for byte. A Problem that `work` returns is an answer, committed and kept; one
 * that it throws takes all of it back and leaves the key as new. Keys belong to the context's actor and the operation.
 * Throws `idempotency.keyReused` for another request under the same key, and `idempotency.inFlight`, at once, while the
 * first is at work; on the embedded engine, where transactions queue up, the second waits and is given the answer.
 * Without a key it is `inTransaction`.
 */
export async function inIdempotentTransaction(
  database: Database,
  context: TransactionContext,
  request: IdempotentRequest,
  work: (tx: Transaction) => Promise<OnceAnswer>,
  options: IdempotentTransactionOptions = {},
): Promise<OnceReply> {
  const { answer, isReplayed } = await inTransaction(
    database,
    context,
    (tx) => doOnce(tx, request, () => work(tx)),
    options,
  );
  return request.reply(answer, isReplayed);
}

async function doOnce(
  tx: Transaction,
  request: IdempotentRequest,
  work: () => Promise<OnceAnswer>,
): Promise<{ answer: FrozenAnswer; isReplayed: boolean }> {
  const { key, operation, fingerprint } = request;
  if (key === null) return { answer: request.freeze(await work()).now, isReplayed: false };
  const keyed = { key, operation, fingerprint };
  const claim = await claimIdempotencyKey(tx, keyed);
  if (claim.verdict === 'kept') return { answer: claim.answer, isReplayed: true };
  if (claim.verdict === 'reused') throw sharedProblems['idempotency.keyReused']();
  if (claim.verdict === 'inFlight') throw sharedProblems['idempotency.inFlight']({ headers: { 'Retry-After': '1' } });
  const { now, kept } = request.freeze(await work());
  await keepIdempotentAnswer(tx, keyed, kept);
  return { answer: now, isReplayed: false };
}
