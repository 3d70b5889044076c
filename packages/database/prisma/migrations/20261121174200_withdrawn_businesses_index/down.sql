-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "business"."businesses_withdrawn_idx";
