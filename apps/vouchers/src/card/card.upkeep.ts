import { inTransaction, sql, systemContext, type Database, type Db } from '@pika/database';
import type { Logger } from '@pika/shared';

export interface CardUpkeep {
  /** How many locations the nearby search should look at first for a page of `limit`. */
  nearbyBatch: (limit: number) => number;
  stop(): void;
}

const everySeconds = 30;
const timeoutMillis = 300_000;

/**
 * What time and size ask of the read model, every 30 seconds: cards that were queued are refreshed, cards that ended a
 * day ago are removed, the commonest words are noted, and the number of cards per location is looked up, from which the search knows how far to look
 * first. Several processes may do this at once; the SQL functions share the work.
 */
export async function startCardUpkeep(database: Database, log: Logger): Promise<CardUpkeep> {
  const alone = <Result>(work: (db: Db) => Promise<Result>) =>
    inTransaction(database, systemContext('card-upkeep'), work, { timeoutMillis });
  let cardsPerLocation = await alone(readCardsPerLocation);
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    run()
      .catch((error: unknown) => log.error({ err: error }, 'card upkeep'))
      .finally(() => (isRunning = false));
  }, everySeconds * 1_000);
  timer.unref();

  async function run(): Promise<void> {
    while ((await alone(refreshStaleCards)) > 0);
    while ((await alone(pruneExpiredCards)) > 0);
    await alone((db) => db.$queryRaw(sql`SELECT marketplace.refresh_word_frequencies()`));
    cardsPerLocation = await alone(readCardsPerLocation);
  }

  return {
    nearbyBatch: (limit) => nearbyBatch(limit, cardsPerLocation),
    stop: () => clearInterval(timer),
  };
}

/** A third more locations than the average asks for, at least 5, at most 256. */
export function nearbyBatch(limit: number, cardsPerLocation: number): number {
  const wanted = Math.ceil(((limit + 1) * 1.3) / Math.max(cardsPerLocation, 0.05)) + 2;
  return Math.min(Math.max(wanted, 5), 256);
}

async function refreshStaleCards(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ taken: number }[]>(sql`
    SELECT marketplace.refresh_stale_cards(500) AS taken`);
  return row?.taken ?? 0;
}

async function pruneExpiredCards(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ pruned: number }[]>(sql`
    SELECT marketplace.prune_expired_cards(now() - interval '1 day', 1000) AS pruned`);
  return row?.pruned ?? 0;
}

async function readCardsPerLocation(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ average: number | null }[]>(sql`
    SELECT (SELECT count(*) FROM marketplace.cards)::float8 / nullif(count(*), 0) AS average
    FROM marketplace.location_facets WHERE facet_id = '00000000-0000-0000-0000-000000000000'`);
  return row?.average ?? 1;
}
