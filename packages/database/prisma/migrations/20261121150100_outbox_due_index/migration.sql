-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "outbox_events_due_idx" ON "public"."outbox_events" ("aggregate_type", "available_at")
  WHERE available_at IS NOT NULL;
