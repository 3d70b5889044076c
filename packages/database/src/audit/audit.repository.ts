import { sql, type Db } from '../db.ts';

const sealLimit = 5_000;

/** Adds what was recorded since to the hash chain, batch by batch. */
export async function sealAudit(db: Db, signal: AbortSignal): Promise<void> {
  for (let sealed = sealLimit; sealed >= sealLimit && !signal.aborted;) {
    const [row] = await db.$queryRaw<{ sealed: number }[]>(sql`SELECT audit.seal(${sealLimit}::integer) AS sealed`);
    sealed = row?.sealed ?? 0;
  }
}

/** Partitions of the log for this month and three ahead; until then the default partition takes what comes. */
export async function makeAuditPartitions(db: Db): Promise<void> {
  await db.$queryRaw(sql`SELECT audit.make_partitions(3)`);
}
