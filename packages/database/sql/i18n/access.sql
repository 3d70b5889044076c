-- drop: SELECT security.withdraw_access('i18n');
-- after: security/withdraw_access
-- access to i18n: Every text may be read; a business writes its own.
GRANT USAGE ON SCHEMA i18n TO pika_app, pika_public, pika_support;

GRANT SELECT ON i18n.languages TO pika_app;
GRANT SELECT ON i18n.languages TO pika_public;
GRANT SELECT, INSERT, UPDATE ON i18n.languages TO pika_support;

ALTER TABLE i18n.translations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON i18n.translations TO pika_app;
GRANT SELECT ON i18n.translations TO pika_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON i18n.translations TO pika_support;
CREATE POLICY owner_all ON i18n.translations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON i18n.translations FOR SELECT TO pika_app USING (true);
CREATE POLICY app_insert ON i18n.translations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON i18n.translations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_delete ON i18n.translations FOR DELETE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON i18n.translations FOR SELECT TO pika_public USING (true);
CREATE POLICY support_select ON i18n.translations FOR SELECT TO pika_support USING (true);
CREATE POLICY support_insert ON i18n.translations FOR INSERT TO pika_support WITH CHECK (true);
CREATE POLICY support_update ON i18n.translations FOR UPDATE TO pika_support USING (true);
CREATE POLICY support_delete ON i18n.translations FOR DELETE TO pika_support USING (true);
