-- drop: DROP TRIGGER vouchers_inserted ON marketplace.vouchers; DROP TRIGGER vouchers_updated ON marketplace.vouchers; DROP FUNCTION marketplace.follow_vouchers();
-- after: marketplace/refresh_cards
-- marketplace.follow_vouchers: cards follow vouchers that are, or just ceased to be, published.
CREATE OR REPLACE FUNCTION marketplace.follow_vouchers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT n.id FROM new_rows n WHERE n.state = 'published');
  ELSE
    v_ids := ARRAY(
      SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
      WHERE 'published' IN (n.state, o.state)
        AND to_jsonb(n) - 'updated_at' <> to_jsonb(o) - 'updated_at'
    );
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vouchers_inserted AFTER INSERT ON marketplace.vouchers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
CREATE OR REPLACE TRIGGER vouchers_updated AFTER UPDATE ON marketplace.vouchers
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
