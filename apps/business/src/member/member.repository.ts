import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { MemberRole } from '@pika/shared';

export interface MemberRow {
  userId: string;
  email: string;
  displayName: string;
  role: MemberRole;
  createdAt: Date;
  /** As PostgreSQL writes it. */
  createdAtText: string;
}

/** The oldest first. */
export const memberList: PagedList<MemberRow> = {
  name: 'members',
  columns: [
    {
      column: sql`member.created_at`,
      keyOf: ({ createdAtText }) => createdAtText,
      value: (key) => sql`${key}::timestamptz`,
    },
    { column: sql`member.user_id`, keyOf: ({ userId }) => userId, value: (key) => sql`${key}::uuid` },
  ],
};

const columns = sql`
  member.user_id AS "userId", person.email, person.display_name AS "displayName", member.role::text AS role,
  member.created_at AS "createdAt", member.created_at::text AS "createdAtText"`;

/** Up to `limit` of the transaction's business, behind `after`; for its owners and managers. */
export function listMembers(
  tx: Db,
  { businessId, after, limit }: { businessId: string; after: readonly PageKey[] | null; limit: number },
): Promise<MemberRow[]> {
  return tx.$queryRaw<MemberRow[]>(sql`
    SELECT ${columns}
    FROM business.members member JOIN users.colleagues() AS person ON person.id = member.user_id
    WHERE member.business_id = ${businessId}::uuid AND ${rowsAfter(memberList, after)}
    ORDER BY ${orderOf(memberList)}
    LIMIT ${limit}::integer`);
}

export async function findMember(tx: Db, businessId: string, userId: string): Promise<MemberRow | null> {
  const rows = await tx.$queryRaw<MemberRow[]>(sql`
    SELECT ${columns}
    FROM business.members member JOIN users.colleagues() AS person ON person.id = member.user_id
    WHERE member.business_id = ${businessId}::uuid AND member.user_id = ${userId}::uuid`);
  return rows[0] ?? null;
}

export async function updateRole(
  tx: Db,
  { businessId, userId, role }: { businessId: string; userId: string; role: MemberRole },
): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE business.members SET role = ${role}::business.member_role
    WHERE business_id = ${businessId}::uuid AND user_id = ${userId}::uuid`);
}

/** Whether there was one. */
export async function deleteMember(tx: Db, businessId: string, userId: string): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    DELETE FROM business.members WHERE business_id = ${businessId}::uuid AND user_id = ${userId}::uuid`);
  return count > 0;
}
