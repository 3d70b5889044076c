-- drop: DROP FUNCTION marketplace.refresh_cards(uuid[]);
-- after: marketplace/compute_cards
-- marketplace.refresh_cards: makes the cards of some vouchers true (the facets follow by the triggers on cards).
-- Locks the vouchers, then their businesses and categories as a foreign key does (whoever changes what cards show of
-- these takes FOR UPDATE; a suspension waits for nobody), then their locations, each in id order: two
-- transactions that change what the same card shows meet here, and the later one computes from what the earlier one
-- committed (READ COMMITTED takes a new snapshot for each statement below). Drafts have no cards, so they cost no more
-- than their lock. Planning anew at each call would cost more than the work.
CREATE OR REPLACE FUNCTION marketplace.refresh_cards(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids) ORDER BY v.id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids) AND v.state = 'published')
    AND NOT EXISTS (SELECT FROM marketplace.cards card WHERE card.voucher_id = ANY (p_voucher_ids))
  THEN
    RETURN;
  END IF;
  PERFORM FROM business.businesses b
  WHERE b.id IN (SELECT v.business_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY b.id FOR KEY SHARE;
  PERFORM FROM catalog.categories c
  WHERE c.id IN (SELECT v.category_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY c.id FOR KEY SHARE;
  PERFORM FROM business.locations l
  WHERE l.id IN (SELECT link.location_id FROM marketplace.voucher_locations link WHERE link.voucher_id = ANY (p_voucher_ids))
  ORDER BY l.id FOR NO KEY UPDATE;

  WITH wanted AS MATERIALIZED (
    SELECT * FROM marketplace.compute_cards(p_voucher_ids)
  ), gone AS (
    DELETE FROM marketplace.cards card
    WHERE card.voucher_id = ANY (p_voucher_ids)
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.location_id = card.location_id AND w.voucher_id = card.voucher_id)
  ), words AS (
    INSERT INTO marketplace.search_words (language_code, word)
    SELECT DISTINCT split_part(token, ':', 1), substr(token, strpos(token, ':') + 1)
    FROM wanted, unnest(tsvector_to_array(wanted.search)) AS token
    WHERE left(token, 1) <> '@'
      AND NOT EXISTS (
        SELECT FROM marketplace.search_words known
        WHERE known.language_code = split_part(token, ':', 1) AND known.word = substr(token, strpos(token, ':') + 1)
      )
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
  )
  INSERT INTO marketplace.cards AS card SELECT * FROM wanted ORDER BY location_id, voucher_id
  ON CONFLICT (location_id, voucher_id) DO UPDATE SET
    category_id = excluded.category_id, valid_from = excluded.valid_from,
    expires_at = excluded.expires_at, is_sole = excluded.is_sole, facts = excluded.facts, texts = excluded.texts,
    search = excluded.search
  WHERE (card.category_id, card.valid_from, card.expires_at, card.is_sole, card.facts, card.texts, card.search)
    IS DISTINCT FROM (excluded.category_id, excluded.valid_from, excluded.expires_at,
      excluded.is_sole, excluded.facts, excluded.texts, excluded.search);

  DELETE FROM marketplace.stale_vouchers stale WHERE stale.voucher_id = ANY (p_voucher_ids);
END
$$;
