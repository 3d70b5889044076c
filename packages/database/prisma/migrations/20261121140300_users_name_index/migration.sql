-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "users_display_name_words_idx" ON "users"."users" USING gin ("display_name" gin_trgm_ops)
  WHERE deleted_at IS NULL;
