-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "marketplace"."code_batches_open_idx";
