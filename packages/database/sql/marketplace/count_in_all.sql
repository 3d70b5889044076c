-- drop: DROP FUNCTION marketplace.count_in_all(marketplace.redemptions, integer);
-- marketplace.count_in_all: moves what counts for all by one, up or down: the campaign's counter and then the voucher's, both
-- locked by the caller. One that would pass its limit stays, and the transaction is told to begin anew: whoever decided did
-- not see what this transaction sees.
CREATE OR REPLACE FUNCTION marketplace.count_in_all(p_entry marketplace.redemptions, p_step integer)
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_discount constant bigint := abs(p_entry.discount_minor) * p_step;
BEGIN
  IF p_entry.campaign_id IS NOT NULL THEN
    UPDATE marketplace.campaign_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
    WHERE campaign_id = p_entry.campaign_id
      AND (p_step < 0 OR (
        (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
    IF NOT FOUND THEN
      RAISE serialization_failure USING MESSAGE = 'the campaign has less left than was decided on';
    END IF;
  END IF;
  UPDATE marketplace.voucher_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
  WHERE voucher_id = p_entry.voucher_id
    AND (p_step < 0 OR (
      (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'the voucher has less left than was decided on';
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.count_in_all(marketplace.redemptions, integer) FROM PUBLIC;
