import type { FrozenAnswer, IdempotentRequest } from '@pika/shared';
import { sql, type Db } from '../db.ts';

export type Claim =
  | { verdict: 'new' }
  /** Another transaction is at it, or was a moment ago. */
  | { verdict: 'inFlight' }
  /** The key came with another request before. */
  | { verdict: 'reused' }
  | { verdict: 'kept'; answer: FrozenAnswer };

type KeyedRequest = Pick<IdempotentRequest, 'operation' | 'fingerprint'> & { readonly key: string };

interface ClaimRow {
  verdict: Claim['verdict'];
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Locks a new key of the transaction's actor until the transaction ends. */
export async function claimIdempotencyKey(tx: Db, { operation, key, fingerprint }: KeyedRequest): Promise<Claim> {
  const [row] = await tx.$queryRaw<[ClaimRow]>(sql`
    SELECT verdict, status, headers, body
    FROM security.claim_idempotency_key(${operation}, ${key}, ${fingerprint}::bytea)`);
  const { verdict, ...answer } = row;
  return verdict === 'kept' ? { verdict, answer } : { verdict };
}

export async function keepIdempotentAnswer(tx: Db, request: KeyedRequest, answer: FrozenAnswer): Promise<void> {
  const { operation, key, fingerprint } = request;
  await tx.$queryRaw(sql`
    SELECT security.keep_idempotent_answer(
      ${operation}, ${key}, ${fingerprint}::bytea, ${answer.status}::integer, ${JSON.stringify(answer.headers)}::jsonb,
      ${answer.body}::bytea
    )::text`);
}

/** Partitions for today and two days ahead; a day without one is taken by the default partition. */
export async function makeIdempotencyPartitions(db: Db): Promise<void> {
  await db.$queryRaw(sql`SELECT security.make_idempotency_partitions(2)`);
}

/** Removes what is older than yesterday. */
export async function dropIdempotencyPartitions(db: Db): Promise<void> {
  await db.$queryRaw(sql`SELECT security.drop_idempotency_partitions()`);
}
