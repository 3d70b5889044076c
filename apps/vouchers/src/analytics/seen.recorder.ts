import { inTransaction, jobContext, type Database } from '@pika/database';
import { z } from 'zod';
import { insertEvents, type VoucherEvent } from './event.repository.ts';

export interface SeenRecorder {
  /** Notes a page of the nearby list, or leaves it: one page in `oneIn` stands for all. Never waits, never throws. */
  note(page: { data: string; language: string | null; at: Date }): void;
  /** Writes what is noted and stops. */
  stop(): Promise<void>;
}

interface SeenRecorderOptions {
  /** Told when what was noted could not be written: a sample more or less is lost. */
  onError: (error: unknown) => void;
  oneIn?: number;
  random?: () => number;
  everyMillis?: number;
}

const eventsMax = 5_000;

const card = z.object({ id: z.uuid(), location: z.object({ id: z.uuid() }) });
const cards = z.array(z.union([card, z.object({ properties: card }).transform(({ properties }) => properties)]));

/** Notes what lists have shown, a sample of it, beside the requests: they take no longer for it. */
export function openSeenRecorder(
  database: Database,
  { onError, oneIn = 20, random = Math.random, everyMillis = 5_000 }: SeenRecorderOptions,
): SeenRecorder {
  let noted: VoucherEvent[] = [];
  let writing = Promise.resolve();

  function write(): void {
    if (noted.length === 0) return;
    const events = noted;
    noted = [];
    writing = writing
      .then(() => inTransaction(database, jobContext('seen'), (tx) => insertEvents(tx, events)))
      .catch(onError);
  }

  const timer = setInterval(write, everyMillis);
  timer.unref();

  return {
    note({ data, language, at }) {
      if (data === '' || random() * oneIn >= 1 || noted.length >= eventsMax) return;
      for (const { id, location } of cards.parse(JSON.parse(`[${data}]`))) {
        const seen = { voucherId: id, locationId: location.id, language, weight: oneIn, occurredAt: at.toISOString() };
        noted.push({ type: 'seen', ...seen });
      }
    },
    async stop() {
      clearInterval(timer);
      write();
      await writing;
    },
  };
}
