-- drop: DROP FUNCTION marketplace.refresh_stale_cards(integer);
-- after: marketplace/refresh_or_queue
-- marketplace.refresh_stale_cards: takes up to p_limit (at most 500) queued vouchers, makes their cards true, and says
-- how many it took. Several runners share the queue: each skips what another holds.
CREATE OR REPLACE FUNCTION marketplace.refresh_stale_cards(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT stale.voucher_id FROM marketplace.stale_vouchers stale
    ORDER BY stale.queued_at, stale.voucher_id LIMIT least(p_limit, 500) FOR UPDATE SKIP LOCKED
  );
BEGIN
  PERFORM marketplace.refresh_or_queue(v_ids);
  DELETE FROM marketplace.stale_vouchers stale WHERE stale.voucher_id = ANY (v_ids);
  RETURN cardinality(v_ids);
END
$$;
REVOKE ALL ON FUNCTION marketplace.refresh_stale_cards(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.refresh_stale_cards(integer) TO pika_app;
