import { sql, type Db } from '@pika/database';
import type { Violation } from '@pika/shared';

export interface HoldVerdict {
  verdict: 'held' | 'existing' | 'taken' | 'refused' | 'notFound';
  holdId: string | null;
  createdAt: Date | null;
  expiresAt: Date | null;
  violations: Violation[] | null;
}

export async function holdVoucher(
  tx: Db,
  hold: { voucherId: string; id: string; key: string; ttlSeconds: number; at: Date },
): Promise<HoldVerdict> {
  const [row] = await tx.$queryRaw<HoldVerdict[]>(sql`
    /* holdVoucher */
    SELECT verdict, hold_id AS "holdId", created_at AS "createdAt", expires_at AS "expiresAt", violations
    FROM marketplace.hold_voucher(
      ${hold.voucherId}::uuid, ${hold.id}::uuid, ${hold.key}, ${hold.ttlSeconds}::integer, ${hold.at}::timestamptz)`);
  if (row === undefined) throw new Error('marketplace.hold_voucher answered no row');
  return row;
}

/** Whether the person has ever held it under that key. */
export async function releaseHold(
  tx: Db,
  { voucherId, key, userId, at }: { voucherId: string; key: string; userId: string; at: Date },
): Promise<boolean> {
  const changed = await tx.$executeRaw(sql`
    /* releaseHold */
    UPDATE marketplace.holds SET released_at = coalesce(released_at, ${at}::timestamptz)
    WHERE voucher_id = ${voucherId}::uuid AND key = ${key} AND user_id = ${userId}::uuid`);
  return changed === 1;
}
