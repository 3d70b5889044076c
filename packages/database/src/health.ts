import type pg from 'pg';
export type DatabaseHealth = {
  database: 'ok';
  /** `pending`: this process knows migrations that the database does not have. Newer ones there are none of its business. */
  migrations: 'ok' | 'pending';
};

const answerMillis = 2_000;

/** Asks both pools at once whether they answer, within two seconds and the wait for a connection, and for `known`. */
export async function checkDatabase(
  writePool: Pick<pg.Pool, 'query'>,
  publicPool: Pick<pg.Pool, 'query'>,
  known: readonly string[],
): Promise<DatabaseHealth> {
  const [applied] = await within(answerMillis, Promise.all([listApplied(writePool), publicPool.query('SELECT 1')]));
  const isPending = known.some((name) => !applied.has(name));
  return { database: 'ok', migrations: isPending ? 'pending' : 'ok' };
}

async function listApplied(pool: Pick<pg.Pool, 'query'>): Promise<Set<string>> {
  const { rows: tables } = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`,
  );
  if (tables[0]?.exists !== true) return new Set();
  const { rows } = await pool.query<{ name: string }>(
    `SELECT migration_name AS name FROM public._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return new Set(rows.map(({ name }) => name));
}

async function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the database did not answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
