import { sql, type Db } from '@pika/database';
import type { MemberRole, PlatformRole } from '@pika/shared';

export interface ProfileRow {
  id: string;
  email: string;
  isEmailVerified: boolean;
  displayName: string;
  language: string | null;
  hasSecondFactor: boolean;
  roles: PlatformRole[];
  businesses: Record<string, MemberRole>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The transaction's own person, or null where they are no more. */
export async function findProfile(tx: Db, userId: string): Promise<ProfileRow | null> {
  const rows = await tx.$queryRaw<ProfileRow[]>(sql`
    SELECT person.id, person.email, credential.email_verified_at IS NOT NULL AS "isEmailVerified",
      person.display_name AS "displayName", person.language_code AS language,
      factor.confirmed_at IS NOT NULL AS "hasSecondFactor",
      claims.roles, claims.businesses, person.version, person.created_at AS "createdAt", person.updated_at AS "updatedAt"
    FROM users.users person
    CROSS JOIN identity.own_claims() AS claims
    LEFT JOIN identity.credentials credential ON credential.user_id = person.id
    LEFT JOIN identity.totp_factors factor ON factor.user_id = person.id
    WHERE person.id = ${userId}::uuid`);
  return rows[0] ?? null;
}

export const lockUser = (userId: string) =>
  sql`SELECT version FROM users.users WHERE id = ${userId}::uuid AND deleted_at IS NULL FOR UPDATE`;

export async function updateDisplayName(tx: Db, userId: string, displayName: string): Promise<void> {
  await tx.$executeRaw(sql`UPDATE users.users SET display_name = ${displayName} WHERE id = ${userId}::uuid`);
}
