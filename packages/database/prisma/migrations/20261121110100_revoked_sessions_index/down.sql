-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "identity"."sessions_revoked_at_idx";
