import { jobContext, runBatches, singleStatements, sql, type Database, type Job } from '@pika/database';

/** Makes the codes that were asked for. What a killed process had made is there, and the next run goes on behind it. */
export function codeJobs(database: Database): Job[] {
  const db = singleStatements(database, jobContext('make-codes'), { timeoutMillis: 50_000 });
  return [
    {
      name: 'make-codes',
      everySeconds: 5,
      run: (signal) =>
        runBatches(20_000, signal, (limit) =>
          db.$queryRaw<{ done: number }[]>(sql`SELECT marketplace.make_codes(${limit}::integer) AS done`),
        ),
    },
  ];
}
