-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "code_batches_open_idx" ON "marketplace"."code_batches" (id)
  WHERE state IN ('waiting', 'running');
