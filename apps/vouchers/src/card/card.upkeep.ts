import { sql, type Database, type Db } from '@pika/database';
import type { Logger } from '@pika/shared';

export interface CardUpkeep {
  /** How many locations the nearby search should look at first for a page of `limit`. */
  nearbyBatch: (limit: number) => number;
  stop(): void;
}

const everySeconds = 30;

/** Looks up every 30 seconds how many cards a location has: from it the search of this process knows how far to look. */
export async function startCardUpkeep({ public: { db } }: Pick<Database, 'public'>, log: Logger): Promise<CardUpkeep> {
  let cardsPerLocation = await readCardsPerLocation(db);
  const refresh = async () => {
    cardsPerLocation = await readCardsPerLocation(db);
  };
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => log.error({ err: error }, 'card upkeep'));
  }, everySeconds * 1_000);
  timer.unref();

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

async function readCardsPerLocation(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ average: number | null }[]>(sql`
    SELECT (SELECT count(*) FROM marketplace.cards)::float8 / nullif(count(*), 0) AS average
    FROM marketplace.location_facets WHERE facet_id = '00000000-0000-0000-0000-000000000000'`);
  return row?.average ?? 1;
}
