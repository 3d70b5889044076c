import { consumeOnce, inTransaction, jobContext, type Database, type OutboxEvent } from '@pika/database';
import { z } from 'zod';
import { insertEvents } from './event.repository.ts';

/** What the events are about that this app delivers. */
export const deliveredAggregates = ['redemption'] as const;

const types = { 'redemption.redeemed': 'redeemed', 'redemption.rolledBack': 'rolled_back' } as const;

const payload = z.object({
  voucherId: z.uuid(),
  locationId: z.uuid().nullable(),
  channel: z.string(),
  language: z.string().nullish(),
  redeemedAt: z.iso.datetime(),
});

const isKnown = (type: string): type is keyof typeof types => Object.hasOwn(types, type);

/** Counts a redemption, or what took it back, in the funnel, once. Throws for an event that it does not know. */
export async function deliverRedemption(database: Database, event: OutboxEvent): Promise<void> {
  const { id, type } = event;
  if (!isKnown(type)) throw new Error(`Nobody here takes events of type ${type}.`);
  const { redeemedAt, ...told } = payload.parse(event.payload);
  await inTransaction(database, jobContext('funnel'), (tx) =>
    consumeOnce(tx, 'funnel', id, () => insertEvents(tx, [{ type: types[type], ...told, occurredAt: redeemedAt }])),
  );
}
