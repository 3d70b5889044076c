import { classifyDatabaseError, UnknownOutcomeError } from '@pika/database';
import type { KeyedRedemption, Redeemed } from './redemption.repository.ts';

/** How many share a transaction, at most: what one that fails makes the others wait for is bounded by it. */
const batchMax = 256;

export interface RedeemFront {
  /** Resolves when what came of it is committed. Throws as `inTransaction` does. */
  redeem(asked: KeyedRedemption): Promise<Redeemed>;
}

interface Waiting {
  asked: KeyedRedemption;
  resolve: (redeemed: Redeemed) => void;
  reject: (error: unknown) => void;
}

/** Decides and commits them all in one transaction, in the order given, which is that of the answer; or none. */
export type CommitRedemptions = (asked: readonly KeyedRedemption[]) => Promise<Redeemed[]>;

/**
 * Requests that arrive while a transaction of others is under way share the next one: a hot voucher's row is then locked,
 * and its commit waited for, once for all of them (docs/decisions/0016-redeem-in-batches.md). A lone request does not wait. A
 * batch that fails is tried one by one, so that nobody fails for another's fault.
 */
export function openRedeemFront(commit: CommitRedemptions): RedeemFront {
  const waiting: Waiting[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) await redeemTogether(commit, waiting.splice(0, batchMax));
    isBusy = false;
  }

  return {
    redeem: (asked) =>
      new Promise((resolve, reject) => {
        waiting.push({ asked, resolve, reject });
        if (!isBusy) void work();
      }),
  };
}

async function redeemTogether(commit: CommitRedemptions, batch: readonly Waiting[]): Promise<void> {
  try {
    const redeemed = await commit(batch.map(({ asked }) => asked));
    // A turn later, so that the next batch is on its way before these answers are written.
    setImmediate(() => batch.forEach(({ resolve }, position) => resolve(redeemed[position]!)));
  } catch (error) {
    if (batch.length === 1 || isEverybodys(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const each of batch) await redeemTogether(commit, [each]);
  }
}

/** What one by one would meet too, or must not be tried again. */
const isEverybodys = (error: unknown) =>
  error instanceof UnknownOutcomeError || classifyDatabaseError(error).kind === 'unavailable';
