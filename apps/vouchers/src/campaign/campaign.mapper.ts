import { instantText } from '@pika/shared';
import type { CampaignRow } from './campaign.repository.ts';
import type { Campaign } from './campaign.schemas.ts';

export function mapCampaign(row: CampaignRow): Campaign {
  return {
    id: row.id,
    businessId: row.businessId,
    version: row.version,
    name: row.name,
    startsAt: row.startsAt === null ? null : instantText(row.startsAt),
    endsAt: row.endsAt === null ? null : instantText(row.endsAt),
    limitTotal: row.limitTotal,
    limitPerUser: row.limitPerUser,
    budgetMinor: row.budgetMinor,
    currency: row.currency,
    voucherCount: row.voucherCount,
    counters: { redeemed: row.usedCount, discountMinor: row.discountMinor },
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  };
}
