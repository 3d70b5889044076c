import { sql, type Db } from '../db.ts';

/**
 * Runs `work` unless this consumer has consumed the event before; says whether it ran. `work` must write through the same
 * transaction `tx`: then its effect and the memory of it commit together, however often the event is delivered. Of two
 * that consume one event at once, the second waits for the first to commit.
 */
export async function consumeOnce(
  tx: Db,
  consumer: string,
  eventId: bigint,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const inserted = await tx.$executeRaw(sql`
    INSERT INTO public.consumed_events (consumer, event_id) VALUES (${consumer}, ${eventId}) ON CONFLICT DO NOTHING`);
  if (inserted === 0) return false;
  await work();
  return true;
}
