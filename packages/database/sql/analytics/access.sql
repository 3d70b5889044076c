-- drop: SELECT security.withdraw_access('analytics');
-- after: security/withdraw_access
-- access to analytics: A business reads what happened to its vouchers.
GRANT USAGE ON SCHEMA analytics TO pika_app, pika_support;

ALTER TABLE analytics.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON analytics.events TO pika_app;
GRANT SELECT ON analytics.events TO pika_support;
CREATE POLICY owner_all ON analytics.events TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON analytics.events FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON analytics.events FOR SELECT TO pika_support USING (true);
