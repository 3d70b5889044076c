-- drop: DROP TRIGGER businesses_inserted ON business.businesses; DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of a business follow its row. Its status and deletion are not copied
-- anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_renamed uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM marketplace.refresh_business_cards(ARRAY(SELECT n.id FROM new_rows n));
  ELSE
    PERFORM marketplace.refresh_business_cards(ARRAY(
      SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
      WHERE (n.name_key, n.source_language, n.logo_url, n.attribution)
        IS DISTINCT FROM (o.name_key, o.source_language, o.logo_url, o.attribution)
    ));
    v_renamed := ARRAY(
      SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
      WHERE (n.name_key, n.source_language) IS DISTINCT FROM (o.name_key, o.source_language)
    );
    PERFORM marketplace.refresh_or_queue(ARRAY(
      SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = ANY (v_renamed) AND v.state = 'published'
    ));
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_inserted AFTER INSERT ON business.businesses
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
CREATE OR REPLACE TRIGGER businesses_updated AFTER UPDATE ON business.businesses
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
