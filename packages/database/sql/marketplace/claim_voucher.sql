-- drop: DROP FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz);
-- after: marketplace/claim_violations
-- after: marketplace/count_claim
-- after: marketplace/lock_counters
-- after: public/new_id
-- marketplace.claim_voucher: puts a voucher into the wallet of the transaction's person, with the event that tells of it. There
-- is one claim of a person, a voucher and a source: whoever asks again gets the same. One that was released is taken back and
-- ends when it would have. Decided under the lock of the voucher's counter.
-- `verdict`: claimed, existing, refused (`violations` says by what), notFound. p_short_codes: the first that is free is taken.
CREATE OR REPLACE FUNCTION marketplace.claim_voucher(
  p_voucher_id uuid, p_source_id text, p_claim_id uuid, p_short_codes text[], p_language text, p_at timestamptz,
  OUT verdict text, OUT claim_id uuid, OUT violations jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_claim marketplace.claims;
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody claims';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  SELECT claim.* INTO v_claim FROM marketplace.claims claim
  WHERE claim.user_id = v_user_id AND claim.voucher_id = p_voucher_id AND claim.source_id = p_source_id FOR UPDATE;

  IF v_claim.id IS NOT NULL AND (v_claim.state <> 'released' OR v_claim.expires_at <= p_at) THEN
    verdict := 'existing';
    claim_id := v_claim.id;
    RETURN;
  ELSIF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  violations := marketplace.claim_violations(v_voucher, v_user_id, p_at);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'claimed';
  IF v_claim.id IS NOT NULL THEN
    claim_id := v_claim.id;
    UPDATE marketplace.claims claim SET state = 'active' WHERE claim.id = v_claim.id;
  ELSE
    claim_id := p_claim_id;
    INSERT INTO marketplace.claims (id, voucher_id, user_id, source_id, claimed_at, expires_at, short_code, balance_minor, updated_at)
    SELECT p_claim_id, v_voucher.id, v_user_id, p_source_id, p_at,
      least(p_at + make_interval(hours => 24 * v_voucher.valid_days_after_claim), marketplace.voucher_ends_at(v_voucher.id)),
      (
        SELECT code FROM unnest(p_short_codes) AS code
        WHERE NOT EXISTS (SELECT FROM marketplace.claims other WHERE other.short_code = code) LIMIT 1
      ),
      v_voucher.gift_balance_minor, p_at;
  END IF;
  INSERT INTO analytics.events (id, type, business_id, voucher_id, language_code, occurred_at)
  VALUES (public.new_id(p_at), 'claimed', v_voucher.business_id, v_voucher.id, p_language, p_at);
END
$$;
REVOKE ALL ON FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz) TO pika_app;
