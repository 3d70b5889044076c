-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "outbox_events_available_at_idx" ON "public"."outbox_events" ("available_at")
  WHERE available_at IS NOT NULL;
