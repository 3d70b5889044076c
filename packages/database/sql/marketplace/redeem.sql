-- drop: DROP FUNCTION marketplace.redeem(jsonb);
-- after: marketplace/count_redemption
-- after: marketplace/decide
-- after: marketplace/lock_counters
-- after: marketplace/redemption_event
-- after: marketplace/resolve_requests
-- after: public/number_outbox_event
-- after: security/claim_idempotency_key
-- after: security/keep_idempotent_answer
-- marketplace.redeem: decides requests to redeem, one after the other in the order given, and writes what came of each: the
-- kept outcome of its Idempotency-Key, the attempt, and where nothing refuses it the entry of the ledger, the counters and the
-- event. All of it in the caller's transaction, so it commits or none of it happened.
-- Requests that arrived together share one transaction (docs/decisions/0016-redeem-in-batches.md). Counters are locked before
-- the first is decided; requests only ever see what those before them have written.
-- Plans are kept per connection and may have been made when a table was empty: none may read one whole.
-- `verdict`: redeemed, refused, notFound (nothing is kept), kept (`outcome` is the one of the first time), reused, inFlight.
CREATE OR REPLACE FUNCTION marketplace.redeem(p_requests jsonb)
RETURNS TABLE (ordinal integer, verdict text, outcome jsonb, context jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off AS $$
DECLARE
  asked record;
  kept record;
  decided record;
  v_entry marketplace.redemptions;
  v_codes text[];
  v_channel marketplace.channel;
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT target.voucher_id FROM marketplace.resolve_requests(p_requests) AS target WHERE target.is_known));

  FOR asked IN
    SELECT target.*, request.*
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN jsonb_to_recordset(p_requests) AS request (
      ordinal integer, actor text, "clientAddress" text, operation text, key text, fingerprint text, context jsonb,
      "userId" uuid, "requestId" text, "locationId" uuid, latitude double precision, longitude double precision,
      "accuracyMeters" double precision, "amountMinor" bigint, currency text, "combinedWith" uuid[], "holdKey" text,
      "shownUntil" timestamptz, device text, channel marketplace.channel, at timestamptz, "redemptionId" uuid, "attemptId" uuid
    ) ON request.ordinal = target.ordinal
    ORDER BY target.ordinal
  LOOP
    ordinal := asked.ordinal;
    PERFORM set_config('app.actor', asked.actor, true);
    SELECT claimed.verdict, claimed.status, claimed.headers, claimed.body INTO kept
    FROM security.claim_idempotency_key(asked.operation, asked.key, decode(asked.fingerprint, 'hex')) AS claimed;
    IF kept.verdict <> 'new' THEN
      verdict := kept.verdict;
      outcome := convert_from(kept.body, 'UTF8')::jsonb;
      context := kept.headers;
      RETURN NEXT;
      CONTINUE;
    END IF;
    context := asked.context;
    v_channel := CASE WHEN asked.staff_id IS NOT NULL AND asked.api_key_id IS NULL THEN 'counter' ELSE asked.channel END;

    IF NOT asked.is_known THEN
      INSERT INTO marketplace.attempts (id, user_id, staff_id, api_key_id, channel, violations, latitude, longitude,
        accuracy_meters, device, request_id, attempted_at)
      VALUES (asked."attemptId", asked."userId", NULL, asked.api_key_id, asked.channel, '{unknown}', asked.latitude,
        asked.longitude, asked."accuracyMeters", asked.device, asked."requestId", asked.at);
      verdict := 'notFound';
      outcome := NULL;
      RETURN NEXT;
      CONTINUE;
    END IF;

    SELECT * INTO STRICT decided FROM marketplace.decide(
      asked.voucher_id, asked.claim_id, asked.code_id, asked.user_id, asked."locationId", asked.latitude, asked.longitude,
      asked."amountMinor", asked.currency, asked."combinedWith", asked."holdKey", asked."shownUntil", asked.at);
    v_codes := ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(decided.violations) AS violation);

    IF cardinality(v_codes) = 0 THEN
      verdict := 'redeemed';
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
      v_entry.staff_id := CASE WHEN asked.api_key_id IS NULL THEN asked.staff_id END;
      v_entry.api_key_id := asked.api_key_id;
      v_entry.channel := v_channel;
      v_entry.local_day := decided.local_day;
      v_entry.discount_minor := coalesce(decided.discount_minor, 0);
      v_entry.currency := decided.currency;
      v_entry.amount_minor := asked."amountMinor";
      v_entry.request_id := asked."requestId";
      v_entry.redeemed_at := asked.at;
      INSERT INTO marketplace.redemptions SELECT v_entry.*;
      PERFORM marketplace.count_redemption(v_entry, 1);
      IF decided.claim_id IS NOT NULL THEN
        -- Of all that is written here, claims alone are audited: on whose behalf.
        PERFORM set_config('app.user_id', coalesce(asked."userId"::text, ''), true),
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
      IF asked.code_id IS NOT NULL THEN
        INSERT INTO marketplace.code_uses (code_id, redemption_id, used_at)
        SELECT code.id, v_entry.id, asked.at FROM marketplace.voucher_codes code
        WHERE code.id = asked.code_id AND code.kind <> 'static';
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
      INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
      VALUES ('redemption', v_entry.id::text, 'redemption.redeemed',
        marketplace.redemption_event(v_entry) || jsonb_build_object('language', asked.context -> 'language'), asked."requestId");
    ELSE
      verdict := 'refused';
      outcome := jsonb_build_object('violations', decided.violations);
    END IF;

    INSERT INTO marketplace.attempts (id, voucher_id, business_id, location_id, user_id, staff_id, api_key_id, claim_id, code_id,
      redemption_id, channel, violations, latitude, longitude, accuracy_meters, device, request_id, attempted_at)
    VALUES (asked."attemptId", asked.voucher_id, asked.business_id, decided.location_id, asked.user_id,
      CASE WHEN asked.api_key_id IS NULL THEN asked.staff_id END, asked.api_key_id, decided.claim_id, asked.code_id,
      CASE WHEN verdict = 'redeemed' THEN asked."redemptionId" END, v_channel, v_codes, asked.latitude, asked.longitude,
      asked."accuracyMeters", asked.device, asked."requestId", asked.at);
    PERFORM security.keep_idempotent_answer(asked.operation, asked.key, decode(asked.fingerprint, 'hex'),
      CASE verdict WHEN 'redeemed' THEN 201 ELSE 409 END, asked.context, convert_to(outcome::text, 'UTF8'));
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION marketplace.redeem(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.redeem(jsonb) TO pika_app;
