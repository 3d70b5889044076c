SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

ALTER TABLE "i18n"."translations" DROP CONSTRAINT "translations_category_unowned";
ALTER TABLE "i18n"."translations" ADD CONSTRAINT "translations_category_unowned"
  CHECK (domain <> 'category' OR business_id IS NULL) NOT VALID;
ALTER TABLE "i18n"."translations" DROP CONSTRAINT "translations_business_id_fkey";
ALTER TABLE "i18n"."translations" ADD CONSTRAINT "translations_business_id_fkey" FOREIGN KEY ("business_id")
  REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE NOT VALID;

-- sql/i18n/adopt_translations.sql
-- drop: DROP TRIGGER businesses_adopt_texts ON business.businesses; DROP TRIGGER vouchers_adopt_texts ON marketplace.vouchers; DROP FUNCTION i18n.adopt_translations();
-- i18n.adopt_translations: while writers of the former release, which write texts before the entity, still run.
CREATE OR REPLACE FUNCTION i18n.adopt_translations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_TABLE_NAME = 'businesses' THEN
    UPDATE i18n.translations t SET business_id = b.id
    FROM new_rows b CROSS JOIN LATERAL unnest(ARRAY[b.name_key, b.other_names_key, b.description_key]) AS held (key)
    WHERE t.key = held.key AND t.domain = 'business' AND t.business_id IS NULL;
  ELSE
    UPDATE i18n.translations t SET business_id = v.business_id
    FROM new_rows v CROSS JOIN LATERAL unnest(ARRAY[v.title_key, v.description_key, v.terms_key]) AS held (key)
    WHERE t.key = held.key AND t.domain = 'voucher' AND t.business_id IS NULL;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_adopt_texts AFTER INSERT ON business.businesses
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION i18n.adopt_translations();
CREATE OR REPLACE TRIGGER vouchers_adopt_texts AFTER INSERT ON marketplace.vouchers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION i18n.adopt_translations();
-- end
