SET LOCAL lock_timeout = '5s';

DROP SCHEMA "marketplace", "business", "catalog", "i18n", "users" CASCADE;
