-- drop: DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER api_keys_keep_business ON identity.api_keys; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP TRIGGER code_batches_keep_business ON marketplace.code_batches; DROP FUNCTION audit.keep_business();
-- audit.keep_business: what belongs to a business never changes hands. Its texts, links, codes, claims and ledger would
-- stay with the former owner; a branch that is sold is closed, and the buyer's is another. A refused change is a
-- check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION audit.keep_business() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%.% never changes hands', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
REVOKE ALL ON FUNCTION audit.keep_business() FROM PUBLIC;
CREATE OR REPLACE TRIGGER locations_keep_business BEFORE UPDATE OF business_id ON business.locations
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER campaigns_keep_business BEFORE UPDATE OF business_id ON marketplace.campaigns
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER vouchers_keep_business BEFORE UPDATE OF business_id ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER api_keys_keep_business BEFORE UPDATE OF business_id ON identity.api_keys
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER code_batches_keep_business BEFORE UPDATE OF business_id ON marketplace.code_batches
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
