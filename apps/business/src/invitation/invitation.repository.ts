import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { MemberRole } from '@pika/shared';

export interface InvitationRow {
  id: string;
  email: string;
  role: MemberRole;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export interface Acceptance {
  verdict: 'accepted' | 'expired' | 'emailNotVerified' | 'unknown';
  businessId: string | null;
  role: MemberRole | null;
}

/** The latest first: ids begin with the time. */
export const invitationList: PagedList<InvitationRow> = {
  name: 'invitations',
  columns: [{ column: sql`id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

/** Up to `limit` of the transaction's business, behind `after`. */
export function listInvitations(
  tx: Db,
  { businessId, after, limit }: { businessId: string; after: readonly PageKey[] | null; limit: number },
): Promise<InvitationRow[]> {
  return tx.$queryRaw<InvitationRow[]>(sql`
    SELECT id, email, role::text AS role, invited_by AS "invitedBy", created_at AS "createdAt",
      expires_at AS "expiresAt", accepted_at AS "acceptedAt", revoked_at AS "revokedAt"
    FROM business.invitations
    WHERE business_id = ${businessId}::uuid AND ${rowsAfter(invitationList, after)}
    ORDER BY ${orderOf(invitationList)}
    LIMIT ${limit}::integer`);
}

/**
 * How long the transaction's business has to wait until it has made fewer than `perDay` in a day: 0 where it has not made
 * so many. Others of the business wait until the transaction ends.
 */
export async function secondsToNextInvitation(
  tx: Db,
  { businessId, perDay, now }: { businessId: string; perDay: number; now: Date },
): Promise<number> {
  await tx.$queryRaw(sql`SELECT pg_advisory_xact_lock(hashtextextended(${businessId}, 7268))::text`);
  const [row] = await tx.$queryRaw<{ seconds: number }[]>(sql`
    SELECT ceil(extract(epoch FROM created_at + interval '1 day' - ${now}::timestamptz))::integer AS seconds
    FROM business.invitations
    WHERE business_id = ${businessId}::uuid AND created_at > ${now}::timestamptz - interval '1 day'
    ORDER BY created_at DESC
    OFFSET ${perDay - 1}::integer LIMIT 1`);
  return row?.seconds ?? 0;
}

export async function insertInvitation(
  tx: Db,
  invitation: Omit<InvitationRow, 'acceptedAt' | 'revokedAt'> & { businessId: string; tokenHash: Uint8Array },
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO business.invitations (id, business_id, email, role, token_hash, invited_by, created_at, expires_at)
    VALUES (${invitation.id}::uuid, ${invitation.businessId}::uuid, ${invitation.email},
      ${invitation.role}::business.member_role, ${invitation.tokenHash}::bytea, ${invitation.invitedBy}::uuid,
      ${invitation.createdAt}::timestamptz, ${invitation.expiresAt}::timestamptz)`);
}

/** Whether a member of the transaction's business has that address; for its owners and managers. */
export async function isMember(tx: Db, email: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>(sql`
    SELECT person.id FROM users.colleagues() AS person WHERE person.email = ${email}`);
  return rows.length > 0;
}

/** The open one to that address makes way for another. */
export async function revokeInvitationTo(
  tx: Db,
  { businessId, email, now }: { businessId: string; email: string; now: Date },
): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE business.invitations SET revoked_at = ${now}::timestamptz
    WHERE business_id = ${businessId}::uuid AND email = ${email} AND accepted_at IS NULL AND revoked_at IS NULL`);
}

/** What somebody offered who goes. */
export async function revokeInvitationsBy(
  tx: Db,
  { businessId, userId, now }: { businessId: string; userId: string; now: Date },
): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE business.invitations SET revoked_at = ${now}::timestamptz
    WHERE business_id = ${businessId}::uuid AND invited_by = ${userId}::uuid AND accepted_at IS NULL
      AND revoked_at IS NULL`);
}

/** Whether it was open. */
export async function revokeInvitation(
  tx: Db,
  { businessId, id, now }: { businessId: string; id: string; now: Date },
): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    UPDATE business.invitations SET revoked_at = ${now}::timestamptz
    WHERE business_id = ${businessId}::uuid AND id = ${id}::uuid AND accepted_at IS NULL AND revoked_at IS NULL`);
  return count > 0;
}

/** Makes the transaction's person a member. */
export async function acceptInvitation(tx: Db, tokenHash: Uint8Array, now: Date): Promise<Acceptance> {
  const [row] = await tx.$queryRaw<[Acceptance]>(sql`
    SELECT verdict, business_id AS "businessId", role::text AS role
    FROM business.accept_invitation(${tokenHash}::bytea, ${now}::timestamptz)`);
  return row;
}
