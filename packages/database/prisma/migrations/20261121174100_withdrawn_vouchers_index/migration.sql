-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "vouchers_withdrawn_idx" ON "marketplace"."vouchers" (updated_at)
  WHERE state <> 'published' OR deleted_at IS NOT NULL;
