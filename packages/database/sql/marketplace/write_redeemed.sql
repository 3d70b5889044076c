-- drop: DROP FUNCTION marketplace.write_redeemed(marketplace.redemptions[], marketplace.attempts[], security.idempotency_keys[], text[]);
-- after: marketplace/enter_redemptions
-- after: security/keep_idempotent_answers
-- marketplace.write_redeemed: writes what marketplace.redeem has decided and not yet written.
CREATE OR REPLACE FUNCTION marketplace.write_redeemed(
  p_entries marketplace.redemptions[], p_attempts marketplace.attempts[], p_answers security.idempotency_keys[], p_languages text[]
) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF cardinality(p_entries) > 0 THEN
    PERFORM marketplace.enter_redemptions(p_entries, p_languages);
  END IF;
  IF cardinality(p_attempts) > 0 THEN
    INSERT INTO marketplace.attempts SELECT attempt.* FROM unnest(p_attempts) AS attempt;
  END IF;
  IF cardinality(p_answers) > 0 THEN
    PERFORM security.keep_idempotent_answers(p_answers);
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.write_redeemed(marketplace.redemptions[], marketplace.attempts[], security.idempotency_keys[], text[]) FROM PUBLIC;
