-- drop: DROP FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea);
-- after: security/keep_idempotent_answers
-- security.keep_idempotent_answer: keeps the answer of a request of the transaction's actor, whose key this transaction has
-- claimed.
CREATE OR REPLACE FUNCTION security.keep_idempotent_answer(
  p_operation text, p_key text, p_fingerprint bytea, p_status integer, p_headers jsonb, p_body bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_answer security.idempotency_keys;
BEGIN
  v_answer.caller := current_setting('app.actor', true);
  v_answer.operation := p_operation;
  v_answer.key := p_key;
  v_answer.fingerprint := p_fingerprint;
  v_answer.status := p_status;
  v_answer.headers := p_headers;
  v_answer.body := p_body;
  PERFORM security.keep_idempotent_answers(ARRAY[v_answer]);
END
$$;
REVOKE ALL ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea)
  TO pika_app, pika_support;
