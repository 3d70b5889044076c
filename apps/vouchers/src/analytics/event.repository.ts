import { sql, type Db } from '@pika/database';

export interface VoucherEvent {
  type: 'seen' | 'scanned' | 'claimed' | 'redeemed' | 'rolled_back';
  voucherId: string;
  locationId?: string | null | undefined;
  language?: string | null | undefined;
  channel?: string | undefined;
  /** How many events a sampled one stands for. */
  weight?: number;
  /** RFC 3339. */
  occurredAt: string;
}

export async function insertEvents(tx: Db, events: readonly VoucherEvent[]): Promise<void> {
  await tx.$queryRaw(sql`SELECT analytics.insert_events(${JSON.stringify(events)}::jsonb)::text`);
}

export type FunnelKey = 'voucher' | 'location' | 'day' | 'hour' | 'language' | 'channel';

export interface FunnelRow {
  key: string | null;
  seen: bigint;
  scanned: bigint;
  claimed: bigint;
  redeemed: bigint;
  rolledBack: bigint;
}

export interface FunnelQuestion {
  businessId: string;
  voucherId: string | null;
  from: Date;
  to: Date;
  by: FunnelKey;
}

/**
 * At most 1,000 groups of the transaction's business, the most redeemed first. Days and hours are those of the place, or
 * where an event names none, of the first one of the business.
 */
export function listFunnel(tx: Db, { businessId, voucherId, from, to, by }: FunnelQuestion): Promise<FunnelRow[]> {
  return tx.$queryRaw<FunnelRow[]>(sql`
    /* listFunnel */
    SELECT CASE ${by}::text
        WHEN 'voucher' THEN event.voucher_id::text
        WHEN 'location' THEN event.location_id::text
        WHEN 'day' THEN (event.occurred_at AT TIME ZONE coalesce(location.time_zone, home.time_zone, 'UTC'))::date::text
        WHEN 'hour' THEN to_char(event.occurred_at AT TIME ZONE coalesce(location.time_zone, home.time_zone, 'UTC'), 'HH24')
        WHEN 'language' THEN event.language_code
        ELSE event.channel END AS key,
      coalesce(sum(event.weight) FILTER (WHERE event.type = 'seen'), 0) AS seen,
      coalesce(sum(event.weight) FILTER (WHERE event.type = 'scanned'), 0) AS scanned,
      coalesce(sum(event.weight) FILTER (WHERE event.type = 'claimed'), 0) AS claimed,
      coalesce(sum(event.weight) FILTER (WHERE event.type = 'redeemed'), 0) AS redeemed,
      coalesce(sum(event.weight) FILTER (WHERE event.type = 'rolled_back'), 0) AS "rolledBack"
    FROM analytics.events event
    LEFT JOIN business.locations location ON location.id = event.location_id
    LEFT JOIN (
      SELECT time_zone FROM business.locations WHERE business_id = ${businessId}::uuid ORDER BY id LIMIT 1
    ) AS home ON true
    WHERE event.business_id = ${businessId}::uuid AND event.occurred_at >= ${from}::timestamptz
      AND event.occurred_at < ${to}::timestamptz
      AND (${voucherId}::uuid IS NULL OR event.voucher_id = ${voucherId}::uuid)
    GROUP BY 1
    ORDER BY redeemed DESC, claimed DESC, seen DESC, key
    LIMIT 1000`);
}
