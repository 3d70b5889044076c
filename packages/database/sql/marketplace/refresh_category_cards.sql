-- drop: DROP FUNCTION marketplace.refresh_category_cards(uuid[]);
-- after: marketplace/compute_category_cards
-- marketplace.refresh_category_cards: makes the cards of some categories true. Locks the categories in id order.
CREATE OR REPLACE FUNCTION marketplace.refresh_category_cards(p_category_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM catalog.categories c WHERE c.id = ANY (p_category_ids) ORDER BY c.id FOR NO KEY UPDATE;
  INSERT INTO marketplace.category_cards AS card
  SELECT * FROM marketplace.compute_category_cards(p_category_ids) ORDER BY category_id
  ON CONFLICT (category_id) DO UPDATE SET slug = excluded.slug, texts = excluded.texts
  WHERE (card.slug, card.texts) IS DISTINCT FROM (excluded.slug, excluded.texts);
END
$$;
