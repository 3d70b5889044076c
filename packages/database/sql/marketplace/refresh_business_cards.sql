-- drop: DROP FUNCTION marketplace.refresh_business_cards(uuid[]);
-- after: marketplace/compute_business_cards
-- marketplace.refresh_business_cards: makes the cards of some businesses true. Locks the businesses in id order.
CREATE OR REPLACE FUNCTION marketplace.refresh_business_cards(p_business_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM business.businesses b WHERE b.id = ANY (p_business_ids) ORDER BY b.id FOR NO KEY UPDATE;
  INSERT INTO marketplace.business_cards AS card
  SELECT * FROM marketplace.compute_business_cards(p_business_ids) ORDER BY business_id
  ON CONFLICT (business_id) DO UPDATE SET
    attribution = excluded.attribution, logo_url = excluded.logo_url, texts = excluded.texts
  WHERE (card.attribution, card.logo_url, card.texts)
    IS DISTINCT FROM (excluded.attribution, excluded.logo_url, excluded.texts);
END
$$;
