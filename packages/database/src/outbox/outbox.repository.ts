import { sql, type Db } from '../db.ts';
import { runBatches } from '../run-batches.ts';
import type { OutboxEvent } from './outbox-event.ts';

export interface DeliveryRules {
  /** An event that its dispatcher is silent about is given to another after this time. */
  leaseSeconds: number;
  /** Until the second attempt; doubled for each one after, at most 10 minutes. */
  backoffSeconds: number;
  /** After so many attempts an event is parked. */
  attemptsMax: number;
}

interface Row {
  id: bigint;
  aggregate_type: string;
  aggregate_id: string;
  type: string;
  payload: unknown;
  request_id: string | null;
  occurred_at: Date;
  attempts: number;
}

/** Up to `limit` events to deliver now, of different aggregates. */
export async function claimOutboxEvents(
  db: Db,
  aggregateTypes: readonly string[],
  limit: number,
  rules: DeliveryRules,
): Promise<OutboxEvent[]> {
  const rows = await db.$queryRaw<Row[]>(sql`
    SELECT id, aggregate_type, aggregate_id, type, payload, request_id, occurred_at, attempts
    FROM public.claim_outbox_events(
      ${[...aggregateTypes]}::text[], ${limit}::integer,
      make_interval(secs => ${rules.leaseSeconds}::float8), ${rules.attemptsMax}::integer
    )`);
  return rows.map(toEvent);
}

/** Notes a delivery; with `next`, answers the aggregate's next event, claimed, where there is one. */
export async function settleOutboxEvent(
  db: Db,
  { id, attempt }: OutboxEvent,
  rules: DeliveryRules,
  { next }: { next: boolean },
): Promise<OutboxEvent | null> {
  const lease = next ? rules.leaseSeconds : null;
  const rows = await db.$queryRaw<Row[]>(sql`
    SELECT id, aggregate_type, aggregate_id, type, payload, request_id, occurred_at, attempts
    FROM public.settle_outbox_event(${id}::bigint, ${attempt}::integer, make_interval(secs => ${lease}::float8))`);
  return rows[0] ? toEvent(rows[0]) : null;
}

/** Notes a failed attempt; true when it was the last and the event is parked. */
export async function failOutboxEvent(
  db: Db,
  { id, attempt }: OutboxEvent,
  message: string,
  rules: DeliveryRules,
): Promise<boolean> {
  const [row] = await db.$queryRaw<{ parked: boolean | null }[]>(sql`
    SELECT public.fail_outbox_event(
      ${id}::bigint, ${attempt}::integer, ${message}, make_interval(secs => ${rules.backoffSeconds}::float8),
      ${rules.attemptsMax}::integer
    ) AS parked`);
  return row?.parked ?? false;
}

/** Lets an aggregate go on that a parked event holds back: it is tried anew, or with `skip` left out for good. */
export async function releaseOutboxEvent(db: Db, id: bigint, { skip = false } = {}): Promise<boolean> {
  const [row] = await db.$queryRaw<{ released: boolean }[]>(sql`
    SELECT public.release_outbox_event(${id}::bigint, ${skip}) AS released`);
  return row?.released ?? false;
}

const pruneLimit = 5_000;

/** Removes what was delivered over a day ago, and memories of consumers that are over eight days old. */
export async function pruneOutbox(db: Db, signal: AbortSignal): Promise<void> {
  await runBatches(pruneLimit, signal, (limit) =>
    db.$queryRaw(sql`
      SELECT public.prune_outbox(now() - interval '1 day', now() - interval '8 days', ${limit}::integer) AS done`),
  );
}

const toEvent = (row: Row): OutboxEvent => ({
  id: row.id,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  type: row.type,
  payload: row.payload,
  requestId: row.request_id,
  occurredAt: row.occurred_at,
  attempt: row.attempts,
});
