import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { MemberRole, PlatformRole } from '@pika/shared';

type UserState = 'active' | 'suspended' | 'erased';

export interface UserRow {
  id: string;
  email: string;
  displayName: string;
  state: UserState;
  roles: PlatformRole[];
  createdAt: Date;
}

export interface UserDetailRow extends UserRow {
  stateReason: string | null;
  language: string | null;
  isEmailVerified: boolean;
  businesses: { id: string; role: MemberRole }[];
  sessionCount: number;
  lastUsedAt: Date | null;
  version: number;
  updatedAt: Date;
}

interface UserFilter {
  email: string | undefined;
  name: string | undefined;
  state: UserState | undefined;
  role: PlatformRole | undefined;
}

/** The latest first: ids begin with the time. */
export const userList: PagedList<UserRow> = {
  name: 'users',
  columns: [{ column: sql`person.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

const roles = sql`ARRAY(
  SELECT held.role::text FROM identity.role_grants held WHERE held.user_id = person.id ORDER BY held.role)`;

const columns = sql`
  person.id, person.email, person.display_name AS "displayName", person.state::text AS state, ${roles} AS roles,
  person.created_at AS "createdAt"`;

/** With LIKE's own signs taken literally. */
const literal = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

/** Up to `limit`, behind `after`. Only who is not erased is found by e-mail address or name. */
export function listUsers(
  tx: Db,
  filter: UserFilter,
  { after, limit }: { after: readonly PageKey[] | null; limit: number },
): Promise<UserRow[]> {
  const { email, name, state, role } = filter;
  const conditions = [
    rowsAfter(userList, after),
    ...(email === undefined ? [] : [sql`person.deleted_at IS NULL AND person.email LIKE ${`${literal(email)}%`}`]),
    ...(name === undefined
      ? []
      : [sql`person.deleted_at IS NULL AND person.display_name ILIKE ${`%${literal(name)}%`}`]),
    ...(state === undefined ? [] : [sql`person.state = ${state}::users.user_state`]),
    ...(role === undefined
      ? []
      : [
          sql`EXISTS (
            SELECT FROM identity.role_grants held
            WHERE held.user_id = person.id AND held.role = ${role}::identity.platform_role)`,
        ]),
  ].reduce((all, condition) => sql`${all} AND ${condition}`);
  return tx.$queryRaw<UserRow[]>(sql`
    SELECT ${columns} FROM users.users person
    WHERE ${conditions}
    ORDER BY ${orderOf(userList)}
    LIMIT ${limit}::integer`);
}

export async function findUser(tx: Db, id: string, now: Date): Promise<UserDetailRow | null> {
  const rows = await tx.$queryRaw<UserDetailRow[]>(sql`
    SELECT ${columns}, person.state_reason AS "stateReason", person.language_code AS language, person.version,
      person.updated_at AS "updatedAt", credential.email_verified_at IS NOT NULL AS "isEmailVerified",
      coalesce(open.count, 0)::integer AS "sessionCount", open.last_used_at AS "lastUsedAt",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', member.business_id, 'role', member.role)
         ORDER BY member.created_at, member.business_id), '[]')
       FROM business.members member WHERE member.user_id = person.id) AS businesses
    FROM users.users person
    LEFT JOIN identity.credentials credential ON credential.user_id = person.id
    LEFT JOIN LATERAL (
      SELECT count(*) AS count, max(session.last_used_at) AS last_used_at FROM identity.sessions session
      WHERE session.user_id = person.id AND session.revoked_at IS NULL AND session.expires_at > ${now}::timestamptz
    ) AS open ON true
    WHERE person.id = ${id}::uuid`);
  return rows[0] ?? null;
}

export const lockUser = (id: string) => sql`
  SELECT version FROM users.users WHERE id = ${id}::uuid FOR UPDATE`;

export async function updateState(tx: Db, id: string, state: UserState, reason: string): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE users.users SET state = ${state}::users.user_state, state_reason = ${reason} WHERE id = ${id}::uuid`);
}

export async function listOpenSessions(tx: Db, userId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM identity.sessions
    WHERE (user_id = ${userId}::uuid OR impersonated_by = ${userId}::uuid) AND revoked_at IS NULL`);
  return rows.map(({ id }) => id);
}

/** Whether they did not hold it. */
export async function insertRole(tx: Db, grant: { id: string; role: PlatformRole; by: string }): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    INSERT INTO identity.role_grants (user_id, role, granted_by)
    VALUES (${grant.id}::uuid, ${grant.role}::identity.platform_role, ${grant.by}::uuid)
    ON CONFLICT DO NOTHING`);
  return count > 0;
}

/** Whether they held it. */
export async function deleteRole(tx: Db, id: string, role: PlatformRole): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    DELETE FROM identity.role_grants WHERE user_id = ${id}::uuid AND role = ${role}::identity.platform_role`);
  return count > 0;
}

/** Of that person, and where they act as others. */
export async function revokeSessions(tx: Db, userId: string, reason: string, now: Date): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE identity.sessions SET revoked_at = ${now}::timestamptz, revoke_reason = ${reason}
    WHERE (user_id = ${userId}::uuid OR impersonated_by = ${userId}::uuid) AND revoked_at IS NULL`);
}

interface ImpersonationRow {
  isOperator: boolean;
  businesses: Record<string, MemberRole>;
  languageCode: string | null;
}

/** Null for who may not log in. */
export async function startImpersonation(
  tx: Db,
  session: {
    id: string;
    userId: string;
    reason: string;
    userAgent: string | null;
    clientAddress: string | null;
    now: Date;
    expiresAt: Date;
  },
): Promise<ImpersonationRow | null> {
  const rows = await tx.$queryRaw<ImpersonationRow[]>(sql`
    SELECT is_operator AS "isOperator", businesses, language_code AS "languageCode"
    FROM identity.start_impersonation(${session.id}::uuid, ${session.userId}::uuid, ${session.reason},
      ${session.userAgent}, ${session.clientAddress}::inet, ${session.now}::timestamptz,
      ${session.expiresAt}::timestamptz)`);
  return rows[0] ?? null;
}
