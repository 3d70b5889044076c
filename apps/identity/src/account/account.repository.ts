import { sql, type Db } from '@pika/database';

export interface CredentialRow {
  userId: string;
  passwordHash: string;
  isActive: boolean;
  isVerified: boolean;
}

/** For a caller who is not known yet. */
export async function findCredential(db: Db, email: string): Promise<CredentialRow | null> {
  const [row] = await db.$queryRaw<CredentialRow[]>(sql`
    SELECT user_id AS "userId", password_hash AS "passwordHash", is_active AS "isActive", is_verified AS "isVerified"
    FROM identity.find_credential(${email})`);
  return row ?? null;
}

/** Of the person the transaction acts for. */
export async function getOwnEmail(db: Db, userId: string): Promise<string> {
  const [row] = await db.$queryRaw<{ email: string }[]>(sql`
    SELECT email FROM users.users WHERE id = ${userId}::uuid`);
  if (row === undefined) throw new Error('The person of this transaction does not exist.');
  return row.email;
}

/** False where somebody has that address. A language that we do not have is left out. */
export async function insertUser(
  db: Db,
  user: { id: string; email: string; displayName: string; language: string; now: Date },
): Promise<boolean> {
  const inserted = await db.$executeRaw(sql`
    INSERT INTO users.users (id, email, display_name, language_code, created_at, updated_at)
    VALUES (${user.id}::uuid, ${user.email}, ${user.displayName},
      (SELECT code FROM i18n.languages WHERE code = ${user.language}), ${user.now}::timestamptz, ${user.now}::timestamptz)
    ON CONFLICT (email) DO NOTHING`);
  return inserted > 0;
}

export async function insertCredential(
  db: Db,
  { userId, passwordHash, now }: { userId: string; passwordHash: string; now: Date },
): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO identity.credentials (user_id, password_hash, password_changed_at, updated_at)
    VALUES (${userId}::uuid, ${passwordHash}, ${now}::timestamptz, ${now}::timestamptz)`);
}

export async function markEmailVerified(db: Db, { userId, now }: { userId: string; now: Date }): Promise<void> {
  await db.$executeRaw(sql`
    UPDATE identity.credentials SET email_verified_at = ${now}::timestamptz
    WHERE user_id = ${userId}::uuid AND email_verified_at IS NULL`);
}

/**
 * Whether that is the person's password still. It is until the transaction ends: who sets another one waits, and finds
 * what is written here.
 */
export async function lockPassword(
  db: Db,
  { userId, passwordHash }: { userId: string; passwordHash: string },
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(sql`
    SELECT user_id FROM identity.credentials
    WHERE user_id = ${userId}::uuid AND password_hash = ${passwordHash} FOR NO KEY UPDATE`);
  return rows.length > 0;
}

/** A new password. */
export async function updatePassword(
  db: Db,
  { userId, passwordHash, now }: { userId: string; passwordHash: string; now: Date },
): Promise<void> {
  await db.$executeRaw(sql`
    UPDATE identity.credentials SET password_hash = ${passwordHash}, password_changed_at = ${now}::timestamptz
    WHERE user_id = ${userId}::uuid`);
}

/** The same password under other costs, unless it was changed in between. */
export async function updateHash(
  db: Db,
  { userId, from, to }: { userId: string; from: string; to: string },
): Promise<void> {
  await db.$executeRaw(sql`
    UPDATE identity.credentials SET password_hash = ${to} WHERE user_id = ${userId}::uuid AND password_hash = ${from}`);
}
