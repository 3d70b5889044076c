-- drop: DROP FUNCTION marketplace.count_redemption(marketplace.redemptions, integer);
-- marketplace.count_redemption: moves every counter of an entry by one, up or down, in the order in which they are locked
-- everywhere: campaign, voucher, then what belongs to the voucher alone. A counter that would pass its limit stays, and the
-- transaction is told to begin anew: whoever decided did not see what this transaction sees.
CREATE OR REPLACE FUNCTION marketplace.count_redemption(p_entry marketplace.redemptions, p_step integer)
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
    IF p_entry.user_id IS NOT NULL THEN
      INSERT INTO marketplace.campaign_user_counters AS counter (campaign_id, user_id, used_count)
      VALUES (p_entry.campaign_id, p_entry.user_id, greatest(p_step, 0))
      ON CONFLICT (user_id, campaign_id) DO UPDATE SET used_count = counter.used_count + p_step;
    END IF;
  END IF;
  UPDATE marketplace.voucher_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
  WHERE voucher_id = p_entry.voucher_id
    AND (p_step < 0 OR (
      (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'the voucher has less left than was decided on';
  END IF;
  IF p_entry.location_id IS NOT NULL THEN
    INSERT INTO marketplace.location_day_counters AS counter (voucher_id, location_id, day, used_count)
    VALUES (p_entry.voucher_id, p_entry.location_id, p_entry.local_day, greatest(p_step, 0))
    ON CONFLICT (voucher_id, location_id, day) DO UPDATE SET used_count = counter.used_count + p_step;
  END IF;
  IF p_entry.user_id IS NOT NULL THEN
    INSERT INTO marketplace.user_counters AS counter (voucher_id, user_id, used_count)
    VALUES (p_entry.voucher_id, p_entry.user_id, greatest(p_step, 0))
    ON CONFLICT (user_id, voucher_id) DO UPDATE SET used_count = counter.used_count + p_step;
    INSERT INTO marketplace.user_day_counters AS counter (voucher_id, user_id, day, used_count)
    VALUES (p_entry.voucher_id, p_entry.user_id, p_entry.local_day, greatest(p_step, 0))
    ON CONFLICT (user_id, voucher_id, day) DO UPDATE SET used_count = counter.used_count + p_step;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.count_redemption(marketplace.redemptions, integer) FROM PUBLIC;
