-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "sessions_impersonated_by_idx" ON "identity"."sessions" ("impersonated_by")
  WHERE impersonated_by IS NOT NULL;
