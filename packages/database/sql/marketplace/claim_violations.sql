-- drop: DROP FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz);
-- after: marketplace/instant_text
-- after: marketplace/voucher_ends_at
-- marketplace.claim_violations: every rule that keeps a person from claiming a voucher, with its figures. A voucher that is not
-- valid yet can be claimed; one that this person could not redeem for the limits of the voucher cannot.
CREATE OR REPLACE FUNCTION marketplace.claim_violations(p_voucher marketplace.vouchers, p_user_id uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
  v_ends_at timestamptz := marketplace.voucher_ends_at(p_voucher.id);
  v_counter marketplace.voucher_counters;
  v_campaign marketplace.campaigns;
  v_used bigint;
BEGIN
  IF p_voucher.state = 'suspended' THEN
    v_violations := v_violations || '{"code": "voucher.suspended"}'::jsonb;
  ELSIF p_voucher.state = 'archived' THEN
    v_violations := v_violations || '{"code": "voucher.archived"}'::jsonb;
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = p_voucher.business_id AND business.status = 'verified' AND business.deleted_at IS NULL
      AND business.closed_at IS NULL
  ) THEN
    v_violations := v_violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    v_violations := v_violations || jsonb_build_object(
      'code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = p_voucher.campaign_id;
  IF v_campaign.ends_at <= p_at OR v_campaign.deleted_at IS NOT NULL THEN
    v_violations := v_violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
  END IF;

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
