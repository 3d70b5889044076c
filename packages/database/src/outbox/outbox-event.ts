import { sql, type Db } from '../db.ts';

export interface NewOutboxEvent {
  /** With `aggregateId` the unit of order: `voucher`, `business`. */
  aggregateType: string;
  aggregateId: string;
  /** What happened, dotted: `voucher.redeemed`. */
  type: string;
  /** Anything that JSON can say. */
  payload: unknown;
  requestId?: string;
}

export interface OutboxEvent {
  /** Within one aggregate, ids are in the order of commits. */
  id: bigint;
  aggregateType: string;
  aggregateId: string;
  type: string;
  payload: unknown;
  requestId: string | null;
  occurredAt: Date;
  /** 1 for the first attempt to deliver it. */
  attempt: number;
}

/**
 * Writes an event into the transaction `tx`: it is delivered if and only if that commits. Locks the aggregate for other
 * writers of its events until then: of several aggregates, write in the order of their ids.
 */
export async function insertOutboxEvent(tx: Db, event: NewOutboxEvent): Promise<void> {
  const payload = JSON.stringify(event.payload);
  await tx.$executeRaw(sql`
    INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
    VALUES (${event.aggregateType}, ${event.aggregateId}, ${event.type}, ${payload}::jsonb, ${event.requestId ?? null})`);
}
