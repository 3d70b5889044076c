-- drop: DROP FUNCTION security.keep_idempotent_answers(security.idempotency_keys[]);
-- after: security/lock_idempotency_key
-- security.keep_idempotent_answers: keeps the answers of requests whose keys this transaction has claimed, to be committed with
-- what the requests did. When they were kept is said here.
CREATE OR REPLACE FUNCTION security.keep_idempotent_answers(p_answers security.idempotency_keys[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (
    SELECT FROM unnest(p_answers) AS answer
    WHERE NOT security.lock_idempotency_key(answer.caller, answer.operation, answer.key)
  ) THEN
    RAISE EXCEPTION 'this transaction has not claimed the idempotency key';
  END IF;
  INSERT INTO security.idempotency_keys (caller, operation, key, fingerprint, status, headers, body)
  SELECT answer.caller, answer.operation, answer.key, answer.fingerprint, answer.status, answer.headers, answer.body
  FROM unnest(p_answers) AS answer;
END
$$;
REVOKE ALL ON FUNCTION security.keep_idempotent_answers(security.idempotency_keys[]) FROM PUBLIC;
