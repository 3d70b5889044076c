-- drop: DROP FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea);
-- after: security/lock_idempotency_key
-- security.keep_idempotent_answer: keeps the answer of a request whose key this transaction has claimed, to be committed
-- with what the request did.
CREATE OR REPLACE FUNCTION security.keep_idempotent_answer(
  p_operation text, p_key text, p_fingerprint bytea, p_status integer, p_headers jsonb, p_body bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_caller text := current_setting('app.actor', true);
BEGIN
  IF NOT security.lock_idempotency_key(v_caller, p_operation, p_key) THEN
    RAISE EXCEPTION 'this transaction has not claimed the idempotency key';
  END IF;
  INSERT INTO security.idempotency_keys (caller, operation, key, fingerprint, status, headers, body)
  VALUES (v_caller, p_operation, p_key, p_fingerprint, p_status, p_headers, p_body);
END
$$;
REVOKE ALL ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea)
  TO pika_app, pika_support;
