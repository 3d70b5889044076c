-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "sessions_revoked_at_idx" ON "identity"."sessions" ("revoked_at")
  WHERE revoked_at IS NOT NULL;
