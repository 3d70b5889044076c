-- drop: DROP FUNCTION marketplace.prune_expired_cards(timestamptz, integer);
-- marketplace.prune_expired_cards: removes up to p_limit cards that ended before an instant; says how many.
-- Reading never shows them anyway; the instant lies a day back, so that no walk through pages loses one under way.
CREATE OR REPLACE FUNCTION marketplace.prune_expired_cards(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH old AS (
    SELECT card.location_id, card.voucher_id FROM marketplace.cards card
    WHERE card.expires_at < p_before ORDER BY card.expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM marketplace.cards card USING old
    WHERE card.location_id = old.location_id AND card.voucher_id = old.voucher_id
    RETURNING 1
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION marketplace.prune_expired_cards(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.prune_expired_cards(timestamptz, integer) TO pika_app;
