-- drop: DROP FUNCTION security.claim_idempotency_key(text, text, bytea);
-- after: security/lock_idempotency_key
-- security.claim_idempotency_key: what to do with a request of the transaction's actor. `new`: do it, the key is locked
-- until the transaction ends; `kept`: give the answer beside it; `reused`: the key came with another request before;
-- `inFlight`: another transaction is at it, or was a moment ago.
-- The unique index holds for one day only. It is the lock, taken before the look-up, that holds across midnight: who had
-- it before has committed when we get it, and the look-up's snapshot is newer. So it must run in READ COMMITTED.
CREATE OR REPLACE FUNCTION security.claim_idempotency_key(p_operation text, p_key text, p_fingerprint bytea)
RETURNS TABLE (verdict text, status integer, headers jsonb, body bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_caller text := nullif(nullif(current_setting('app.actor', true), ''), 'anonymous');
  v_is_locked boolean;
  v_fingerprint bytea;
BEGIN
  IF v_caller IS NULL THEN
    RAISE EXCEPTION 'an idempotency key is somebody''s, and this transaction acts for nobody';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'idempotency keys need READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  v_is_locked := security.lock_idempotency_key(v_caller, p_operation, p_key);
  SELECT 'kept', kept.status, kept.headers, kept.body, kept.fingerprint
  INTO verdict, status, headers, body, v_fingerprint
  FROM security.idempotency_keys kept
  WHERE kept.caller = v_caller AND kept.operation = p_operation AND kept.key = p_key;
  IF NOT FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_is_locked THEN 'new' ELSE 'inFlight' END, NULL::integer, NULL::jsonb, NULL::bytea;
  ELSIF v_fingerprint <> p_fingerprint THEN
    RETURN QUERY SELECT 'reused', NULL::integer, NULL::jsonb, NULL::bytea;
  ELSE
    RETURN NEXT;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION security.claim_idempotency_key(text, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.claim_idempotency_key(text, text, bytea) TO pika_app, pika_support;
