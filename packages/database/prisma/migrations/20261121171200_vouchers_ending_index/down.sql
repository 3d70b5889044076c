-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "marketplace"."vouchers_ending_idx";
