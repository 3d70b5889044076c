-- drop: DROP TRIGGER categories_updated ON catalog.categories; DROP FUNCTION marketplace.follow_categories();
-- after: marketplace/refresh_or_queue
-- after: catalog/set_category_path
-- marketplace.follow_categories: cards show the name and the slug of a category, and facets its ancestors. A moved
-- category takes its subtree along.
CREATE OR REPLACE FUNCTION marketplace.follow_categories() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_moved uuid[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.path <> o.path);
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.path, n.name_key, n.source_language, n.slug) IS DISTINCT FROM (o.path, o.name_key, o.source_language, o.slug)
  );
BEGIN
  IF cardinality(v_moved) > 0 THEN
    UPDATE catalog.categories child SET parent_id = child.parent_id WHERE child.parent_id = ANY (v_moved);
  END IF;
  PERFORM FROM catalog.categories c WHERE c.id = ANY (v_changed) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.category_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER categories_updated AFTER UPDATE ON catalog.categories
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
