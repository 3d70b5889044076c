-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "i18n"."translations_business_id_idx";
