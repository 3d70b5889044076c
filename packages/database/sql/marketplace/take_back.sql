-- drop: DROP FUNCTION marketplace.take_back(marketplace.redemptions);
-- after: marketplace/count_in_all
-- after: marketplace/redemption_event
-- after: public/number_outbox_event
-- marketplace.take_back: writes a rollback into the ledger: every counter of what it reverses goes down by one, its code may be
-- used again, and its event is told. The counters of the campaign and the voucher are locked by the caller.
CREATE OR REPLACE FUNCTION marketplace.take_back(p_reversal marketplace.redemptions)
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT p_reversal.*;
  PERFORM marketplace.count_in_all(p_reversal, -1);
  UPDATE marketplace.location_day_counters SET used_count = used_count - 1
  WHERE voucher_id = p_reversal.voucher_id AND location_id = p_reversal.location_id AND day = p_reversal.local_day;
  UPDATE marketplace.user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id;
  UPDATE marketplace.user_day_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id AND day = p_reversal.local_day;
  UPDATE marketplace.campaign_user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND campaign_id = p_reversal.campaign_id;
  DELETE FROM marketplace.code_uses used WHERE used.redemption_id = p_reversal.reverses_id;
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  VALUES ('redemption', p_reversal.reverses_id::text, 'redemption.rolledBack',
    marketplace.redemption_event(p_reversal), p_reversal.request_id);
END
$$;
REVOKE ALL ON FUNCTION marketplace.take_back(marketplace.redemptions) FROM PUBLIC;
