-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "businesses_withdrawn_idx" ON "business"."businesses" (updated_at)
  WHERE status <> 'verified' OR deleted_at IS NOT NULL;
