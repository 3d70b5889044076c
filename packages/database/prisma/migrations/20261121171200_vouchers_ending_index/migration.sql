-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "vouchers_ending_idx" ON "marketplace"."vouchers" (valid_until)
  WHERE state IN ('published', 'suspended') AND deleted_at IS NULL AND valid_until IS NOT NULL;
