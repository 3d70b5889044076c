-- drop: DROP TRIGGER categories_inserted ON catalog.categories; DROP TRIGGER categories_updated ON catalog.categories; DROP FUNCTION marketplace.follow_categories();
-- after: marketplace/refresh_or_queue
-- after: marketplace/refresh_category_cards
-- after: catalog/set_category_path
-- marketplace.follow_categories: names follow the row; a moved category takes its subtree along, and the facets of
-- the vouchers below it follow.
CREATE OR REPLACE FUNCTION marketplace.follow_categories() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_moved uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM marketplace.refresh_category_cards(ARRAY(SELECT n.id FROM new_rows n));
    RETURN NULL;
  END IF;
  PERFORM marketplace.refresh_category_cards(ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.name_key, n.source_language, n.slug) IS DISTINCT FROM (o.name_key, o.source_language, o.slug)
  ));
  v_moved := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.path <> o.path);
  IF cardinality(v_moved) > 0 THEN
    UPDATE catalog.categories child SET parent_id = child.parent_id WHERE child.parent_id = ANY (v_moved);
    PERFORM marketplace.refresh_or_queue(ARRAY(
      SELECT v.id FROM marketplace.vouchers v WHERE v.category_id = ANY (v_moved) AND v.state = 'published'
    ));
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER categories_inserted AFTER INSERT ON catalog.categories
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
CREATE OR REPLACE TRIGGER categories_updated AFTER UPDATE ON catalog.categories
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
