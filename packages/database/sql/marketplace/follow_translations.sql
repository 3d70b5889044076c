-- drop: DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_translations: everything that shows a text follows it: a voucher's own texts, all names of its
-- business, the name of its category. Vouchers in every state are taken: one that is just being published by another
-- transaction still looks like a draft here, and refresh_cards waits for it.
CREATE OR REPLACE FUNCTION marketplace.follow_translations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_keys text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_keys := ARRAY(SELECT DISTINCT n.key FROM new_rows n);
  ELSIF TG_OP = 'DELETE' THEN
    v_keys := ARRAY(SELECT DISTINCT o.key FROM old_rows o);
  ELSE
    v_keys := ARRAY(
      SELECT changed.key
      FROM (
        (SELECT n.key, n.language_code, n.value FROM new_rows n EXCEPT SELECT o.key, o.language_code, o.value FROM old_rows o)
        UNION ALL
        (SELECT o.key, o.language_code, o.value FROM old_rows o EXCEPT SELECT n.key, n.language_code, n.value FROM new_rows n)
      ) AS changed
    );
  END IF;
  PERFORM FROM business.businesses b
  WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys) ORDER BY b.id FOR UPDATE;
  PERFORM FROM catalog.categories c WHERE c.name_key = ANY (v_keys) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.title_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.description_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.terms_key = ANY (v_keys)
    UNION
    SELECT v.id FROM business.businesses b JOIN marketplace.vouchers v ON v.business_id = b.id
    WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys)
    UNION
    SELECT v.id FROM catalog.categories c JOIN marketplace.vouchers v ON v.category_id = c.id WHERE c.name_key = ANY (v_keys)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER translations_inserted AFTER INSERT ON i18n.translations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_updated AFTER UPDATE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_deleted AFTER DELETE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
