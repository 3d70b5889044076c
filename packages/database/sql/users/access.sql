-- drop: SELECT security.withdraw_access('users');
-- after: security/withdraw_access
-- access to users: A person sees and changes what is theirs; support sees all and may suspend.
GRANT USAGE ON SCHEMA users TO pika_app, pika_support;

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (email, display_name, language_code, updated_at, deleted_at) ON users.users TO pika_app;
GRANT SELECT, UPDATE (state, state_reason, updated_at, deleted_at) ON users.users TO pika_support;
CREATE POLICY owner_all ON users.users TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.users FOR SELECT TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.users FOR INSERT TO pika_app
  WITH CHECK (id = (SELECT security.current_user_id()) AND state = 'active');
CREATE POLICY app_update ON users.users FOR UPDATE TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.users FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON users.users FOR UPDATE TO pika_support USING (true);

ALTER TABLE users.addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON users.addresses TO pika_app;
GRANT SELECT ON users.addresses TO pika_support;
CREATE POLICY owner_all ON users.addresses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.addresses FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.addresses FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.addresses FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON users.addresses FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.addresses FOR SELECT TO pika_support USING (true);

ALTER TABLE users.preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON users.preferences TO pika_app;
GRANT SELECT ON users.preferences TO pika_support;
CREATE POLICY owner_all ON users.preferences TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.preferences FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.preferences FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.preferences FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.preferences FOR SELECT TO pika_support USING (true);
