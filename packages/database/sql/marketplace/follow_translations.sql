-- drop: DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
-- after: marketplace/refresh_or_queue
-- after: marketplace/refresh_category_cards
-- marketplace.follow_translations: everything that shows a text follows it. A business's name is searched for on
-- each of its vouchers, so these follow too.
CREATE OR REPLACE FUNCTION marketplace.follow_translations() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_voucher_keys text[];
  v_business_keys text[];
  v_category_keys text[];
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT n.key) FILTER (WHERE n.domain = 'voucher'),
      array_agg(DISTINCT n.key) FILTER (WHERE n.domain = 'business'),
      array_agg(DISTINCT n.key) FILTER (WHERE n.domain = 'category')
    INTO v_voucher_keys, v_business_keys, v_category_keys FROM new_rows n;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT o.key) FILTER (WHERE o.domain = 'voucher'),
      array_agg(DISTINCT o.key) FILTER (WHERE o.domain = 'business'),
      array_agg(DISTINCT o.key) FILTER (WHERE o.domain = 'category')
    INTO v_voucher_keys, v_business_keys, v_category_keys FROM old_rows o;
  ELSE
    SELECT array_agg(DISTINCT both_rows.key) FILTER (WHERE both_rows.domain = 'voucher'),
      array_agg(DISTINCT both_rows.key) FILTER (WHERE both_rows.domain = 'business'),
      array_agg(DISTINCT both_rows.key) FILTER (WHERE both_rows.domain = 'category')
    INTO v_voucher_keys, v_business_keys, v_category_keys
    FROM (
      (SELECT n.key, n.language_code, n.value, n.domain FROM new_rows n EXCEPT SELECT o.key, o.language_code, o.value, o.domain FROM old_rows o)
      UNION ALL
      (SELECT o.key, o.language_code, o.value, o.domain FROM old_rows o EXCEPT SELECT n.key, n.language_code, n.value, n.domain FROM new_rows n)
    ) AS both_rows;
  END IF;

  IF v_category_keys IS NOT NULL THEN
    PERFORM marketplace.refresh_category_cards(
      ARRAY(SELECT c.id FROM catalog.categories c WHERE c.name_key = ANY (v_category_keys))
    );
  END IF;
  IF v_business_keys IS NOT NULL THEN
    v_ids := ARRAY(SELECT b.id FROM business.businesses b WHERE b.name_key = ANY (v_business_keys));
    IF cardinality(v_ids) > 0 THEN
      PERFORM marketplace.refresh_business_cards(v_ids);
      PERFORM marketplace.refresh_or_queue(ARRAY(
        SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = ANY (v_ids) AND v.state = 'published'
      ));
    END IF;
  END IF;
  IF v_voucher_keys IS NOT NULL THEN
    v_ids := ARRAY(
      SELECT v.id FROM marketplace.vouchers v WHERE v.title_key = ANY (v_voucher_keys) AND v.state = 'published'
      UNION
      SELECT v.id FROM marketplace.vouchers v WHERE v.description_key = ANY (v_voucher_keys) AND v.state = 'published'
      UNION
      SELECT v.id FROM marketplace.vouchers v WHERE v.terms_key = ANY (v_voucher_keys) AND v.state = 'published'
    );
    IF cardinality(v_ids) > 0 THEN
      PERFORM marketplace.refresh_cards(v_ids);
    END IF;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER translations_inserted AFTER INSERT ON i18n.translations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_updated AFTER UPDATE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_deleted AFTER DELETE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
