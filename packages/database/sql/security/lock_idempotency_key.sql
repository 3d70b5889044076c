-- drop: DROP FUNCTION security.lock_idempotency_key(text, text, text);
-- security.lock_idempotency_key: until the transaction ends, a caller's key is this transaction's alone; false, at once,
-- where it is another's. The number in the middle keeps these locks apart from those of others.
CREATE OR REPLACE FUNCTION security.lock_idempotency_key(p_caller text, p_operation text, p_key text) RETURNS boolean
LANGUAGE sql SET search_path = '' AS $$
  SELECT pg_catalog.pg_try_advisory_xact_lock(
    pg_catalog.hashtextextended(pg_catalog.jsonb_build_array(p_caller, p_operation, p_key)::text, 1337)
  )
$$;
REVOKE ALL ON FUNCTION security.lock_idempotency_key(text, text, text) FROM PUBLIC;
