-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "marketplace"."voucher_codes_voucher_id_idx";
