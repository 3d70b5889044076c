-- drop: DROP TRIGGER locations_updated ON business.locations; DROP FUNCTION marketplace.follow_locations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_locations: cards and facets follow a branch that moved, changed its zone or its business,
-- closed or came back.
CREATE OR REPLACE FUNCTION marketplace.follow_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.business_id, n.latitude, n.longitude, n.time_zone, n.deleted_at IS NULL)
      IS DISTINCT FROM (o.business_id, o.latitude, o.longitude, o.time_zone, o.deleted_at IS NULL)
  );
BEGIN
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_or_queue(ARRAY(
      SELECT DISTINCT link.voucher_id FROM marketplace.voucher_locations link WHERE link.location_id = ANY (v_ids)
    ));
    PERFORM marketplace.refresh_facets(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER locations_updated AFTER UPDATE ON business.locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_locations();
