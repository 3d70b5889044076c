-- drop: DROP FUNCTION marketplace.lock_counters(uuid[]);
-- marketplace.lock_counters: whoever decides about vouchers and then writes does so alone until the transaction ends. The
-- order, campaigns by id and then vouchers by id, is the same everywhere, so that no two wait for each other. Where a voucher
-- changed its campaign while we waited, the transaction is told to begin anew.
CREATE OR REPLACE FUNCTION marketplace.lock_counters(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_campaign_ids constant uuid[] := ARRAY(
    SELECT voucher.campaign_id FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL
  );
BEGIN
  PERFORM counter.campaign_id FROM marketplace.campaign_counters counter
  WHERE counter.campaign_id = ANY (v_campaign_ids)
  ORDER BY counter.campaign_id FOR NO KEY UPDATE;
  PERFORM counter.voucher_id FROM marketplace.voucher_counters counter
  WHERE counter.voucher_id = ANY (p_voucher_ids)
  ORDER BY counter.voucher_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL AND voucher.campaign_id <> ALL (v_campaign_ids)
  ) THEN
    RAISE serialization_failure USING MESSAGE = 'a voucher has moved to another campaign';
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.lock_counters(uuid[]) FROM PUBLIC;
