-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "users"."users_email_prefix_idx";
