-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "public"."outbox_events_available_at_idx";
