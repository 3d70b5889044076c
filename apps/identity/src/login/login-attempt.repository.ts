import { runBatches, sql, type Db } from '@pika/database';
import { networkOf } from '@pika/shared';

type LoginFailure = 'wrong_password' | 'unknown_email';
export type LoginOutcome = 'success' | 'wrong_code' | 'incomplete';

interface NewLoginAttempt {
  id: string;
  emailHash: Uint8Array;
  clientAddress: string;
  failure: LoginFailure;
  now: Date;
}

/** Where a try came from, as it is counted; from no address alike from the unspecified one. */
const counted = (clientAddress: string): string => networkOf(clientAddress) ?? '0.0.0.0';

/** Counts a try as a failure before it is one; how many seconds too early it comes, 0 where it may go on. */
export async function openLoginAttempt(db: Db, attempt: NewLoginAttempt): Promise<number> {
  const [row] = await db.$queryRaw<{ waitSeconds: number }[]>(sql`
    SELECT security.open_login_attempt(
      ${attempt.id}::uuid, ${attempt.emailHash}, ${counted(attempt.clientAddress)}::inet,
      ${attempt.failure}::security.login_outcome, ${attempt.now}::timestamptz
    ) AS "waitSeconds"`);
  if (row === undefined) throw new Error('security.open_login_attempt gave no verdict');
  return row.waitSeconds;
}

/** How a try ended whose password was right. */
export async function settleLoginAttempt(db: Db, id: string, outcome: LoginOutcome): Promise<void> {
  await db.$queryRaw(sql`
    SELECT security.settle_login_attempt(${id}::uuid, ${outcome}::security.login_outcome)::text`);
}

/** Failures before it count no more. */
export async function insertPasswordReset(
  db: Db,
  { id, emailHash, clientAddress, now }: Omit<NewLoginAttempt, 'failure'>,
): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO security.login_attempts (id, email_hash, client_address, outcome, attempted_at)
    VALUES (${id}::uuid, ${emailHash}, ${counted(clientAddress)}::inet, 'password_reset', ${now}::timestamptz)`);
}

/** Deletes those from before then, batch by batch. */
export async function pruneLoginAttempts(db: Db, before: Date, signal: AbortSignal): Promise<void> {
  await runBatches(1_000, signal, (limit) =>
    db.$queryRaw(sql`SELECT security.prune_login_attempts(${before}::timestamptz, ${limit}::integer) AS done`),
  );
}
