import type pg from 'pg';

/** Where a counter is not what the ledger adds up to: none is. Of the vouchers given, or of all. */
export async function miscounted(pool: pg.Pool, voucherIds: readonly string[] | null = null): Promise<string[]> {
  const { rows } = await pool.query<{ fault: string }>(
    `WITH live AS (
      SELECT entry.*, CASE entry.kind WHEN 'redemption' THEN 1 ELSE -1 END AS step
      FROM marketplace.redemptions entry WHERE $1::uuid[] IS NULL OR entry.voucher_id = ANY ($1)
    ),
    campaign AS (
      SELECT counter.* FROM marketplace.campaign_counters counter
      WHERE $1::uuid[] IS NULL OR counter.campaign_id IN (SELECT campaign_id FROM marketplace.vouchers WHERE id = ANY ($1))
    ),
    shared AS (
      SELECT entry.*, CASE entry.kind WHEN 'redemption' THEN 1 ELSE -1 END AS step
      FROM marketplace.redemptions entry WHERE entry.campaign_id IN (SELECT campaign_id FROM campaign)
    )
    SELECT 'voucher ' || counter.voucher_id || ' counts ' || counter.used_count || ', ' || counter.discount_minor || ' of '
      || coalesce(found.used, 0) || ', ' || coalesce(found.spent, 0) AS fault
    FROM marketplace.voucher_counters counter
    LEFT JOIN (SELECT voucher_id, sum(step) AS used, sum(discount_minor) AS spent FROM live GROUP BY 1) AS found USING (voucher_id)
    WHERE ($1::uuid[] IS NULL OR counter.voucher_id = ANY ($1))
      AND (counter.used_count <> coalesce(found.used, 0) OR counter.discount_minor <> coalesce(found.spent, 0)
        OR counter.used_count > counter.limit_total OR counter.discount_minor > counter.budget_minor)
    UNION ALL
    SELECT 'campaign ' || counter.campaign_id || ' counts ' || counter.used_count || ', ' || counter.discount_minor || ' of '
      || coalesce(found.used, 0) || ', ' || coalesce(found.spent, 0)
    FROM campaign counter
    LEFT JOIN (SELECT campaign_id, sum(step) AS used, sum(discount_minor) AS spent FROM shared GROUP BY 1) AS found USING (campaign_id)
    WHERE counter.used_count <> coalesce(found.used, 0) OR counter.discount_minor <> coalesce(found.spent, 0)
      OR counter.used_count > counter.limit_total OR counter.discount_minor > counter.budget_minor
    UNION ALL
    SELECT 'user ' || coalesce(counter.user_id, found.user_id) || ' of ' || coalesce(counter.voucher_id, found.voucher_id)
    FROM (SELECT * FROM marketplace.user_counters WHERE $1::uuid[] IS NULL OR voucher_id = ANY ($1)) AS counter
    FULL JOIN (
      SELECT voucher_id, user_id, sum(step) AS used FROM live WHERE user_id IS NOT NULL GROUP BY 1, 2
    ) AS found USING (voucher_id, user_id)
    WHERE counter.used_count IS DISTINCT FROM found.used
    UNION ALL
    SELECT 'user day ' || coalesce(counter.user_id, found.user_id) || ' of ' || coalesce(counter.voucher_id, found.voucher_id)
    FROM (SELECT * FROM marketplace.user_day_counters WHERE $1::uuid[] IS NULL OR voucher_id = ANY ($1)) AS counter
    FULL JOIN (
      SELECT voucher_id, user_id, local_day AS day, sum(step) AS used FROM live WHERE user_id IS NOT NULL GROUP BY 1, 2, 3
    ) AS found USING (voucher_id, user_id, day)
    WHERE counter.used_count IS DISTINCT FROM found.used
    UNION ALL
    SELECT 'place ' || coalesce(counter.location_id, found.location_id) || ' of ' || coalesce(counter.voucher_id, found.voucher_id)
    FROM (SELECT * FROM marketplace.location_day_counters WHERE $1::uuid[] IS NULL OR voucher_id = ANY ($1)) AS counter
    FULL JOIN (
      SELECT voucher_id, location_id, local_day AS day, sum(step) AS used FROM live GROUP BY 1, 2, 3
    ) AS found USING (voucher_id, location_id, day)
    WHERE counter.used_count IS DISTINCT FROM found.used
    UNION ALL
    SELECT 'campaign user ' || coalesce(counter.user_id, found.user_id) || ' of ' || coalesce(counter.campaign_id, found.campaign_id)
    FROM (SELECT * FROM marketplace.campaign_user_counters WHERE campaign_id IN (SELECT campaign_id FROM campaign)) AS counter
    FULL JOIN (
      SELECT campaign_id, user_id, sum(step) AS used FROM shared WHERE user_id IS NOT NULL GROUP BY 1, 2
    ) AS found USING (campaign_id, user_id)
    WHERE counter.used_count IS DISTINCT FROM found.used`,
    [voucherIds],
  );
  return rows.map(({ fault }) => fault);
}
