-- drop: DROP FUNCTION marketplace.limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text);
-- after: business/start_of_day
-- after: marketplace/instant_text
-- marketplace.limit_violations: every limit that one redemption more would pass, with its figures; the one place of these
-- rules, for who redeems at the counter and for the fold of offline scans.
-- p_used: [total, spent, by the user, by the user on the day, at the location on the day, of the campaign, spent of the
-- campaign, of the campaign by the user]; p_held, in the same places, what others' holds reserve.
CREATE OR REPLACE FUNCTION marketplace.limit_violations(
  p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_used bigint[], p_held bigint[], p_has_user boolean,
  p_discount_minor bigint, p_local_day date, p_time_zone text
) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
BEGIN
  IF p_used[1] + p_held[1] >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut', 'limit', p_voucher.limit_total, 'used', p_used[1]);
  END IF;
  IF p_used[2] + p_discount_minor > p_voucher.budget_minor THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.budgetExhausted',
      'budgetMinor', p_voucher.budget_minor, 'usedMinor', p_used[2], 'currency', p_voucher.currency);
  END IF;
  IF p_has_user AND p_used[3] + p_held[3] >= p_voucher.limit_per_user THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.limitReached', 'limit', p_voucher.limit_per_user, 'used', p_used[3]);
  END IF;
  IF p_has_user AND p_used[4] >= p_voucher.limit_per_user_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.dailyLimitReached', 'limit', p_voucher.limit_per_user_day,
      'used', p_used[4], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_used[5] >= p_voucher.limit_per_location_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'location.dailyLimitReached', 'limit', p_voucher.limit_per_location_day,
      'used', p_used[5], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_campaign.id IS NOT NULL THEN
    IF p_used[6] + p_held[6] >= p_campaign.limit_total THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.soldOut', 'limit', p_campaign.limit_total, 'used', p_used[6]);
    END IF;
    IF p_used[7] + p_discount_minor > p_campaign.budget_minor THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.budgetExhausted',
        'budgetMinor', p_campaign.budget_minor, 'usedMinor', p_used[7], 'currency', p_campaign.currency);
    END IF;
    IF p_has_user AND p_used[8] + p_held[8] >= p_campaign.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.userLimitReached', 'limit', p_campaign.limit_per_user, 'used', p_used[8]);
    END IF;
  END IF;
  IF NOT p_has_user AND (
    p_voucher.limit_per_user IS NOT NULL OR p_voucher.limit_per_user_day IS NOT NULL OR p_campaign.limit_per_user IS NOT NULL
  ) THEN
    v_violations := v_violations || '{"code": "user.required"}'::jsonb;
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text) FROM PUBLIC;
