-- drop: DROP FUNCTION marketplace.over_violations(marketplace.vouchers, marketplace.campaigns, timestamptz);
-- after: business/is_active
-- after: marketplace/instant_text
-- after: marketplace/voucher_ends_at
-- marketplace.over_violations: why a voucher can be had nowhere any more, or not for now, whoever asks and wherever: its state,
-- its business, its last day, its campaign. The one place of these rules for who claims and who holds.
CREATE OR REPLACE FUNCTION marketplace.over_violations(
  p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_at timestamptz
) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
  v_ends_at constant timestamptz := marketplace.voucher_ends_at(p_voucher.id);
BEGIN
  IF p_voucher.state IN ('suspended', 'archived') THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.' || p_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = p_voucher.business_id AND business.is_active(business)
  ) THEN
    v_violations := v_violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    v_violations := v_violations || jsonb_build_object(
      'code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  IF p_campaign.ends_at <= p_at OR p_campaign.deleted_at IS NOT NULL THEN
    v_violations := v_violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(p_campaign.ends_at, p_campaign.deleted_at)));
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.over_violations(marketplace.vouchers, marketplace.campaigns, timestamptz) FROM PUBLIC;
