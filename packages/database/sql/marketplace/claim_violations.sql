-- drop: DROP FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz);
-- after: marketplace/over_violations
-- marketplace.claim_violations: every rule that keeps a person from claiming a voucher, with its figures. A voucher that is not
-- valid yet can be claimed; one that this person could not redeem for the limits of the voucher cannot.
CREATE OR REPLACE FUNCTION marketplace.claim_violations(p_voucher marketplace.vouchers, p_user_id uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb;
  v_counter marketplace.voucher_counters;
  v_campaign marketplace.campaigns;
  v_used bigint;
BEGIN
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = p_voucher.campaign_id;
  v_violations := marketplace.over_violations(p_voucher, v_campaign, p_at);

  SELECT counter.* INTO STRICT v_counter FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher.id;
  IF v_counter.used_count >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut',
      'limit', p_voucher.limit_total, 'used', v_counter.used_count);
  END IF;
  IF p_voucher.limit_per_user IS NOT NULL THEN
    SELECT counter.used_count INTO v_used FROM marketplace.user_counters counter
    WHERE counter.voucher_id = p_voucher.id AND counter.user_id = p_user_id;
    IF v_used >= p_voucher.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'user.limitReached',
        'limit', p_voucher.limit_per_user, 'used', v_used);
    END IF;
  END IF;
  IF v_counter.claimed_count >= p_voucher.claim_limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'claim.limitReached',
      'limit', p_voucher.claim_limit_total, 'used', v_counter.claimed_count);
  END IF;
  IF p_voucher.claim_limit_per_user IS NOT NULL THEN
    SELECT count(*) INTO v_used FROM marketplace.claims claim
    WHERE claim.voucher_id = p_voucher.id AND claim.user_id = p_user_id AND claim.state <> 'released';
    IF v_used >= p_voucher.claim_limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'claim.userLimitReached',
        'limit', p_voucher.claim_limit_per_user, 'used', v_used);
    END IF;
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz) FROM PUBLIC;
