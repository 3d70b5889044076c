import { stableId } from '../content/ids.ts';
import { sql, type Db } from '../db.ts';
import { campaigns, limits, type SeedLimits } from './content/limits.ts';

const campaignIdOf = (business: string, slug: string) => stableId(`campaign:${business}/${slug}`);

/** Limits, campaigns and codes of drafts: of what was published before nothing is changed. */
export async function seedLimits(
  db: Db,
  {
    businessIdOf,
    voucherIdOf,
  }: { businessIdOf: (slug: string) => string; voucherIdOf: (business: string, slug: string) => string },
): Promise<void> {
  for (const { business, slug, name, limitTotal, limitPerUser } of campaigns) {
    await db.$executeRaw(sql`
      INSERT INTO marketplace.campaigns (id, business_id, name, limit_total, limit_per_user)
      VALUES (${campaignIdOf(business, slug)}::uuid, ${businessIdOf(business)}::uuid, ${name}, ${limitTotal}::integer,
        ${limitPerUser}::integer)
      ON CONFLICT DO NOTHING`);
  }
  for (const each of limits) {
    const voucherId = voucherIdOf(each.business, each.voucher);
    await setLimits(db, voucherId, each);
    if (each.code !== undefined) await insertStaticCode(db, voucherId, businessIdOf(each.business), each.code);
  }
}

async function setLimits(db: Db, voucherId: string, limited: SeedLimits): Promise<void> {
  const { business, campaign } = limited;
  await db.$executeRaw(sql`
    UPDATE marketplace.vouchers
    SET limit_total = ${limited.total ?? null}::integer, limit_per_user = ${limited.perUser ?? null}::integer,
      limit_per_user_day = ${limited.perUserDay ?? null}::integer,
      limit_per_location_day = ${limited.perLocationDay ?? null}::integer,
      budget_minor = ${limited.budgetMinor ?? null}::bigint, claim_limit_per_user = ${limited.claimsPerUser ?? null}::integer,
      campaign_id = ${campaign === undefined ? null : campaignIdOf(business, campaign)}::uuid
    WHERE id = ${voucherId}::uuid AND state = 'draft'`);
}

async function insertStaticCode(db: Db, voucherId: string, businessId: string, code: string): Promise<void> {
  const batchId = stableId(`batch:${code}`);
  await db.$executeRaw(sql`
    INSERT INTO marketplace.code_batches
      (id, voucher_id, business_id, kind, requested_count, made_count, length, state, finished_at)
    VALUES (${batchId}::uuid, ${voucherId}::uuid, ${businessId}::uuid, 'static', 1, 1, ${code.length}::integer, 'done', now())
    ON CONFLICT DO NOTHING`);
  await db.$executeRaw(sql`
    INSERT INTO marketplace.voucher_codes (id, voucher_id, batch_id, kind, code)
    VALUES (${stableId(`code:${code}`)}::uuid, ${voucherId}::uuid, ${batchId}::uuid, 'static', ${code})
    ON CONFLICT DO NOTHING`);
}
