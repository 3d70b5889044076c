-- drop: DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of its vouchers follow what they show of a business, and the names it is searched
-- by. Its status, closing and deletion are not copied anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.name_key, n.other_names_key, n.source_language, n.logo_url, n.attribution)
      IS DISTINCT FROM (o.name_key, o.other_names_key, o.source_language, o.logo_url, o.attribution)
  );
BEGIN
  PERFORM FROM business.businesses b WHERE b.id = ANY (v_changed) ORDER BY b.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_updated AFTER UPDATE ON business.businesses
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
