import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList, type Sql } from '@pika/database';
import type { CampaignContent } from './campaign.schemas.ts';

export interface CampaignRow extends CampaignContent {
  id: string;
  businessId: string;
  version: number;
  voucherCount: number;
  usedCount: number;
  discountMinor: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The latest first: ids begin with the time. */
export const campaignList: PagedList<CampaignRow> = {
  name: 'campaigns',
  columns: [{ column: sql`c.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

const selectCampaigns = sql`
  SELECT c.id, c.business_id AS "businessId", c.version, c.name, c.starts_at AS "startsAt", c.ends_at AS "endsAt",
    c.limit_total AS "limitTotal", c.limit_per_user AS "limitPerUser", c.budget_minor::float8 AS "budgetMinor", c.currency,
    c.created_at AS "createdAt", c.updated_at AS "updatedAt", counter.used_count AS "usedCount",
    counter.discount_minor::float8 AS "discountMinor",
    (SELECT count(*)::integer FROM marketplace.vouchers v WHERE v.campaign_id = c.id AND v.deleted_at IS NULL)
      AS "voucherCount"
  FROM marketplace.campaigns c
  JOIN marketplace.campaign_counters counter ON counter.campaign_id = c.id`;

export async function findCampaign(db: Db, businessId: string, id: string): Promise<CampaignRow | null> {
  const rows = await db.$queryRaw<CampaignRow[]>(sql`
    /* findCampaign */
    ${selectCampaigns}
    WHERE c.id = ${id}::uuid AND c.business_id = ${businessId}::uuid AND c.deleted_at IS NULL`);
  return rows[0] ?? null;
}

/** Up to `limit` of the business, behind `after`. */
export function listCampaigns(
  db: Db,
  { businessId, after, limit }: { businessId: string; after: readonly PageKey[] | null; limit: number },
): Promise<CampaignRow[]> {
  return db.$queryRaw<CampaignRow[]>(sql`
    /* listCampaigns */
    ${selectCampaigns}
    WHERE c.business_id = ${businessId}::uuid AND c.deleted_at IS NULL AND ${rowsAfter(campaignList, after)}
    ORDER BY ${orderOf(campaignList)}
    LIMIT ${limit}::integer`);
}

export const lockCampaign = (businessId: string, id: string): Sql => sql`
  SELECT version FROM marketplace.campaigns
  WHERE id = ${id}::uuid AND business_id = ${businessId}::uuid AND deleted_at IS NULL
  FOR NO KEY UPDATE`;

export async function isCurrency(tx: Db, code: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>(sql`SELECT code FROM catalog.currencies WHERE code = ${code}`);
  return rows.length > 0;
}

const columns = sql`name, starts_at, ends_at, limit_total, limit_per_user, budget_minor, currency`;

const valuesOf = (campaign: CampaignContent): Sql => sql`
  ${campaign.name}, ${campaign.startsAt}::timestamptz, ${campaign.endsAt}::timestamptz, ${campaign.limitTotal}::integer,
  ${campaign.limitPerUser}::integer, ${campaign.budgetMinor}::bigint, ${campaign.currency}`;

export async function insertCampaign(
  tx: Db,
  { id, businessId }: { id: string; businessId: string },
  campaign: CampaignContent,
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO marketplace.campaigns (id, business_id, updated_at, ${columns})
    VALUES (${id}::uuid, ${businessId}::uuid, now(), ${valuesOf(campaign)})`);
}

export async function updateCampaign(tx: Db, id: string, campaign: CampaignContent): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE marketplace.campaigns SET (${columns}) = ROW (${valuesOf(campaign)}) WHERE id = ${id}::uuid`);
}

/** Whether it was: no living voucher belongs to it, and nothing was redeemed in it. */
export async function deleteCampaign(tx: Db, id: string, now: Date): Promise<boolean> {
  const count = await tx.$executeRaw(sql`
    UPDATE marketplace.campaigns SET deleted_at = ${now}::timestamptz
    WHERE id = ${id}::uuid
      AND NOT EXISTS (SELECT FROM marketplace.vouchers v WHERE v.campaign_id = campaigns.id AND v.deleted_at IS NULL)
      AND NOT EXISTS (
        SELECT FROM marketplace.campaign_counters counter
        WHERE counter.campaign_id = campaigns.id AND (counter.used_count > 0 OR counter.discount_minor > 0)
      )`);
  return count > 0;
}

/** Whether vouchers of the campaign count in another currency, or in none. */
export async function hasVouchersInOtherCurrency(tx: Db, id: string, currency: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>(sql`
    SELECT id FROM marketplace.vouchers
    WHERE campaign_id = ${id}::uuid AND deleted_at IS NULL AND currency IS DISTINCT FROM ${currency} LIMIT 1`);
  return rows.length > 0;
}
