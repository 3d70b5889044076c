import { jobContext, singleStatements, sql, type Database, type Db, type Job } from '@pika/database';

const timeoutMillis = 50_000;

/** What time and size ask of the read model. The SQL functions skip what another transaction holds. */
export function cardJobs(database: Database): Job[] {
  const db = singleStatements(database, jobContext('card-upkeep'), { timeoutMillis });
  return [
    { name: 'refresh-stale-cards', everySeconds: 30, run: (signal) => untilNone(signal, () => refreshStaleCards(db)) },
    { name: 'prune-expired-cards', everySeconds: 300, run: (signal) => untilNone(signal, () => pruneExpiredCards(db)) },
    { name: 'refresh-word-frequencies', everySeconds: 300, run: () => refreshWordFrequencies(db) },
  ];
}

/** One batch after the other, until one is empty. */
async function untilNone(signal: AbortSignal, workOff: () => Promise<number>): Promise<void> {
  while (!signal.aborted && (await workOff()) > 0);
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

async function refreshWordFrequencies(db: Db): Promise<void> {
  await db.$queryRaw(sql`SELECT marketplace.refresh_word_frequencies()`);
}
