import { sharedProblems, type MemberRole } from '@pika/shared';
import { sql, type Db } from './db.ts';

/**
 * What the transaction's person is in the business it acts for, as it stands now: an access token says what it was when
 * that was issued. Throws `record.notFound` for strangers, `access.denied` for members with another role.
 */
export async function assertBusinessRole(tx: Db, allowed: readonly MemberRole[]): Promise<MemberRole> {
  const [row] = await tx.$queryRaw<{ role: MemberRole | null }[]>(sql`SELECT security.business_role() AS role`);
  const role = row?.role ?? null;
  if (role === null) throw sharedProblems['record.notFound']();
  if (!allowed.includes(role)) throw sharedProblems['access.denied']();
  return role;
}
