import { lockVersion, type Db } from '@pika/database';
import { newId, sharedProblems, type Problem } from '@pika/shared';
import { newShortCode } from '@pika/shared/voucher-token';
import { voucherProblems } from '../problems.ts';
import { lastingViolations } from './claim.mapper.ts';
import {
  claimVoucher,
  findClaim,
  lockOwnClaim,
  releaseClaim,
  type ClaimRow,
  type Viewpoint,
} from './claim.repository.ts';

export async function getClaim(db: Db, id: string, view: Viewpoint): Promise<ClaimRow> {
  const row = await findClaim(db, id, view);
  if (row === null) throw sharedProblems['record.notFound']();
  return row;
}

/** Of so many random codes of 44 bits one is free. */
const shortCodesTried = 4;

/** The claim, new or the one there is already, or why there is none. Throws `voucher.notFound`. */
export async function claimOnce(
  tx: Db,
  { voucherId, sourceId }: { voucherId: string; sourceId: string },
  view: Viewpoint,
): Promise<{ row: ClaimRow; isNew: boolean } | Problem> {
  const { verdict, claimId, violations } = await claimVoucher(tx, {
    voucherId,
    sourceId,
    id: newId(view.at),
    shortCodes: Array.from({ length: shortCodesTried }, () => newShortCode()),
    language: view.language.chain[0] ?? null,
    at: view.at,
  });
  if (verdict === 'notFound') throw voucherProblems['voucher.notFound']();
  if (verdict === 'refused') return voucherProblems['claim.refused']({ violations: violations ?? [] });
  return { row: await getClaim(tx, claimId ?? '', view), isNew: verdict === 'claimed' };
}

/** Gives back what the claim counted. Done once more it does nothing. Throws `claim.over` for what was redeemed. */
export async function releaseOnce(
  tx: Db,
  { id, userId, ifMatch }: { id: string; userId: string; ifMatch: string | undefined },
  view: Viewpoint,
): Promise<void> {
  await lockVersion(tx, lockOwnClaim(id), ifMatch);
  if (await releaseClaim(tx, id, userId)) return;
  const row = await getClaim(tx, id, view);
  if (row.state === 'released') return;
  throw voucherProblems['claim.over']({ violations: lastingViolations(row) });
}
