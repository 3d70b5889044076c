-- drop: DROP FUNCTION security.claim_idempotency_keys(jsonb);
-- after: security/lock_idempotency_key
-- security.claim_idempotency_keys: what to do with each of these requests. `new`: do it, the key is locked until the
-- transaction ends; `kept`: give the answer beside it; `reused`: the key came with another request before; `inFlight`: another
-- transaction is at it, or was a moment ago.
-- The unique index holds for one day only. It is the locks, all taken before the look-up, that hold across midnight: who had
-- one before has committed when we get it, and the look-up's snapshot is newer. So it must run in READ COMMITTED.
CREATE OR REPLACE FUNCTION security.claim_idempotency_keys(p_requests jsonb)
RETURNS TABLE (ordinal integer, verdict text, status integer, headers jsonb, body bytea)
LANGUAGE plpgsql SET search_path = '' SET enable_seqscan = off AS $$
DECLARE
  v_locked integer[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'idempotency keys need READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  v_locked := ARRAY(
    SELECT asked.ordinal
    FROM jsonb_to_recordset(p_requests) AS asked (ordinal integer, actor text, operation text, key text)
    WHERE security.lock_idempotency_key(asked.actor, asked.operation, asked.key)
  );
  RETURN QUERY
  SELECT asked.ordinal, told.verdict,
    CASE told.verdict WHEN 'kept' THEN kept.status END,
    CASE told.verdict WHEN 'kept' THEN kept.headers END,
    CASE told.verdict WHEN 'kept' THEN kept.body END
  FROM jsonb_to_recordset(p_requests) AS asked (ordinal integer, actor text, operation text, key text, fingerprint text)
  LEFT JOIN LATERAL (
    SELECT * FROM security.idempotency_keys kept
    WHERE kept.caller = asked.actor AND kept.operation = asked.operation AND kept.key = asked.key LIMIT 1
  ) AS kept ON true
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN kept.fingerprint = decode(asked.fingerprint, 'hex') THEN 'kept'
      WHEN kept.key IS NOT NULL THEN 'reused'
      WHEN asked.ordinal = ANY (v_locked) THEN 'new'
      ELSE 'inFlight' END AS verdict
  ) AS told;
END
$$;
REVOKE ALL ON FUNCTION security.claim_idempotency_keys(jsonb) FROM PUBLIC;
