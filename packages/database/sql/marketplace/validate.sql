-- drop: DROP FUNCTION marketplace.validate(jsonb, text[], integer);
-- after: marketplace/decide
-- after: marketplace/resolve_requests
-- after: marketplace/voucher_text
-- marketplace.validate: what marketplace.redeem would decide now; writes nothing, locks nothing. `voucher`
-- is what marketplace.voucher_text shows of it. What is not known is not decided about: hence OFFSET.
CREATE OR REPLACE FUNCTION marketplace.validate(p_requests jsonb, p_chain text[], p_match_length integer)
RETURNS TABLE (ordinal integer, is_known boolean, voucher_id uuid, claim_id uuid, location_id uuid, violations jsonb,
  discount_minor bigint, amount_minor bigint, currency text, voucher jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_seqscan = off AS $$
  SELECT target.ordinal, target.is_known, target.voucher_id, decided.claim_id, decided.location_id, decided.violations,
    decided.discount_minor, request."amountMinor", CASE WHEN decided.discount_minor IS NOT NULL THEN decided.currency END,
    CASE WHEN target.is_known THEN marketplace.voucher_text(target.voucher_id, p_chain, p_match_length) END
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, "locationId" uuid, latitude double precision, longitude double precision, "amountMinor" bigint,
    currency text, "combinedWith" uuid[], "holdKey" text, "shownUntil" timestamptz, at timestamptz
  ) ON request.ordinal = target.ordinal
  LEFT JOIN LATERAL (
    SELECT verdict.*
    FROM (SELECT target.voucher_id WHERE target.is_known OFFSET 0) AS known
    CROSS JOIN LATERAL marketplace.decide(
      known.voucher_id, target.claim_id, target.code_id, target.user_id, request."locationId", request.latitude,
      request.longitude, request."amountMinor", request.currency, request."combinedWith", request."holdKey",
      request."shownUntil", request.at
    ) AS verdict
  ) AS decided ON true
  ORDER BY target.ordinal
$$;
REVOKE ALL ON FUNCTION marketplace.validate(jsonb, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.validate(jsonb, text[], integer) TO pika_app;
