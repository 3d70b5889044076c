import { sql, type Db } from '@pika/database';

/** Of the person the transaction acts for. */
interface TotpFactorRow {
  encryptedSecret: Uint8Array;
  isConfirmed: boolean;
}

export async function findTotpFactor(db: Db, userId: string): Promise<TotpFactorRow | null> {
  const [row] = await db.$queryRaw<TotpFactorRow[]>(sql`
    SELECT encrypted_secret AS "encryptedSecret", confirmed_at IS NOT NULL AS "isConfirmed"
    FROM identity.totp_factors WHERE user_id = ${userId}::uuid`);
  return row ?? null;
}

export async function isTotpOn(db: Db, userId: string): Promise<boolean> {
  return (await findTotpFactor(db, userId))?.isConfirmed === true;
}

/** In place of one that was never confirmed; false where one is in use. */
export async function replaceTotpFactor(
  db: Db,
  { userId, encryptedSecret, now }: { userId: string; encryptedSecret: Uint8Array; now: Date },
): Promise<boolean> {
  const written = await db.$executeRaw(sql`
    INSERT INTO identity.totp_factors AS factor (user_id, encrypted_secret, created_at)
    VALUES (${userId}::uuid, ${encryptedSecret}, ${now}::timestamptz)
    ON CONFLICT (user_id) DO UPDATE
    SET encrypted_secret = excluded.encrypted_secret, created_at = excluded.created_at, last_used_step = NULL
    WHERE factor.confirmed_at IS NULL`);
  return written > 0;
}

/** False where it was confirmed before, or another secret took its place. The code is spent. */
export async function confirmTotpFactor(
  db: Db,
  { userId, encryptedSecret, step, now }: { userId: string; encryptedSecret: Uint8Array; step: number; now: Date },
): Promise<boolean> {
  const confirmed = await db.$executeRaw(sql`
    UPDATE identity.totp_factors SET confirmed_at = ${now}::timestamptz, last_used_step = ${step}::bigint
    WHERE user_id = ${userId}::uuid AND encrypted_secret = ${encryptedSecret} AND confirmed_at IS NULL`);
  return confirmed > 0;
}

/** Whether no code of that step or a later one was used: of any number at once one may. */
export async function spendTotpStep(db: Db, { userId, step }: { userId: string; step: number }): Promise<boolean> {
  const spent = await db.$executeRaw(sql`
    UPDATE identity.totp_factors SET last_used_step = ${step}::bigint
    WHERE user_id = ${userId}::uuid AND confirmed_at IS NOT NULL
      AND (last_used_step IS NULL OR last_used_step < ${step}::bigint)`);
  return spent > 0;
}

export async function insertBackupCodes(
  db: Db,
  { userId, codes, now }: { userId: string; codes: readonly { id: string; hash: Uint8Array }[]; now: Date },
): Promise<void> {
  for (const { id, hash } of codes) {
    await db.$executeRaw(sql`
      INSERT INTO identity.backup_codes (id, user_id, code_hash, created_at)
      VALUES (${id}::uuid, ${userId}::uuid, ${hash}, ${now}::timestamptz)`);
  }
}

/** Whether it was good until now: of any number at once one may use it. */
export async function spendBackupCode(
  db: Db,
  { userId, hash, now }: { userId: string; hash: Uint8Array; now: Date },
): Promise<boolean> {
  const spent = await db.$executeRaw(sql`
    UPDATE identity.backup_codes SET used_at = ${now}::timestamptz
    WHERE user_id = ${userId}::uuid AND code_hash = ${hash} AND used_at IS NULL`);
  return spent > 0;
}

export async function deleteTotpFactor(db: Db, userId: string): Promise<void> {
  await db.$executeRaw(sql`DELETE FROM identity.backup_codes WHERE user_id = ${userId}::uuid`);
  await db.$executeRaw(sql`DELETE FROM identity.totp_factors WHERE user_id = ${userId}::uuid`);
}
