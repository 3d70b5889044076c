-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "business"."invitations_open_key";
