import { sharedProblems, type Caller, type MemberRole } from '@pika/shared';
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

/** `assertBusinessRole` for routes that take keys too. Throws `record.notFound` for a key that is not good any more. */
export async function assertActsForBusiness(tx: Db, caller: Caller, allowed: readonly MemberRole[]): Promise<void> {
  if (caller.kind === 'user') {
    await assertBusinessRole(tx, allowed);
    return;
  }
  const [row] = await tx.$queryRaw<{ acts: boolean }[]>(sql`
    SELECT security.current_business_id() IS NOT NULL AS acts`);
  if (row?.acts !== true) throw sharedProblems['record.notFound']();
}
