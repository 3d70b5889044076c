-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "users_email_prefix_idx" ON "users"."users" ("email" text_pattern_ops)
  WHERE deleted_at IS NULL;
