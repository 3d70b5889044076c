-- drop: SELECT security.withdraw_access('catalog');
-- after: security/withdraw_access
-- access to catalog: Reference data: everybody reads, operators write.
GRANT USAGE ON SCHEMA catalog TO pika_app, pika_public, pika_support;

GRANT SELECT ON catalog.categories TO pika_app;
GRANT SELECT ON catalog.categories TO pika_public;
GRANT SELECT, INSERT, UPDATE ON catalog.categories TO pika_support;

GRANT SELECT ON catalog.currencies TO pika_app;
GRANT SELECT ON catalog.currencies TO pika_public;
GRANT SELECT ON catalog.currencies TO pika_support;

GRANT SELECT ON catalog.markets TO pika_app;
GRANT SELECT ON catalog.markets TO pika_public;
GRANT SELECT, INSERT, UPDATE ON catalog.markets TO pika_support;
