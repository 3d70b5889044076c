-- drop: SELECT security.withdraw_access('security');
-- after: security/withdraw_access
-- access to security: What protects everybody is written by the apps and read by functions.
GRANT USAGE ON SCHEMA security TO pika_app;

GRANT INSERT ON security.login_attempts TO pika_app;
