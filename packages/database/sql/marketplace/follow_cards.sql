-- drop: DROP TRIGGER cards_inserted ON marketplace.cards; DROP TRIGGER cards_updated ON marketplace.cards; DROP TRIGGER cards_deleted ON marketplace.cards; DROP FUNCTION marketplace.follow_cards();
-- after: marketplace/refresh_facets
-- marketplace.follow_cards: facets follow the cards of their location, whichever way these were changed.
-- A new card whose category the location already stands under changes nothing.
CREATE OR REPLACE FUNCTION marketplace.follow_cards() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n
      WHERE NOT EXISTS (
        SELECT FROM marketplace.location_facets f WHERE f.facet_id = n.category_id AND f.location_id = n.location_id
      )
    ));
  ELSIF TG_OP = 'UPDATE' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n JOIN old_rows o USING (location_id, voucher_id)
      WHERE n.category_id <> o.category_id
    ));
  ELSE
    PERFORM marketplace.refresh_facets(ARRAY(SELECT DISTINCT o.location_id FROM old_rows o));
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER cards_inserted AFTER INSERT ON marketplace.cards
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_updated AFTER UPDATE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_deleted AFTER DELETE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
