-- drop: DROP TRIGGER touch_row ON business.businesses; DROP TRIGGER touch_row ON business.locations; DROP TRIGGER touch_row ON business.members; DROP TRIGGER touch_row ON catalog.categories; DROP TRIGGER touch_row ON i18n.translations; DROP TRIGGER touch_row ON identity.credentials; DROP TRIGGER touch_row ON marketplace.campaigns; DROP TRIGGER touch_row ON marketplace.claims; DROP TRIGGER touch_row ON marketplace.vouchers; DROP TRIGGER touch_row ON users.addresses; DROP TRIGGER touch_row ON users.preferences; DROP TRIGGER touch_row ON users.users;
-- after: audit/touch_row
-- audit.touched_tables: every table with updated_at, and those that are locked optimistically by their version.
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.businesses
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.locations
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.members
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON catalog.categories
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON i18n.translations
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON identity.credentials
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.campaigns
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.claims
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.addresses
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.preferences
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.users
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
