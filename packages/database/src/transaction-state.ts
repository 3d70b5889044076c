import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseError } from 'pg';

/** What is known about the transaction that the running code stands in. */
export interface TransactionState {
  isOver: boolean;
  /** The first statement or call that was rejected: nothing of the transaction may be committed any more. */
  rejection: { error: unknown } | null;
  /** The last refusal as PostgreSQL told it, with the constraint's name that Prisma loses. */
  refusal: DatabaseError | null;
  /** Why COMMIT did not do what it says. */
  commitFailure: Error | null;
  /** Whether the position behind COMMIT is wanted, and what it is. */
  wantsPosition: boolean;
  position: string | null;
  /** Calls that have not come back: COMMIT waits for them, awaited or not. */
  calls: Set<Promise<unknown>>;
}

export const transactions = new AsyncLocalStorage<TransactionState>();

/** The transaction around the caller, or null. One that has ended counts no more, whatever still runs in its shadow. */
export function currentTransaction(): TransactionState | null {
  const state = transactions.getStore();
  return state === undefined || state.isOver ? null : state;
}

export const newTransaction = (wantsPosition: boolean): TransactionState => ({
  isOver: false,
  rejection: null,
  refusal: null,
  commitFailure: null,
  wantsPosition,
  position: null,
  calls: new Set(),
});

export function poison(state: TransactionState, error: unknown): void {
  state.rejection ??= { error };
}
