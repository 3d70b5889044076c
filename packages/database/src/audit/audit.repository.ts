import { sql, type Db } from '../db.ts';
import { runBatches } from '../run-batches.ts';

const sealLimit = 5_000;

/** Adds what was recorded since to the hash chain, batch by batch. */
export async function sealAudit(db: Db, signal: AbortSignal): Promise<void> {
  await runBatches(sealLimit, signal, (limit) => db.$queryRaw(sql`SELECT audit.seal(${limit}::integer) AS done`));
}

/** Partitions of the log for this month and three ahead; until then the default partition takes what comes. */
export async function makeAuditPartitions(db: Db): Promise<void> {
  await db.$queryRaw(sql`SELECT audit.make_partitions(3)`);
}
