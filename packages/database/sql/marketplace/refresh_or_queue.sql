-- drop: DROP FUNCTION marketplace.refresh_or_queue(uuid[]);
-- after: marketplace/refresh_cards
-- after: marketplace/refresh_facets
-- marketplace.refresh_or_queue: what one change of something shared (a business's name, a zone, a category's place)
-- does to its published vouchers: up to 500 are refreshed at once, more are queued for refresh_stale_cards.
CREATE OR REPLACE FUNCTION marketplace.refresh_or_queue(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(cardinality(p_voucher_ids), 0) = 0 THEN
    RETURN;
  END IF;
  IF cardinality(p_voucher_ids) > 500 THEN
    INSERT INTO marketplace.stale_vouchers (voucher_id)
    SELECT DISTINCT id FROM unnest(p_voucher_ids) AS id ORDER BY id
    ON CONFLICT DO NOTHING;
  ELSE
    PERFORM marketplace.refresh_cards(p_voucher_ids);
    PERFORM marketplace.refresh_facets(
      ARRAY(SELECT DISTINCT card.location_id FROM marketplace.cards card WHERE card.voucher_id = ANY (p_voucher_ids))
    );
  END IF;
END
$$;
