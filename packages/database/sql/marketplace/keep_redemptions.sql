-- drop: DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions; DROP TRIGGER scans_append_only ON marketplace.scans; DROP TRIGGER scans_not_emptied ON marketplace.scans;
-- after: audit/refuse_change
-- marketplace.keep_redemptions: the ledger and the offline scans are only added to, by their owner too; what was wrong is reversed by one more row.
-- What it points to cannot be deleted (its foreign keys restrict) nor get another id (their cascade is an update here).
-- Whom it counted against stands there as an id without a foreign key: erasing the person empties users.users and
-- destroys the key of the log, after which the id leads to nobody, and nothing is changed here.
CREATE OR REPLACE TRIGGER redemptions_append_only BEFORE UPDATE OR DELETE ON marketplace.redemptions
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER redemptions_not_emptied BEFORE TRUNCATE ON marketplace.redemptions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_append_only, ENABLE ALWAYS TRIGGER redemptions_not_emptied;
CREATE OR REPLACE TRIGGER scans_append_only BEFORE UPDATE OR DELETE ON marketplace.scans
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER scans_not_emptied BEFORE TRUNCATE ON marketplace.scans
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.scans ENABLE ALWAYS TRIGGER scans_append_only, ENABLE ALWAYS TRIGGER scans_not_emptied;
