-- drop: DROP FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz);
-- after: marketplace/limit_violations
-- after: marketplace/lock_counters
-- after: marketplace/over_violations
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

  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
  violations := marketplace.over_violations(v_voucher, v_campaign, p_at);

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
