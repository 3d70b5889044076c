-- drop: DROP FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid);
-- after: marketplace/lock_counters
-- after: marketplace/take_back
-- marketplace.rollback_redemption: takes a redemption back by one more entry: quantity, budget, balance, claim and code are as
-- before. Once per redemption, within the voucher's window. `p_business_id` is whose it must be; NULL for support.
-- `verdict`: rolledBack, notFound, alreadyRolledBack, windowClosed.
CREATE OR REPLACE FUNCTION marketplace.rollback_redemption(
  p_redemption_id uuid, p_business_id uuid, p_reason text, p_request_id text, p_staff_id uuid, p_api_key_id uuid, p_at timestamptz,
  p_id uuid, OUT verdict text, OUT outcome jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_entry marketplace.redemptions;
  v_reversal marketplace.redemptions;
  v_until timestamptz;
BEGIN
  SELECT entry.* INTO v_entry FROM marketplace.redemptions entry
  WHERE entry.id = p_redemption_id AND entry.kind = 'redemption' AND (p_business_id IS NULL OR entry.business_id = p_business_id);
  IF NOT FOUND THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[v_entry.voucher_id]);

  SELECT reversal.* INTO v_reversal FROM marketplace.redemptions reversal WHERE reversal.reverses_id = v_entry.id;
  IF FOUND THEN
    verdict := 'alreadyRolledBack';
    outcome := jsonb_build_object('rolledBackAt', marketplace.instant_text(v_reversal.redeemed_at));
    RETURN;
  END IF;
  SELECT v_entry.redeemed_at + make_interval(mins => voucher.rollback_window_minutes) INTO STRICT v_until
  FROM marketplace.vouchers voucher WHERE voucher.id = v_entry.voucher_id;
  IF p_at >= v_until THEN
    verdict := 'windowClosed';
    outcome := jsonb_build_object('rollbackUntil', marketplace.instant_text(v_until));
    RETURN;
  END IF;

  v_reversal := v_entry;
  v_reversal.id := p_id;
  v_reversal.kind := 'rollback';
  v_reversal.reverses_id := v_entry.id;
  v_reversal.discount_minor := -v_entry.discount_minor;
  v_reversal.staff_id := p_staff_id;
  v_reversal.api_key_id := p_api_key_id;
  v_reversal.scan_nonce := NULL;
  v_reversal.reason := p_reason;
  v_reversal.request_id := p_request_id;
  v_reversal.redeemed_at := p_at;
  PERFORM marketplace.take_back(v_reversal);
  UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_entry.discount_minor, state = 'active'
  WHERE claim.id = v_entry.claim_id AND claim.state IN ('active', 'redeemed');
  verdict := 'rolledBack';
  outcome := jsonb_build_object('id', v_reversal.id, 'reversesId', v_entry.id, 'voucherId', v_entry.voucher_id,
    'businessId', v_entry.business_id, 'locationId', v_entry.location_id, 'claimId', v_entry.claim_id,
    'discountMinor', v_reversal.discount_minor, 'currency', v_entry.currency, 'reason', p_reason,
    'rolledBackAt', marketplace.instant_text(p_at));
END
$$;
REVOKE ALL ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) TO pika_app, pika_support;
