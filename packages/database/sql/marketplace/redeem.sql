-- drop: DROP FUNCTION marketplace.redeem(jsonb);
-- after: marketplace/count_in_all
-- after: marketplace/decide
-- after: marketplace/lock_counters
-- after: marketplace/resolve_requests
-- after: marketplace/write_redeemed
-- after: security/claim_idempotency_keys
-- marketplace.redeem: decides requests to redeem, one after the other in the order given, and writes what came of each: the
-- kept outcome of its Idempotency-Key, the attempt, and where nothing refuses it the entry of the ledger, the counters and the
-- event. All of it in the caller's transaction, so it commits or none of it happened.
-- Requests that arrived together share one transaction (docs/decisions/0016-redeem-in-batches.md). Counters are locked before
-- the first is decided. Each sees what those before it did: what counts for all, claims and holds are written at once; the rest
-- is written together at the end, or before one is decided on who would read it: a consumer, code or key that comes again, and
-- whoever comes after a voucher with a limit per location and day.
-- Plans are kept per connection and may have been made when a table was empty: none may read one whole.
-- `verdict`: redeemed, refused, notFound (nothing is kept), kept (`outcome` is the one of the first time), reused, inFlight.
CREATE OR REPLACE FUNCTION marketplace.redeem(p_requests jsonb)
RETURNS TABLE (ordinal integer, verdict text, outcome jsonb, context jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off AS $$
DECLARE
  asked record;
  decided record;
  v_entry marketplace.redemptions;
  v_entries marketplace.redemptions[] := '{}';
  v_languages text[] := '{}';
  v_attempt marketplace.attempts;
  v_attempts marketplace.attempts[] := '{}';
  v_answer security.idempotency_keys;
  v_answers security.idempotency_keys[] := '{}';
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT target.voucher_id FROM marketplace.resolve_requests(p_requests) AS target WHERE target.is_known));

  FOR asked IN
    SELECT target.*, request.*, claimed.verdict AS key_verdict, claimed.headers, claimed.body,
      row_number() OVER same_key > 1 AS is_key_again,
      row_number() OVER same_key > 1
        OR (target.user_id IS NOT NULL AND row_number() OVER same_user > 1)
        OR (target.code_id IS NOT NULL AND row_number() OVER same_code > 1)
        OR lag((SELECT voucher.limit_per_location_day FROM marketplace.vouchers voucher WHERE voucher.id = target.voucher_id))
          OVER (ORDER BY target.ordinal) IS NOT NULL AS reads_unwritten
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN jsonb_to_recordset(p_requests) AS request (
      ordinal integer, actor text, "clientAddress" text, operation text, key text, fingerprint text, context jsonb,
      "userId" uuid, "requestId" text, "locationId" uuid, latitude double precision, longitude double precision,
      "accuracyMeters" double precision, "amountMinor" bigint, currency text, "combinedWith" uuid[], "holdKey" text,
      "shownUntil" timestamptz, device text, channel marketplace.channel, at timestamptz, "redemptionId" uuid, "attemptId" uuid
    ) ON request.ordinal = target.ordinal
    JOIN security.claim_idempotency_keys(p_requests) AS claimed ON claimed.ordinal = target.ordinal
    WINDOW same_key AS (PARTITION BY request.actor, request.operation, request.key ORDER BY target.ordinal),
      same_user AS (PARTITION BY target.user_id ORDER BY target.ordinal),
      same_code AS (PARTITION BY target.code_id ORDER BY target.ordinal)
    ORDER BY target.ordinal
  LOOP
    ordinal := asked.ordinal;
    IF asked.reads_unwritten THEN
      PERFORM marketplace.write_redeemed(v_entries, v_attempts, v_answers, v_languages);
      v_entries := '{}';
      v_languages := '{}';
      v_attempts := '{}';
      v_answers := '{}';
    END IF;
    IF asked.is_key_again THEN
      SELECT claimed.verdict, claimed.headers, claimed.body INTO asked.key_verdict, asked.headers, asked.body
      FROM security.claim_idempotency_keys(jsonb_build_array(jsonb_build_object('ordinal', asked.ordinal, 'actor', asked.actor,
        'operation', asked.operation, 'key', asked.key, 'fingerprint', asked.fingerprint))) AS claimed;
    END IF;
    IF asked.key_verdict <> 'new' THEN
      verdict := asked.key_verdict;
      outcome := convert_from(asked.body, 'UTF8')::jsonb;
      context := asked.headers;
      RETURN NEXT;
      CONTINUE;
    END IF;
    context := asked.context;
    v_attempt := NULL;
    v_attempt.id := asked."attemptId";
    v_attempt.api_key_id := asked.api_key_id;
    v_attempt.channel := asked.channel;
    v_attempt.latitude := asked.latitude;
    v_attempt.longitude := asked.longitude;
    v_attempt.accuracy_meters := asked."accuracyMeters";
    v_attempt.device := asked.device;
    v_attempt.request_id := asked."requestId";
    v_attempt.attempted_at := asked.at;

    IF NOT asked.is_known THEN
      v_attempt.user_id := asked."userId";
      v_attempt.violations := '{unknown}';
      v_attempts := v_attempts || v_attempt;
      verdict := 'notFound';
      outcome := NULL;
      RETURN NEXT;
      CONTINUE;
    END IF;

    SELECT * INTO STRICT decided FROM marketplace.decide(
      asked.voucher_id, asked.claim_id, asked.code_id, asked.user_id, asked."locationId", asked.latitude, asked.longitude,
      asked."amountMinor", asked.currency, asked."combinedWith", asked."holdKey", asked."shownUntil", asked.at);
    v_attempt.voucher_id := asked.voucher_id;
    v_attempt.business_id := asked.business_id;
    v_attempt.location_id := decided.location_id;
    v_attempt.user_id := asked.user_id;
    v_attempt.claim_id := decided.claim_id;
    v_attempt.code_id := asked.code_id;
    IF asked.api_key_id IS NULL AND asked.staff_id IS NOT NULL THEN
      v_attempt.staff_id := asked.staff_id;
      v_attempt.channel := 'counter';
    END IF;
    v_attempt.violations := ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(decided.violations) AS violation);

    IF decided.violations = '[]' THEN
      verdict := 'redeemed';
      v_attempt.redemption_id := asked."redemptionId";
      v_entry := NULL;
      v_entry.id := asked."redemptionId";
      v_entry.kind := 'redemption';
      v_entry.voucher_id := asked.voucher_id;
      v_entry.business_id := asked.business_id;
      v_entry.campaign_id := asked.campaign_id;
      v_entry.location_id := decided.location_id;
      v_entry.claim_id := decided.claim_id;
      v_entry.code_id := asked.code_id;
      v_entry.user_id := asked.user_id;
      v_entry.staff_id := v_attempt.staff_id;
      v_entry.api_key_id := asked.api_key_id;
      v_entry.channel := v_attempt.channel;
      v_entry.local_day := decided.local_day;
      v_entry.discount_minor := coalesce(decided.discount_minor, 0);
      v_entry.currency := decided.currency;
      v_entry.amount_minor := asked."amountMinor";
      v_entry.request_id := asked."requestId";
      v_entry.redeemed_at := asked.at;
      v_entries := v_entries || v_entry;
      v_languages := v_languages || (asked.context ->> 'language');
      PERFORM marketplace.count_in_all(v_entry, 1);
      IF decided.claim_id IS NOT NULL THEN
        -- Of all that is written here, claims alone are audited: on whose behalf.
        PERFORM set_config('app.actor', asked.actor, true),
          set_config('app.user_id', coalesce(asked."userId"::text, ''), true),
          set_config('app.business_id', CASE WHEN asked.staff_id IS NULL AND asked.api_key_id IS NULL THEN '' ELSE asked.business_id::text END, true),
          set_config('app.request_id', coalesce(asked."requestId", ''), true),
          set_config('app.client_address', coalesce(asked."clientAddress", ''), true);
        UPDATE marketplace.claims claim
        SET balance_minor = decided.balance_minor - v_entry.discount_minor,
          state = CASE WHEN decided.balance_minor > v_entry.discount_minor THEN claim.state ELSE 'redeemed' END
        WHERE claim.id = decided.claim_id AND claim.state = 'active';
        IF NOT FOUND THEN
          RAISE serialization_failure USING MESSAGE = 'the claim is no longer as was decided on';
        END IF;
      END IF;
      IF decided.hold_id IS NOT NULL THEN
        UPDATE marketplace.holds SET released_at = asked.at WHERE id = decided.hold_id;
      END IF;
      outcome := jsonb_build_object(
        'id', v_entry.id, 'voucherId', v_entry.voucher_id, 'businessId', v_entry.business_id,
        'locationId', v_entry.location_id, 'claimId', v_entry.claim_id, 'channel', v_entry.channel,
        'discountMinor', decided.discount_minor, 'amountMinor', v_entry.amount_minor,
        'currency', CASE WHEN decided.discount_minor IS NOT NULL THEN v_entry.currency END,
        'localDay', v_entry.local_day, 'redeemedAt', marketplace.instant_text(v_entry.redeemed_at),
        'rollbackUntil', marketplace.instant_text(decided.rollback_until));
    ELSE
      verdict := 'refused';
      outcome := jsonb_build_object('violations', decided.violations);
    END IF;

    v_attempts := v_attempts || v_attempt;
    v_answer.caller := asked.actor;
    v_answer.operation := asked.operation;
    v_answer.key := asked.key;
    v_answer.fingerprint := decode(asked.fingerprint, 'hex');
    v_answer.status := CASE verdict WHEN 'redeemed' THEN 201 ELSE 409 END;
    v_answer.headers := asked.context;
    v_answer.body := convert_to(outcome::text, 'UTF8');
    v_answers := v_answers || v_answer;
    RETURN NEXT;
  END LOOP;
  PERFORM marketplace.write_redeemed(v_entries, v_attempts, v_answers, v_languages);
END
$$;
REVOKE ALL ON FUNCTION marketplace.redeem(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.redeem(jsonb) TO pika_app;
