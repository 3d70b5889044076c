-- drop: DROP FUNCTION marketplace.lock_own_claim(uuid);
-- after: marketplace/lock_counters
-- marketplace.lock_own_claim: the version and the state of a claim of the transaction's person, who alone decides about it from
-- then on: the counter of its voucher is locked first, as everywhere.
CREATE OR REPLACE FUNCTION marketplace.lock_own_claim(p_claim_id uuid)
RETURNS TABLE (version integer, state marketplace.claim_state)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim
    WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id()
  ));
  RETURN QUERY
  SELECT claim.version, claim.state FROM marketplace.claims claim
  WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id() FOR UPDATE;
END
$$;
REVOKE ALL ON FUNCTION marketplace.lock_own_claim(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.lock_own_claim(uuid) TO pika_app;
