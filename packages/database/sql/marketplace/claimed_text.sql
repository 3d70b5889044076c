-- drop: DROP FUNCTION marketplace.claimed_text(uuid, text[], integer);
-- after: marketplace/voucher_text
-- marketplace.claimed_text: marketplace.voucher_text of a voucher that the transaction's person has claimed, in whatever state it
-- is now; NULL for any other.
CREATE OR REPLACE FUNCTION marketplace.claimed_text(p_voucher_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT marketplace.voucher_text(p_voucher_id, p_chain, p_match_length)
  WHERE EXISTS (
    SELECT FROM marketplace.claims claim
    WHERE claim.user_id = security.current_user_id() AND claim.voucher_id = p_voucher_id
  )
$$;
REVOKE ALL ON FUNCTION marketplace.claimed_text(uuid, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.claimed_text(uuid, text[], integer) TO pika_app;
