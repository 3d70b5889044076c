SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- sql/audit/keep_business.sql
-- drop: DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();
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
-- end

-- sql/marketplace/keep_redemptions.sql
-- drop: DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions;
-- after: audit/refuse_change
-- marketplace.keep_redemptions: the ledger is only added to, by its owner too; what was wrong is reversed by one more row.
-- What it points to cannot be deleted (its foreign keys restrict) nor get another id (their cascade is an update here).
-- Whom it counted against stands there as an id without a foreign key: erasing the person empties users.users and
-- destroys the key of the log, after which the id leads to nobody, and nothing is changed here.
CREATE OR REPLACE TRIGGER redemptions_append_only BEFORE UPDATE OR DELETE ON marketplace.redemptions
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER redemptions_not_emptied BEFORE TRUNCATE ON marketplace.redemptions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_append_only, ENABLE ALWAYS TRIGGER redemptions_not_emptied;
-- end
