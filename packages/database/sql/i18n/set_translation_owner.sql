-- drop: DROP TRIGGER translations_owner ON i18n.translations; DROP FUNCTION i18n.set_translation_owner();
-- i18n.set_translation_owner: a text belongs to the business whose entity holds its key, whatever the writer says;
-- where no entity holds the key, to whom the writer says, or to nobody (the platform). The domain is not asked: whoever
-- names another one could slip a text into somebody's offer.
-- A business's row is locked FOR UPDATE, as follow_translations does after the statement: the foreign key's weaker
-- lock would come first otherwise, and two writers of one business would each wait for the other to give that up.
CREATE OR REPLACE FUNCTION i18n.set_translation_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_holder uuid;
BEGIN
  IF EXISTS (SELECT FROM catalog.categories c WHERE c.name_key = NEW.key) THEN
    NEW.business_id := NULL;
    RETURN NEW;
  END IF;
  SELECT b.id INTO v_holder FROM business.businesses b
  WHERE b.name_key = NEW.key OR b.other_names_key = NEW.key OR b.description_key = NEW.key
  FOR UPDATE;
  IF NOT FOUND THEN
    SELECT v.business_id INTO v_holder FROM marketplace.vouchers v
    WHERE v.title_key = NEW.key OR v.description_key = NEW.key OR v.terms_key = NEW.key;
  END IF;
  IF v_holder IS NOT NULL OR (TG_OP = 'UPDATE' AND NEW.business_id IS NOT DISTINCT FROM OLD.business_id) THEN
    NEW.business_id := v_holder;
  END IF;
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER translations_owner BEFORE INSERT OR UPDATE OF key, domain ON i18n.translations
  FOR EACH ROW EXECUTE FUNCTION i18n.set_translation_owner();
