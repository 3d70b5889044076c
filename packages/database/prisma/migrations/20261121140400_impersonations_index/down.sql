-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "identity"."sessions_impersonated_by_idx";
