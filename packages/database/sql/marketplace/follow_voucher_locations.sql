-- drop: DROP TRIGGER voucher_locations_inserted ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_updated ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_deleted ON marketplace.voucher_locations; DROP FUNCTION marketplace.follow_voucher_locations();
-- after: marketplace/refresh_cards
-- marketplace.follow_voucher_locations: cards follow the list of places where a voucher is valid.
CREATE OR REPLACE FUNCTION marketplace.follow_voucher_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT DISTINCT n.voucher_id FROM new_rows n);
  ELSIF TG_OP = 'UPDATE' THEN
    v_ids := ARRAY(SELECT n.voucher_id FROM new_rows n UNION SELECT o.voucher_id FROM old_rows o);
  ELSE
    v_ids := ARRAY(SELECT DISTINCT o.voucher_id FROM old_rows o);
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER voucher_locations_inserted AFTER INSERT ON marketplace.voucher_locations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_updated AFTER UPDATE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_deleted AFTER DELETE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
