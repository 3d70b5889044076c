SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP FUNCTION marketplace.over_violations(marketplace.vouchers, marketplace.campaigns, timestamptz);

-- sql/marketplace/claim_violations.sql
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
-- end

-- sql/marketplace/hold_voucher.sql
-- drop: DROP FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz);
-- after: marketplace/limit_violations
-- after: marketplace/lock_counters
-- after: marketplace/voucher_ends_at
-- marketplace.hold_voucher: reserves one redemption for the transaction's person, for a few minutes. Redemptions and living holds
-- together never pass a limit: decided under the locks of the counters, as redeeming is. What has expired counts no more.
-- `verdict`: held, existing (this person's own of that key, with its end as it was), taken (somebody else's living one of that
-- key), refused, notFound.
CREATE OR REPLACE FUNCTION marketplace.hold_voucher(
  p_voucher_id uuid, p_hold_id uuid, p_key text, p_ttl_seconds integer, p_at timestamptz,
  OUT verdict text, OUT hold_id uuid, OUT created_at timestamptz, OUT expires_at timestamptz, OUT violations jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_hold marketplace.holds;
  v_ends_at timestamptz;
  v_used bigint[];
  v_held bigint[];
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody holds';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  IF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  SELECT hold.* INTO v_hold FROM marketplace.holds hold
  WHERE hold.voucher_id = p_voucher_id AND hold.key = p_key;
  IF v_hold.released_at IS NULL AND v_hold.expires_at > p_at THEN
    verdict := CASE WHEN v_hold.user_id = v_user_id THEN 'existing' ELSE 'taken' END;
    hold_id := v_hold.id;
    created_at := v_hold.created_at;
    expires_at := v_hold.expires_at;
    RETURN;
  END IF;

  violations := '[]';
  IF v_voucher.state IN ('suspended', 'archived') THEN
    violations := violations || jsonb_build_object('code', 'voucher.' || v_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = v_voucher.business_id AND business.status = 'verified' AND business.deleted_at IS NULL
      AND business.closed_at IS NULL
  ) THEN
    violations := violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  v_ends_at := marketplace.voucher_ends_at(p_voucher_id);
  IF v_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    violations := violations || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
  IF v_campaign.ends_at <= p_at OR v_campaign.deleted_at IS NOT NULL THEN
    violations := violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
  END IF;

  -- In the places of marketplace.limit_violations. A hold has no day and no amount: those limits are for who redeems.
  SELECT ARRAY[
    (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher_id),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.user_counters counter
      WHERE counter.voucher_id = p_voucher_id AND counter.user_id = v_user_id
    ), 0),
    0, 0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id
    ), 0),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_user_counters counter
      WHERE counter.campaign_id = v_campaign.id AND counter.user_id = v_user_id
    ), 0)
  ]::bigint[] INTO v_used;
  SELECT ARRAY[
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id),
    0,
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id AND hold.user_id = v_user_id),
    0, 0,
    count(*),
    0,
    count(*) FILTER (WHERE hold.user_id = v_user_id)
  ]::bigint[] INTO v_held
  FROM marketplace.holds hold
  WHERE hold.voucher_id = ANY (CASE WHEN v_campaign.id IS NULL THEN ARRAY[p_voucher_id]
      ELSE ARRAY(SELECT sister.id FROM marketplace.vouchers sister WHERE sister.campaign_id = v_campaign.id) END)
    AND hold.released_at IS NULL AND hold.expires_at > p_at;
  v_voucher.budget_minor := NULL;
  v_voucher.limit_per_user_day := NULL;
  v_voucher.limit_per_location_day := NULL;
  v_campaign.budget_minor := NULL;
  violations := violations || marketplace.limit_violations(v_voucher, v_campaign, v_used, v_held, true, 0, NULL, NULL);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'held';
  created_at := p_at;
  expires_at := p_at + make_interval(secs => p_ttl_seconds);
  INSERT INTO marketplace.holds AS hold (id, voucher_id, user_id, key, created_at, expires_at)
  VALUES (p_hold_id, p_voucher_id, v_user_id, p_key, p_at, expires_at)
  ON CONFLICT (voucher_id, key) DO UPDATE
  SET user_id = excluded.user_id, created_at = excluded.created_at, expires_at = excluded.expires_at, released_at = NULL
  RETURNING hold.id INTO hold_id;
END
$$;
REVOKE ALL ON FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz) TO pika_app;
-- end
