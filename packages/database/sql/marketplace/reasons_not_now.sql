-- drop: DROP FUNCTION marketplace.reasons_not_now(uuid, uuid, text, boolean, timestamptz, uuid, timestamptz);
-- marketplace.reasons_not_now: why a published voucher cannot be redeemed at a place at an instant, as the inside of a JSON
-- array of codes, in the order of marketplace.decide and by the same rules; '' where it can. What a consumer brings along
-- (a claim, a code, a position, an amount) is not asked for. `p_user_id` NULL: for anybody, so no limits of a person.
-- A plain query that the planner takes into the list's own plan: no function is called for each card.
CREATE OR REPLACE FUNCTION marketplace.reasons_not_now(
  p_voucher_id uuid, p_location_id uuid, p_time_zone text, p_is_open boolean, p_valid_from timestamptz, p_user_id uuid,
  p_at timestamptz
) RETURNS TABLE (reasons text) LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT concat_ws(',',
    CASE WHEN p_valid_from > p_at THEN '"voucher.notYetValid"' END,
    CASE WHEN voucher.redeemable_hours IS NOT NULL AND NOT voucher.redeemable_hours @> (
        (extract(isodow FROM p_at AT TIME ZONE p_time_zone)::integer - 1) * 1440
        + extract(hour FROM p_at AT TIME ZONE p_time_zone)::integer * 60
        + extract(minute FROM p_at AT TIME ZONE p_time_zone)::integer
      ) THEN '"voucher.outsideHours"' END,
    CASE WHEN NOT p_is_open THEN '"location.closed"' END,
    CASE WHEN voucher.campaign_id IS NOT NULL THEN (
      SELECT CASE WHEN p_at < campaign.starts_at THEN '"campaign.notStarted"'
        WHEN p_at >= campaign.ends_at OR campaign.deleted_at IS NOT NULL THEN '"campaign.ended"' END
      FROM marketplace.campaigns campaign WHERE campaign.id = voucher.campaign_id
    ) END,
    CASE WHEN voucher.limit_total IS NOT NULL AND counter.used_count + (
        SELECT count(*) - coalesce(max((hold.user_id = p_user_id)::integer), 0) FROM marketplace.holds hold
        WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at
      ) >= voucher.limit_total THEN '"voucher.soldOut"' END,
    CASE WHEN counter.discount_minor >= voucher.budget_minor THEN '"voucher.budgetExhausted"' END,
    CASE WHEN p_user_id IS NOT NULL AND voucher.limit_per_user IS NOT NULL AND coalesce((
        SELECT own.used_count FROM marketplace.user_counters own
        WHERE own.user_id = p_user_id AND own.voucher_id = p_voucher_id
      ), 0) + (
        SELECT greatest(count(*) - 1, 0) FROM marketplace.holds hold
        WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.user_id = p_user_id
      ) >= voucher.limit_per_user THEN '"user.limitReached"' END,
    CASE WHEN p_user_id IS NOT NULL AND voucher.limit_per_user_day IS NOT NULL AND (
        SELECT own.used_count FROM marketplace.user_day_counters own
        WHERE own.user_id = p_user_id AND own.voucher_id = p_voucher_id AND own.day = (p_at AT TIME ZONE p_time_zone)::date
      ) >= voucher.limit_per_user_day THEN '"user.dailyLimitReached"' END,
    CASE WHEN voucher.limit_per_location_day IS NOT NULL AND (
        SELECT place.used_count FROM marketplace.location_day_counters place
        WHERE place.voucher_id = p_voucher_id AND place.location_id = p_location_id
          AND place.day = (p_at AT TIME ZONE p_time_zone)::date
      ) >= voucher.limit_per_location_day THEN '"location.dailyLimitReached"' END,
    CASE WHEN voucher.campaign_id IS NOT NULL THEN (
      SELECT nullif(concat_ws(',',
        CASE WHEN campaign.limit_total IS NOT NULL AND shared.used_count + (
            SELECT count(*) - coalesce(max((hold.user_id = p_user_id AND hold.voucher_id = p_voucher_id)::integer), 0)
            FROM marketplace.vouchers sister
            JOIN marketplace.holds hold
              ON hold.voucher_id = sister.id AND hold.released_at IS NULL AND hold.expires_at > p_at
            WHERE sister.campaign_id = voucher.campaign_id
          ) >= campaign.limit_total THEN '"campaign.soldOut"' END,
        CASE WHEN shared.discount_minor >= campaign.budget_minor THEN '"campaign.budgetExhausted"' END,
        CASE WHEN p_user_id IS NOT NULL AND campaign.limit_per_user IS NOT NULL AND coalesce((
            SELECT own.used_count FROM marketplace.campaign_user_counters own
            WHERE own.user_id = p_user_id AND own.campaign_id = voucher.campaign_id
          ), 0) + (
            SELECT count(*) - coalesce(max((hold.voucher_id = p_voucher_id)::integer), 0)
            FROM marketplace.vouchers sister
            JOIN marketplace.holds hold
              ON hold.voucher_id = sister.id AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.user_id = p_user_id
            WHERE sister.campaign_id = voucher.campaign_id
          ) >= campaign.limit_per_user THEN '"campaign.userLimitReached"' END), '')
      FROM marketplace.campaigns campaign
      JOIN marketplace.campaign_counters shared ON shared.campaign_id = campaign.id
      WHERE campaign.id = voucher.campaign_id
    ) END
  )
  FROM marketplace.vouchers voucher
  LEFT JOIN marketplace.voucher_counters counter ON counter.voucher_id = voucher.id
  WHERE voucher.id = p_voucher_id
$$;
