import type { Logger } from '@pika/shared';
import type { Db } from '../db.ts';
import { stopInTime } from '../stop-in-time.ts';
import { claimOutboxEvents, failOutboxEvent, settleOutboxEvent, type DeliveryRules } from './outbox.repository.ts';
import type { OutboxEvent } from './outbox-event.ts';

export interface DispatcherOptions extends Partial<DeliveryRules> {
  /** What it delivers; events about anything else are left to others. */
  aggregateTypes: readonly string[];
  /** How many aggregates are served at once. */
  concurrency?: number;
  /** How long an empty outbox is left alone. */
  pollMillis?: number;
}

export interface Dispatcher {
  /** Takes nothing more, aborts what `deliver` was given, and waits for it, a second and a half at most. */
  stop(): Promise<void>;
}

/** A busy aggregate is handed back after so many events, so that others have their turn. */
const runMax = 100;

/**
 * Delivers events as long as it runs. Any number of dispatchers may share one outbox and its types of aggregates. Each event is delivered at least
 * once, those of one aggregate one after the other in the order of their commits: `deliver` resolves when it is done and
 * throws to be asked again. It gets the signal of `stop` and of the lease's end, after which another dispatcher has the
 * event. What it does is done once where it is done by `consumeOnce`. No connection is held while `deliver` runs.
 */
export function startDispatcher(
  db: Db,
  deliver: (event: OutboxEvent, signal: AbortSignal) => Promise<unknown>,
  log: Logger,
  { aggregateTypes, ...options }: DispatcherOptions,
): Dispatcher {
  const { concurrency = 5, pollMillis = 1_000, leaseSeconds = 60, backoffSeconds = 1, attemptsMax = 10 } = options;
  const rules = { leaseSeconds, backoffSeconds, attemptsMax };
  const running = new Set<Promise<void>>();
  const deliveries = new Set<AbortController>();
  let isStopping = false;
  let hasNews = false;
  let wake = () => {};
  const polling = poll();

  async function poll(): Promise<void> {
    for (;;) {
      if (isStopping) return;
      hasNews = false;
      const claimed = await claim();
      for (const event of claimed) {
        const run = runAggregate(event).finally(() => {
          running.delete(run);
          hasNews = true;
          wake();
        });
        running.add(run);
      }
      if (claimed.length === 0 || running.size >= concurrency) await pause();
    }
  }

  async function claim(): Promise<OutboxEvent[]> {
    if (running.size >= concurrency) return [];
    try {
      return await claimOutboxEvents(db, aggregateTypes, concurrency - running.size, rules);
    } catch (error) {
      log.error({ err: error }, 'outbox: nothing could be claimed');
      return [];
    }
  }

  /** For a while, or until an aggregate is done. */
  async function pause(): Promise<void> {
    if (hasNews || isStopping) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, pollMillis);
    });
    clearTimeout(timer);
  }

  async function runAggregate(first: OutboxEvent): Promise<void> {
    let event: OutboxEvent | null = first;
    for (let count = 1; event; count += 1) {
      const current: OutboxEvent = event;
      try {
        const isDelivered = await attempt(current);
        const next = count < runMax && !isStopping;
        event = isDelivered ? await settleOutboxEvent(db, current, rules, { next }) : null;
      } catch (error) {
        log.error({ err: error, event: describe(current) }, 'outbox: the result of a delivery could not be noted');
        event = null;
      }
    }
  }

  async function attempt(event: OutboxEvent): Promise<boolean> {
    const delivery = new AbortController();
    const leaseEnd = setTimeout(() => delivery.abort(), leaseSeconds * 1_000);
    deliveries.add(delivery);
    try {
      await deliver(event, delivery.signal);
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isParked = await failOutboxEvent(db, event, message, rules);
      log.error({ err: error, event: describe(event), isParked }, 'outbox: an event was not delivered');
      return false;
    } finally {
      clearTimeout(leaseEnd);
      deliveries.delete(delivery);
    }
  }

  return {
    async stop() {
      isStopping = true;
      for (const delivery of deliveries) delivery.abort();
      wake();
      await stopInTime(polling.then(() => Promise.all(running)));
    },
  };
}

const describe = ({ id, aggregateType, aggregateId, type, attempt }: OutboxEvent) => ({
  id: String(id),
  aggregateType,
  aggregateId,
  type,
  attempt,
});
