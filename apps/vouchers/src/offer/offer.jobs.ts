import { jobContext, runBatches, singleStatements, sql, type Database, type Job } from '@pika/database';

/** Expires offers whose last day is over at all of their locations. */
export function offerJobs(database: Database, now: () => Date): Job[] {
  const db = singleStatements(database, jobContext('expire-vouchers'), { timeoutMillis: 50_000 });
  return [
    {
      name: 'expire-vouchers',
      everySeconds: 60,
      run: (signal) =>
        runBatches(200, signal, (limit) =>
          db.$queryRaw<{ done: number }[]>(sql`
            SELECT marketplace.expire_vouchers(${now()}::timestamptz, ${limit}::integer) AS done`),
        ),
    },
  ];
}
