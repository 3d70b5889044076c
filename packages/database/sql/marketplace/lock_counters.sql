-- drop: DROP FUNCTION marketplace.lock_counters(uuid[]);
-- marketplace.lock_counters: whoever decides about vouchers and then writes does so alone until the transaction ends. The
-- order, campaigns by id and then vouchers by id, is the same everywhere, so that no two wait for each other.
CREATE OR REPLACE FUNCTION marketplace.lock_counters(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM counter.campaign_id FROM marketplace.campaign_counters counter
  WHERE counter.campaign_id IN (
    SELECT voucher.campaign_id FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL
  )
  ORDER BY counter.campaign_id FOR NO KEY UPDATE;
  PERFORM counter.voucher_id FROM marketplace.voucher_counters counter
  WHERE counter.voucher_id = ANY (p_voucher_ids)
  ORDER BY counter.voucher_id FOR NO KEY UPDATE;
END
$$;
REVOKE ALL ON FUNCTION marketplace.lock_counters(uuid[]) FROM PUBLIC;
