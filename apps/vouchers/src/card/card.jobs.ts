import { Prisma, type Database, type Job } from '@pika/database';

/** What time and size ask of the read model. The SQL functions skip what another transaction holds. */
export const cardJobs = ({ prisma }: Database): Job[] => [
  {
    name: 'refresh-stale-cards',
    everySeconds: 30,
    run: (signal) => untilNone(signal, () => refreshStaleCards(prisma)),
  },
  {
    name: 'prune-expired-cards',
    everySeconds: 300,
    run: (signal) => untilNone(signal, () => pruneExpiredCards(prisma)),
  },
  { name: 'refresh-word-frequencies', everySeconds: 300, run: () => refreshWordFrequencies(prisma) },
];

type Client = Database['prisma'];

/** One batch after the other, until one is empty. */
async function untilNone(signal: AbortSignal, workOff: () => Promise<number>): Promise<void> {
  while (!signal.aborted && (await workOff()) > 0);
}

async function refreshStaleCards(prisma: Client): Promise<number> {
  const [row] = await prisma.$queryRaw<{ taken: number }[]>(Prisma.sql`
    SELECT marketplace.refresh_stale_cards(500) AS taken`);
  return row?.taken ?? 0;
}

async function pruneExpiredCards(prisma: Client): Promise<number> {
  const [row] = await prisma.$queryRaw<{ pruned: number }[]>(Prisma.sql`
    SELECT marketplace.prune_expired_cards(now() - interval '1 day', 1000) AS pruned`);
  return row?.pruned ?? 0;
}

async function refreshWordFrequencies(prisma: Client): Promise<void> {
  await prisma.$queryRaw(Prisma.sql`SELECT marketplace.refresh_word_frequencies()`);
}
