import { sql, type Db } from '@pika/database';

export interface PreferenceRow {
  language: string | null;
  emailActivity: boolean;
  emailOffers: boolean;
  /** Of both rows together: it moves whenever one of them does. */
  version: number;
}

/** With the defaults of who has never chosen; null for who is no more. */
export async function findPreferences(tx: Db, userId: string): Promise<PreferenceRow | null> {
  const rows = await tx.$queryRaw<PreferenceRow[]>(sql`
    SELECT person.language_code AS language, coalesce(wish.email_activity, true) AS "emailActivity",
      coalesce(wish.email_offers, false) AS "emailOffers", person.version + coalesce(wish.version, 0) AS version
    FROM users.users person LEFT JOIN users.preferences wish ON wish.user_id = person.id
    WHERE person.id = ${userId}::uuid AND person.deleted_at IS NULL`);
  return rows[0] ?? null;
}

/** Locks the person, which whoever changes either row does. */
export const lockPreferences = (userId: string) => sql`
  SELECT person.version + coalesce(wish.version, 0) AS version
  FROM users.users person LEFT JOIN users.preferences wish ON wish.user_id = person.id
  WHERE person.id = ${userId}::uuid AND person.deleted_at IS NULL
  FOR UPDATE OF person`;

export async function updateLanguage(tx: Db, userId: string, language: string | null): Promise<void> {
  await tx.$executeRaw(sql`UPDATE users.users SET language_code = ${language} WHERE id = ${userId}::uuid`);
}

export async function upsertNotifications(
  tx: Db,
  userId: string,
  { emailActivity, emailOffers }: Pick<PreferenceRow, 'emailActivity' | 'emailOffers'>,
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO users.preferences (user_id, email_activity, email_offers, updated_at)
    VALUES (${userId}::uuid, ${emailActivity}, ${emailOffers}, now())
    ON CONFLICT (user_id) DO UPDATE
    SET email_activity = excluded.email_activity, email_offers = excluded.email_offers`);
}
