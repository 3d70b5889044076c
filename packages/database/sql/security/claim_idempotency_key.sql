-- drop: DROP FUNCTION security.claim_idempotency_key(text, text, bytea);
-- after: security/claim_idempotency_keys
-- security.claim_idempotency_key: what to do with a request of the transaction's actor, as security.claim_idempotency_keys
-- says it.
CREATE OR REPLACE FUNCTION security.claim_idempotency_key(p_operation text, p_key text, p_fingerprint bytea)
RETURNS TABLE (verdict text, status integer, headers jsonb, body bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_caller text := nullif(nullif(current_setting('app.actor', true), ''), 'anonymous');
BEGIN
  IF v_caller IS NULL THEN
    RAISE EXCEPTION 'an idempotency key is somebody''s, and this transaction acts for nobody';
  END IF;
  RETURN QUERY
  SELECT claimed.verdict, claimed.status, claimed.headers, claimed.body
  FROM security.claim_idempotency_keys(jsonb_build_array(jsonb_build_object(
    'ordinal', 0, 'actor', v_caller, 'operation', p_operation, 'key', p_key, 'fingerprint', encode(p_fingerprint, 'hex')
  ))) AS claimed;
END
$$;
REVOKE ALL ON FUNCTION security.claim_idempotency_key(text, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.claim_idempotency_key(text, text, bytea) TO pika_app, pika_support;
