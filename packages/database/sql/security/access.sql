-- drop: SELECT security.withdraw_access('security');
-- after: security/withdraw_access
-- access to security: What protects everybody is written by the apps and read by functions; the answers kept under idempotency keys are reached through functions alone.
GRANT USAGE ON SCHEMA security TO pika_app, pika_support;

GRANT INSERT ON security.login_attempts TO pika_app;

ALTER TABLE security.idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON security.idempotency_keys TO pika_owner USING (true) WITH CHECK (true);
