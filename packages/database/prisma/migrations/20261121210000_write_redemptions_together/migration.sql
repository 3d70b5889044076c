SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP FUNCTION public.lock_outbox_aggregate(text, text);
DROP FUNCTION marketplace.count_redemption(marketplace.redemptions, integer);
-- removed sql/marketplace/count_redemption.sql

-- sql/business/is_active.sql
-- drop: DROP FUNCTION business.is_active(business.businesses);
-- business.is_active: may its offers be claimed and redeemed? The list asks the same of business.public_locations.
CREATE OR REPLACE FUNCTION business.is_active(p_business business.businesses) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT p_business.status = 'verified' AND p_business.deleted_at IS NULL AND p_business.closed_at IS NULL
$$;
REVOKE ALL ON FUNCTION business.is_active(business.businesses) FROM PUBLIC;
-- end

-- sql/marketplace/count_in_all.sql
-- drop: DROP FUNCTION marketplace.count_in_all(marketplace.redemptions, integer);
-- marketplace.count_in_all: moves what counts for all by one, up or down: the campaign's counter and then the voucher's, both
-- locked by the caller. One that would pass its limit stays, and the transaction is told to begin anew: whoever decided did
-- not see what this transaction sees.
CREATE OR REPLACE FUNCTION marketplace.count_in_all(p_entry marketplace.redemptions, p_step integer)
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_discount constant bigint := abs(p_entry.discount_minor) * p_step;
BEGIN
  IF p_entry.campaign_id IS NOT NULL THEN
    UPDATE marketplace.campaign_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
    WHERE campaign_id = p_entry.campaign_id
      AND (p_step < 0 OR (
        (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
    IF NOT FOUND THEN
      RAISE serialization_failure USING MESSAGE = 'the campaign has less left than was decided on';
    END IF;
  END IF;
  UPDATE marketplace.voucher_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
  WHERE voucher_id = p_entry.voucher_id
    AND (p_step < 0 OR (
      (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'the voucher has less left than was decided on';
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.count_in_all(marketplace.redemptions, integer) FROM PUBLIC;
-- end

-- sql/marketplace/decide.sql
-- drop: DROP FUNCTION marketplace.decide(uuid, uuid, uuid, uuid, uuid, double precision, double precision, bigint, text, uuid[], text, timestamptz, timestamptz);
-- after: business/is_active
-- after: business/opening_state
-- after: business/start_of_day
-- after: marketplace/discount_of
-- after: marketplace/instant_text
-- after: marketplace/limit_violations
-- after: marketplace/point_at
-- marketplace.decide: may this voucher be redeemed, here, now, for this consumer? Every rule that says no, with its figures;
-- none: it may, and the other values are what to redeem. The one place where it is decided: to validate is to call it, to
-- redeem is to call it with the counters locked and then to write what it said.
-- `p_shown_until` is when the token expires that was shown. Reads only. Days and hours are those of the location's zone; an instant is computed only where it is told or is near.
CREATE OR REPLACE FUNCTION marketplace.decide(
  p_voucher_id uuid, p_claim_id uuid, p_code_id uuid, p_user_id uuid, p_location_id uuid,
  p_latitude double precision, p_longitude double precision, p_amount_minor bigint, p_currency text,
  p_combined_with uuid[], p_hold_key text, p_shown_until timestamptz, p_at timestamptz,
  OUT violations jsonb, OUT location_id uuid, OUT local_day date, OUT claim_id uuid, OUT hold_id uuid,
  OUT discount_minor bigint, OUT currency text, OUT balance_minor bigint, OUT rollback_until timestamptz
) LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_claim marketplace.claims;
  v_place record;
  v_others record;
  v_counter record;
  v_is_business_active boolean;
  v_code record;
  v_used bigint[] := '{0,0,0,0,0,0,0,0}';
  v_held bigint[] := '{0,0,0,0,0,0,0,0}';
  v_distance double precision;
  v_instant timestamptz;
  v_local timestamp;
BEGIN
  violations := '[]';
  SELECT voucher.* INTO STRICT v_voucher FROM marketplace.vouchers voucher WHERE voucher.id = p_voucher_id;
  SELECT business.is_active(business) INTO STRICT v_is_business_active
  FROM business.businesses business WHERE business.id = v_voucher.business_id;

  -- The claim: the one asked for, or the consumer's own that ends first.
  IF p_claim_id IS NOT NULL THEN
    SELECT claim.* INTO STRICT v_claim FROM marketplace.claims claim WHERE claim.id = p_claim_id;
  ELSIF p_user_id IS NOT NULL AND p_code_id IS NULL THEN
    SELECT claim.* INTO v_claim FROM marketplace.claims claim
    WHERE claim.user_id = p_user_id AND claim.voucher_id = p_voucher_id AND claim.state = 'active'
      AND (claim.expires_at IS NULL OR claim.expires_at > p_at)
    ORDER BY claim.expires_at NULLS LAST, claim.id LIMIT 1;
  END IF;
  claim_id := v_claim.id;

  -- States.
  IF v_voucher.state <> 'published' AND NOT (v_voucher.state = 'expired') THEN
    violations := violations || jsonb_build_object('code', CASE v_voucher.state
      WHEN 'suspended' THEN 'voucher.suspended' WHEN 'archived' THEN 'voucher.archived' ELSE 'voucher.notPublished' END);
  END IF;
  IF NOT v_is_business_active THEN
    violations := violations || '{"code": "business.inactive"}'::jsonb;
  END IF;

  -- The place: the one asked for, or the only one.
  IF p_location_id IS NULL THEN
    SELECT location.id, location.time_zone, location.weekly_hours, location.latitude, location.longitude, true AS is_valid
    INTO v_place
    FROM marketplace.voucher_locations link
    JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
      AND location.business_id = v_voucher.business_id
    WHERE link.voucher_id = p_voucher_id
      AND (
        SELECT count(*) FROM marketplace.voucher_locations other
        JOIN business.locations living ON living.id = other.location_id AND living.deleted_at IS NULL
          AND living.business_id = v_voucher.business_id
        WHERE other.voucher_id = p_voucher_id
      ) = 1;
  ELSE
    SELECT location.id, location.time_zone, location.weekly_hours, location.latitude, location.longitude,
      EXISTS (
        SELECT FROM marketplace.voucher_locations link WHERE link.voucher_id = p_voucher_id AND link.location_id = location.id
      ) AS is_valid
    INTO v_place
    FROM business.locations location
    WHERE location.id = p_location_id AND location.deleted_at IS NULL AND location.business_id = v_voucher.business_id;
  END IF;
  IF v_place.id IS NULL OR NOT v_place.is_valid THEN
    violations := violations || jsonb_build_object('code',
      CASE WHEN p_location_id IS NULL THEN 'location.required' ELSE 'location.notValid' END);
  ELSE
    location_id := v_place.id;
    v_local := p_at AT TIME ZONE v_place.time_zone;
    local_day := v_local::date;
    IF local_day < v_voucher.valid_from THEN
      v_instant := business.start_of_day(v_voucher.valid_from, v_place.time_zone);
      IF p_at < v_instant THEN
        violations := violations || jsonb_build_object('code', 'voucher.notYetValid', 'validFrom', marketplace.instant_text(v_instant));
      END IF;
    END IF;
    v_instant := NULL;
    IF local_day >= v_voucher.valid_until THEN
      v_instant := business.start_of_day(v_voucher.valid_until + 1, v_place.time_zone);
    END IF;
    IF p_at >= v_instant THEN
      violations := violations || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_instant));
    ELSIF v_voucher.state = 'expired' THEN
      violations := violations || '{"code": "voucher.expired"}'::jsonb;
    END IF;
    IF NOT v_voucher.redeemable_hours @> (
      (extract(isodow FROM v_local)::integer - 1) * 1440 + extract(hour FROM v_local)::integer * 60 + extract(minute FROM v_local)::integer
    ) THEN
      SELECT state.opens_at INTO v_instant
      FROM business.opening_state(NULL, v_place.time_zone, v_voucher.redeemable_hours, p_at) AS state;
      violations := violations || jsonb_build_object('code', 'voucher.outsideHours', 'opensAt', marketplace.instant_text(v_instant));
    END IF;
    IF NOT business.is_open(v_place.id, v_place.time_zone, v_place.weekly_hours, p_at) THEN
      SELECT state.opens_at INTO v_instant
      FROM business.opening_state(v_place.id, v_place.time_zone, v_place.weekly_hours, p_at) AS state;
      violations := violations || jsonb_build_object('code', 'location.closed', 'opensAt', marketplace.instant_text(v_instant));
    END IF;
    IF v_voucher.geofence_meters IS NOT NULL THEN
      v_distance := public.ST_Distance(
        marketplace.point_at(v_place.latitude, v_place.longitude), marketplace.point_at(p_latitude, p_longitude));
      IF v_distance IS NULL THEN
        violations := violations || '{"code": "position.required"}'::jsonb;
      ELSIF v_distance > v_voucher.geofence_meters THEN
        violations := violations || jsonb_build_object('code', 'position.tooFar',
          'distanceMeters', round(v_distance::numeric, 1), 'limitMeters', v_voucher.geofence_meters);
      END IF;
    END IF;
  END IF;

  -- What is shown: a claim that is alive, a code that is not used up.
  IF v_claim.id IS NULL THEN
    IF v_voucher.valid_days_after_claim IS NOT NULL OR v_voucher.discount_type = 'gift_balance' THEN
      violations := violations || '{"code": "claim.required"}'::jsonb;
    END IF;
  ELSIF v_claim.state = 'redeemed' THEN
    SELECT max(entry.redeemed_at) INTO v_instant
    FROM marketplace.redemptions entry WHERE entry.claim_id = v_claim.id AND entry.kind = 'redemption';
    violations := violations || jsonb_build_object('code', 'claim.redeemed', 'redeemedAt', marketplace.instant_text(v_instant));
  ELSIF v_claim.state = 'released' THEN
    violations := violations || '{"code": "claim.released"}'::jsonb;
  ELSIF v_claim.state = 'expired' OR v_claim.expires_at <= p_at THEN
    violations := violations || jsonb_build_object('code', 'claim.expired', 'expiresAt', marketplace.instant_text(v_claim.expires_at));
  END IF;
  IF p_shown_until <= p_at THEN
    violations := violations || jsonb_build_object('code', 'code.expired', 'expiresAt', marketplace.instant_text(p_shown_until));
  END IF;
  IF p_code_id IS NOT NULL THEN
    SELECT code.revoked_at, used.used_at INTO STRICT v_code
    FROM marketplace.voucher_codes code
    LEFT JOIN marketplace.code_uses used ON used.code_id = code.id
    WHERE code.id = p_code_id;
    IF v_code.revoked_at <= p_at THEN
      violations := violations || jsonb_build_object('code', 'code.revoked', 'revokedAt', marketplace.instant_text(v_code.revoked_at));
    END IF;
    IF v_code.used_at IS NOT NULL THEN
      violations := violations || jsonb_build_object('code', 'code.used', 'usedAt', marketplace.instant_text(v_code.used_at));
    END IF;
  END IF;

  IF v_voucher.campaign_id IS NOT NULL THEN
    SELECT campaign.* INTO STRICT v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
    IF p_at < v_campaign.starts_at THEN
      violations := violations || jsonb_build_object('code', 'campaign.notStarted', 'startsAt', marketplace.instant_text(v_campaign.starts_at));
    ELSIF p_at >= v_campaign.ends_at OR v_campaign.deleted_at IS NOT NULL THEN
      violations := violations || jsonb_build_object('code', 'campaign.ended',
        'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
    END IF;
  END IF;

  -- Money.
  currency := coalesce(v_voucher.currency, p_currency);
  balance_minor := v_claim.balance_minor;
  discount_minor := marketplace.discount_of(v_voucher, p_amount_minor, balance_minor);
  IF v_voucher.discount_type = 'gift_balance' AND balance_minor = 0 THEN
    violations := violations || '{"code": "balance.exhausted"}'::jsonb;
  END IF;
  IF discount_minor IS NULL
    AND (v_voucher.discount_type = 'gift_balance' OR v_voucher.budget_minor IS NOT NULL OR v_campaign.budget_minor IS NOT NULL)
  THEN
    violations := violations || '{"code": "amount.required"}'::jsonb;
  END IF;
  IF p_currency <> coalesce(v_voucher.currency, v_campaign.currency) THEN
    violations := violations || jsonb_build_object('code', 'amount.currencyMismatch', 'currency', coalesce(v_voucher.currency, v_campaign.currency));
  END IF;

  -- Limits. An absent row of a person or a day has counted nothing.
  SELECT counter.used_count, counter.discount_minor INTO STRICT v_counter
  FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher_id;
  v_used[1] := v_counter.used_count;
  v_used[2] := v_counter.discount_minor;
  IF v_voucher.limit_per_location_day IS NOT NULL AND location_id IS NOT NULL THEN
    v_used[5] := coalesce((
      SELECT counter.used_count FROM marketplace.location_day_counters counter
      WHERE counter.voucher_id = p_voucher_id AND counter.location_id = v_place.id AND counter.day = v_local::date
    ), 0);
  END IF;
  IF v_campaign.id IS NOT NULL THEN
    SELECT counter.used_count, counter.discount_minor INTO STRICT v_counter
    FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id;
    v_used[6] := v_counter.used_count;
    v_used[7] := v_counter.discount_minor;
  END IF;
  IF p_user_id IS NOT NULL THEN
    IF v_voucher.limit_per_user IS NOT NULL THEN
      v_used[3] := coalesce((
        SELECT counter.used_count FROM marketplace.user_counters counter
        WHERE counter.user_id = p_user_id AND counter.voucher_id = p_voucher_id
      ), 0);
    END IF;
    IF v_voucher.limit_per_user_day IS NOT NULL AND location_id IS NOT NULL THEN
      v_used[4] := coalesce((
        SELECT counter.used_count FROM marketplace.user_day_counters counter
        WHERE counter.user_id = p_user_id AND counter.voucher_id = p_voucher_id AND counter.day = v_local::date
      ), 0);
    END IF;
    IF v_campaign.limit_per_user IS NOT NULL THEN
      v_used[8] := coalesce((
        SELECT counter.used_count FROM marketplace.campaign_user_counters counter
        WHERE counter.user_id = p_user_id AND counter.campaign_id = v_campaign.id
      ), 0);
    END IF;
  END IF;

  -- Holds of others count like redemptions as long as they live; the consumer's own is what is redeemed now.
  IF v_voucher.limit_total IS NOT NULL OR v_voucher.limit_per_user IS NOT NULL OR v_campaign.limit_total IS NOT NULL
    OR v_campaign.limit_per_user IS NOT NULL OR p_hold_key IS NOT NULL
  THEN
    SELECT hold.id INTO hold_id FROM marketplace.holds hold
    WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at
      AND CASE WHEN p_hold_key IS NULL THEN hold.user_id = p_user_id
        ELSE hold.key = p_hold_key AND (p_user_id IS NULL OR hold.user_id = p_user_id) END
    ORDER BY hold.expires_at, hold.id LIMIT 1;
    SELECT count(*) FILTER (WHERE hold.voucher_id = p_voucher_id) AS total,
      count(*) FILTER (WHERE hold.voucher_id = p_voucher_id AND hold.user_id = p_user_id) AS by_user,
      count(*) AS campaign_total,
      count(*) FILTER (WHERE hold.user_id = p_user_id) AS campaign_by_user
    INTO v_others
    FROM marketplace.holds hold
    WHERE hold.voucher_id = ANY (CASE WHEN v_campaign.id IS NULL THEN ARRAY[p_voucher_id]
        ELSE ARRAY(SELECT sister.id FROM marketplace.vouchers sister WHERE sister.campaign_id = v_campaign.id) END)
      AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.id IS DISTINCT FROM decide.hold_id;
    v_held[1] := v_others.total;
    v_held[3] := v_others.by_user;
    v_held[6] := v_others.campaign_total;
    v_held[8] := v_others.campaign_by_user;
  END IF;

  violations := violations || marketplace.limit_violations(
    v_voucher, v_campaign, v_used, v_held, p_user_id IS NOT NULL, coalesce(discount_minor, 0), local_day, v_place.time_zone);

  IF cardinality(p_combined_with) > 0 AND (v_voucher.stacking_group IS NULL OR EXISTS (
    SELECT FROM unnest(p_combined_with) AS wanted (id)
    LEFT JOIN marketplace.vouchers other ON other.id = wanted.id
    WHERE other.stacking_group IS DISTINCT FROM v_voucher.stacking_group
  )) THEN
    violations := violations || '{"code": "voucher.notCombinable"}'::jsonb;
  END IF;
  rollback_until := p_at + make_interval(mins => v_voucher.rollback_window_minutes);
END
$$;
REVOKE ALL ON FUNCTION marketplace.decide(uuid, uuid, uuid, uuid, uuid, double precision, double precision, bigint, text, uuid[], text, timestamptz, timestamptz) FROM PUBLIC;
-- end

-- sql/marketplace/enter_redemptions.sql
-- drop: DROP FUNCTION marketplace.enter_redemptions(marketplace.redemptions[], text[]);
-- after: marketplace/redemption_event
-- after: public/number_outbox_event
-- marketplace.enter_redemptions: writes redemptions into the ledger, and beside it what counts for each consumer and place, the
-- codes that they used up, and their events, each with the language in its place of p_languages. What counts for all is counted before
-- (marketplace.count_in_all).
CREATE OR REPLACE FUNCTION marketplace.enter_redemptions(p_entries marketplace.redemptions[], p_languages text[])
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT entry.* FROM unnest(p_entries) AS entry;
  INSERT INTO marketplace.location_day_counters AS counter (voucher_id, location_id, day, used_count)
  SELECT entry.voucher_id, entry.location_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.location_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.location_id, entry.local_day
  ON CONFLICT (voucher_id, location_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_counters AS counter (voucher_id, user_id, used_count)
  SELECT entry.voucher_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id
  ON CONFLICT (user_id, voucher_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_day_counters AS counter (voucher_id, user_id, day, used_count)
  SELECT entry.voucher_id, entry.user_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id, entry.local_day
  ON CONFLICT (user_id, voucher_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.campaign_user_counters AS counter (campaign_id, user_id, used_count)
  SELECT entry.campaign_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.campaign_id IS NOT NULL AND entry.user_id IS NOT NULL
  GROUP BY entry.campaign_id, entry.user_id
  ON CONFLICT (user_id, campaign_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.code_uses (code_id, redemption_id, used_at)
  SELECT entry.code_id, entry.id, entry.redeemed_at
  FROM unnest(p_entries) AS entry
  WHERE (SELECT code.kind FROM marketplace.voucher_codes code WHERE code.id = entry.code_id) <> 'static';
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  SELECT 'redemption', (told.entry).id::text, 'redemption.redeemed',
    marketplace.redemption_event(told.entry) || jsonb_build_object('language', p_languages[place]), (told.entry).request_id
  FROM generate_subscripts(p_entries, 1) AS place
  CROSS JOIN LATERAL (SELECT p_entries[place] AS entry OFFSET 0) AS told;
END
$$;
REVOKE ALL ON FUNCTION marketplace.enter_redemptions(marketplace.redemptions[], text[]) FROM PUBLIC;
-- end

-- sql/marketplace/take_back.sql
-- drop: DROP FUNCTION marketplace.take_back(marketplace.redemptions);
-- after: marketplace/count_in_all
-- after: marketplace/redemption_event
-- after: public/number_outbox_event
-- marketplace.take_back: writes a rollback into the ledger: every counter of what it reverses goes down by one, its code may be
-- used again, and its event is told. The counters of the campaign and the voucher are locked by the caller.
CREATE OR REPLACE FUNCTION marketplace.take_back(p_reversal marketplace.redemptions)
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT p_reversal.*;
  PERFORM marketplace.count_in_all(p_reversal, -1);
  UPDATE marketplace.location_day_counters SET used_count = used_count - 1
  WHERE voucher_id = p_reversal.voucher_id AND location_id = p_reversal.location_id AND day = p_reversal.local_day;
  UPDATE marketplace.user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id;
  UPDATE marketplace.user_day_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id AND day = p_reversal.local_day;
  UPDATE marketplace.campaign_user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND campaign_id = p_reversal.campaign_id;
  DELETE FROM marketplace.code_uses used WHERE used.redemption_id = p_reversal.reverses_id;
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  VALUES ('redemption', p_reversal.reverses_id::text, 'redemption.rolledBack',
    marketplace.redemption_event(p_reversal), p_reversal.request_id);
END
$$;
REVOKE ALL ON FUNCTION marketplace.take_back(marketplace.redemptions) FROM PUBLIC;
-- end

-- sql/marketplace/fold_scans.sql
-- drop: DROP FUNCTION marketplace.fold_scans(uuid[], timestamptz);
-- after: business/start_of_day
-- after: marketplace/count_names
-- after: marketplace/count_in_all
-- after: marketplace/discount_of
-- after: marketplace/enter_redemptions
-- after: marketplace/limit_violations
-- after: marketplace/take_back
-- after: public/new_id
-- marketplace.fold_scans: which offline scans of these vouchers were within the limits: all of them anew, in the order of
-- (scanned at, nonce), beside what was redeemed online. The same scans give the same verdicts whatever the order in which
-- they came. What changes by it is written as entries of the ledger: taken back first, then counted.
-- A scan whose entry somebody rolled back is out of it for good. The counters of the vouchers are locked by the caller.
-- `v_moved` holds, by name, how far each count is from what stands in the tables: live entries of scans are taken off before
-- the walk, and each scan that is within adds its own.
CREATE OR REPLACE FUNCTION marketplace.fold_scans(p_voucher_ids uuid[], p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_moved jsonb := '{}';
  v_names text[];
  v_steps bigint[];
  v_amounts bigint[];
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_scan marketplace.scans;
  v_claim marketplace.claims;
  v_live marketplace.redemptions;
  v_entry marketplace.redemptions;
  v_entries marketplace.redemptions[] := '{}';
  v_displaced marketplace.redemptions[] := '{}';
  v_claims uuid[] := '{}';
  v_zone text;
  v_day date;
  v_discount bigint;
  v_balance bigint;
  v_violations jsonb;
BEGIN
  FOR v_live IN
    SELECT entry.* FROM marketplace.redemptions entry
    WHERE entry.voucher_id = ANY (p_voucher_ids) AND entry.scan_nonce IS NOT NULL AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
  LOOP
    v_names := marketplace.count_names(v_live);
    v_moved := v_moved || (
      SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) - CASE WHEN name LIKE '%spent %' THEN v_live.discount_minor ELSE 1 END)
      FROM unnest(v_names) AS name WHERE name IS NOT NULL
    );
  END LOOP;

  FOR v_scan IN
    SELECT scan.* FROM marketplace.scans scan
    WHERE scan.voucher_id = ANY (p_voucher_ids) AND NOT EXISTS (
      SELECT FROM marketplace.redemptions entry
      JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id AND reversal.scan_nonce IS NULL
      WHERE entry.scan_nonce = scan.nonce
    )
    ORDER BY scan.scanned_at, scan.nonce
  LOOP
    SELECT voucher.* INTO STRICT v_voucher FROM marketplace.vouchers voucher WHERE voucher.id = v_scan.voucher_id;
    SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
    SELECT claim.* INTO v_claim FROM marketplace.claims claim WHERE claim.id = v_scan.claim_id;
    SELECT location.time_zone INTO STRICT v_zone FROM business.locations location WHERE location.id = v_scan.location_id;
    v_day := (v_scan.scanned_at AT TIME ZONE v_zone)::date;
    v_violations := '[]';

    v_entry := NULL;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'redemption';
    v_entry.voucher_id := v_scan.voucher_id;
    v_entry.business_id := v_scan.business_id;
    v_entry.campaign_id := v_voucher.campaign_id;
    v_entry.location_id := v_scan.location_id;
    v_entry.claim_id := v_scan.claim_id;
    v_entry.code_id := v_scan.code_id;
    v_entry.user_id := v_scan.user_id;
    v_entry.staff_id := v_scan.staff_id;
    v_entry.api_key_id := v_scan.api_key_id;
    v_entry.channel := 'offline';
    v_entry.local_day := v_day;
    v_entry.currency := coalesce(v_voucher.currency, v_scan.currency);
    v_entry.amount_minor := v_scan.amount_minor;
    v_entry.scan_nonce := v_scan.nonce;
    v_entry.redeemed_at := v_scan.scanned_at;
    v_names := marketplace.count_names(v_entry);
    v_steps := ARRAY(SELECT coalesce((v_moved ->> name)::bigint, 0) FROM unnest(v_names) WITH ORDINALITY AS listed (name, place) ORDER BY place);

    IF v_scan.scanned_at < business.start_of_day(v_voucher.valid_from, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.notYetValid"}'::jsonb;
    END IF;
    IF v_scan.scanned_at >= business.start_of_day(v_voucher.valid_until + 1, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.expired"}'::jsonb;
    END IF;
    IF v_claim.expires_at <= v_scan.scanned_at THEN
      v_violations := v_violations || '{"code": "claim.expired"}'::jsonb;
    END IF;
    v_balance := v_claim.balance_minor - v_steps[11];
    v_discount := marketplace.discount_of(v_voucher, v_scan.amount_minor, v_balance);
    v_entry.discount_minor := coalesce(v_discount, 0);
    IF v_claim.balance_minor IS NOT NULL THEN
      IF v_balance <= 0 THEN
        v_violations := v_violations || '{"code": "balance.exhausted"}'::jsonb;
      END IF;
    ELSIF v_claim.id IS NOT NULL AND v_steps[9] + (
      SELECT count(*) FROM marketplace.redemptions entry
      WHERE entry.claim_id = v_claim.id AND entry.kind = 'redemption'
        AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
    ) > 0 THEN
      v_violations := v_violations || '{"code": "claim.redeemed"}'::jsonb;
    END IF;
    IF EXISTS (SELECT FROM marketplace.voucher_codes code WHERE code.id = v_scan.code_id AND code.kind <> 'static')
      AND v_steps[10] + (SELECT count(*) FROM marketplace.code_uses used WHERE used.code_id = v_scan.code_id) > 0
    THEN
      v_violations := v_violations || '{"code": "code.used"}'::jsonb;
    END IF;
    v_violations := v_violations || marketplace.limit_violations(
      v_voucher, v_campaign,
      ARRAY[
        v_steps[1] + (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[2] + (SELECT counter.discount_minor FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[3] + coalesce((SELECT counter.used_count FROM marketplace.user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id), 0),
        v_steps[4] + coalesce((SELECT counter.used_count FROM marketplace.user_day_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id AND counter.day = v_day), 0),
        v_steps[5] + coalesce((SELECT counter.used_count FROM marketplace.location_day_counters counter
          WHERE counter.voucher_id = v_scan.voucher_id AND counter.location_id = v_scan.location_id AND counter.day = v_day), 0),
        v_steps[6] + (SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[7] + (SELECT counter.discount_minor FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[8] + coalesce((SELECT counter.used_count FROM marketplace.campaign_user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.campaign_id = v_campaign.id), 0)
      ],
      '{0,0,0,0,0,0,0,0}', v_scan.user_id IS NOT NULL, v_entry.discount_minor, v_day, v_zone);

    SELECT entry.* INTO v_live FROM marketplace.redemptions entry
    WHERE entry.scan_nonce = v_scan.nonce AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id);
    IF jsonb_array_length(v_violations) = 0 THEN
      v_moved := v_moved || (
        SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) + CASE WHEN name LIKE '%spent %' THEN v_entry.discount_minor ELSE 1 END)
        FROM unnest(v_names) AS name WHERE name IS NOT NULL
      );
      IF v_live.id IS NULL OR v_live.discount_minor <> v_entry.discount_minor THEN
        v_entries := v_entries || v_entry;
        v_claims := v_claims || v_scan.claim_id;
      END IF;
    END IF;
    IF v_live.id IS NOT NULL AND (jsonb_array_length(v_violations) > 0 OR v_live.discount_minor <> v_entry.discount_minor) THEN
      v_displaced := v_displaced || v_live;
      v_claims := v_claims || v_scan.claim_id;
    END IF;
    INSERT INTO marketplace.scan_verdicts AS verdict (nonce, violations, folded_at)
    VALUES (v_scan.nonce, ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(v_violations) AS violation), p_at)
    ON CONFLICT (nonce) DO UPDATE SET violations = excluded.violations, folded_at = excluded.folded_at
    WHERE verdict.violations <> excluded.violations;
  END LOOP;

  FOREACH v_live IN ARRAY v_displaced LOOP
    v_entry := v_live;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'rollback';
    v_entry.reverses_id := v_live.id;
    v_entry.discount_minor := -v_live.discount_minor;
    v_entry.redeemed_at := p_at;
    PERFORM marketplace.take_back(v_entry);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_live.discount_minor
    WHERE claim.id = v_live.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  FOREACH v_entry IN ARRAY v_entries LOOP
    PERFORM marketplace.count_in_all(v_entry, 1);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor - v_entry.discount_minor
    WHERE claim.id = v_entry.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  PERFORM marketplace.enter_redemptions(v_entries, '{}');
  UPDATE marketplace.claims claim SET state = due.state
  FROM (
    SELECT touched.id, CASE
      WHEN touched.balance_minor > 0 THEN 'active'
      WHEN touched.balance_minor = 0 THEN 'redeemed'
      WHEN EXISTS (
        SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = touched.id AND entry.kind = 'redemption'
          AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
      ) THEN 'redeemed'
      ELSE 'active' END::marketplace.claim_state AS state
    FROM marketplace.claims touched WHERE touched.id = ANY (v_claims)
  ) AS due
  WHERE claim.id = due.id AND claim.state IN ('active', 'redeemed') AND claim.state <> due.state;
END
$$;
REVOKE ALL ON FUNCTION marketplace.fold_scans(uuid[], timestamptz) FROM PUBLIC;
-- end

-- sql/marketplace/list_revoked_tokens.sql
-- drop: DROP FUNCTION marketplace.list_revoked_tokens(integer);
-- after: business/is_active
-- marketplace.list_revoked_tokens: the ids of the claims and vouchers that stopped to be good in so many seconds until now, and of
-- the claims of such vouchers: what a token that was signed in that time may be for though it is worth nothing.
CREATE OR REPLACE FUNCTION marketplace.list_revoked_tokens(p_seconds integer) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = '' AS $$
  SELECT claim.id FROM marketplace.claims claim WHERE claim.state <> 'active' AND claim.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM marketplace.vouchers voucher
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE (voucher.state <> 'published' OR voucher.deleted_at IS NOT NULL) AND voucher.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM business.businesses business
  JOIN marketplace.vouchers voucher ON voucher.business_id = business.id
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE NOT business.is_active(business) AND business.updated_at >= now() - make_interval(secs => p_seconds)
$$;
REVOKE ALL ON FUNCTION marketplace.list_revoked_tokens(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_revoked_tokens(integer) TO pika_app;
-- end

-- sql/marketplace/over_violations.sql
-- drop: DROP FUNCTION marketplace.over_violations(marketplace.vouchers, marketplace.campaigns, timestamptz);
-- after: business/is_active
-- after: marketplace/instant_text
-- after: marketplace/voucher_ends_at
-- marketplace.over_violations: why a voucher can be had nowhere any more, or not for now, whoever asks and wherever: its state,
-- its business, its last day, its campaign. The one place of these rules for who claims and who holds.
CREATE OR REPLACE FUNCTION marketplace.over_violations(
  p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_at timestamptz
) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
  v_ends_at constant timestamptz := marketplace.voucher_ends_at(p_voucher.id);
BEGIN
  IF p_voucher.state IN ('suspended', 'archived') THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.' || p_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = p_voucher.business_id AND business.is_active(business)
  ) THEN
    v_violations := v_violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    v_violations := v_violations || jsonb_build_object(
      'code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  IF p_campaign.ends_at <= p_at OR p_campaign.deleted_at IS NOT NULL THEN
    v_violations := v_violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(p_campaign.ends_at, p_campaign.deleted_at)));
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.over_violations(marketplace.vouchers, marketplace.campaigns, timestamptz) FROM PUBLIC;
-- end

-- sql/marketplace/own_claims.sql
-- drop: DROP FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision);
-- after: business/is_active
-- after: business/opening_state
-- after: business/start_of_day
-- after: marketplace/instant_text
-- after: marketplace/point_at
-- after: marketplace/reasons_not_now
-- marketplace.own_claims: the wallet of the transaction's person, or one claim of it, also of vouchers that nobody else is shown
-- any more. The place is the nearest to the point, or the only one; `distance_meters` is infinite where there is none.
-- `state` is that of this instant; `reasons` are why it cannot be redeemed there now, but for what is asked for at the counter.
CREATE OR REPLACE FUNCTION marketplace.own_claims(
  p_claim_id uuid, p_at timestamptz, p_latitude double precision, p_longitude double precision
) RETURNS TABLE (
  id uuid, voucher_id uuid, voucher_state marketplace.voucher_state, source_id text, state marketplace.claim_state,
  short_code text, balance_minor bigint, claimed_at timestamptz, expires_at timestamptz, redeemed_at timestamptz,
  version integer, valid_from timestamptz, voucher_expires_at timestamptz, location_id uuid, latitude double precision,
  longitude double precision, street text, city text, country_code text, distance_meters double precision, time_zone text,
  is_open boolean, opens_at timestamptz, reasons text[]
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT claim.id, claim.voucher_id, voucher.state, claim.source_id,
    CASE WHEN claim.state = 'active' AND claim.expires_at <= p_at THEN 'expired'::marketplace.claim_state ELSE claim.state END,
    claim.short_code, claim.balance_minor, claim.claimed_at, claim.expires_at, redeemed.at, claim.version,
    validity.starts_at, validity.ends_at, place.id, place.latitude, place.longitude, place.street, place.city,
    place.country_code, coalesce(place.distance, 'infinity'), place.time_zone, opening.is_open, opening.opens_at,
    array_remove(ARRAY[
      CASE claim.state WHEN 'redeemed' THEN 'claim.redeemed' WHEN 'released' THEN 'claim.released'
        WHEN 'expired' THEN 'claim.expired' ELSE CASE WHEN claim.expires_at <= p_at THEN 'claim.expired' END END,
      CASE voucher.state WHEN 'suspended' THEN 'voucher.suspended' WHEN 'archived' THEN 'voucher.archived'
        WHEN 'draft' THEN 'voucher.notPublished' END,
      CASE WHEN NOT merchant.is_active THEN 'business.inactive' END,
      CASE WHEN validity.ends_at <= p_at OR voucher.state = 'expired' THEN 'voucher.expired' END
    ], NULL) || ARRAY(SELECT jsonb_array_elements_text(('[' || refusal.reasons || ']')::jsonb))
  FROM marketplace.claims claim
  JOIN marketplace.vouchers voucher ON voucher.id = claim.voucher_id
  CROSS JOIN LATERAL (
    SELECT business.is_active(business) AS is_active
    FROM business.businesses business WHERE business.id = voucher.business_id
  ) AS merchant
  LEFT JOIN LATERAL (
    SELECT max(entry.redeemed_at) AS at FROM marketplace.redemptions entry
    WHERE entry.claim_id = claim.id AND entry.kind = 'redemption' AND claim.state = 'redeemed'
  ) AS redeemed ON true
  LEFT JOIN LATERAL (
    SELECT location.*, near.distance,
      count(*) OVER () AS places
    FROM marketplace.voucher_locations link
    JOIN business.locations location
      ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT public.ST_Distance(
        marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
      ) AS distance
    ) AS near
    WHERE link.voucher_id = voucher.id
    ORDER BY near.distance, location.id
    LIMIT 1
  ) AS place ON place.places = 1 OR place.distance IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT min(business.start_of_day(voucher.valid_from, location.time_zone)) AS starts_at,
      max(business.start_of_day(voucher.valid_until + 1, location.time_zone)) AS ends_at
    FROM marketplace.voucher_locations link
    JOIN business.locations location
      ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
    WHERE link.voucher_id = voucher.id AND (place.id IS NULL OR location.id = place.id)
  ) AS validity
  LEFT JOIN LATERAL business.opening_state(place.id, place.time_zone, place.weekly_hours, p_at) AS opening
    ON place.id IS NOT NULL
  CROSS JOIN LATERAL marketplace.reasons_not_now(
    voucher.id, place.id, place.time_zone, opening.is_open, validity.starts_at, claim.user_id, p_at
  ) AS refusal
  WHERE claim.user_id = security.current_user_id() AND (p_claim_id IS NULL OR claim.id = p_claim_id);
END
$$;
REVOKE ALL ON FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision) TO pika_app;
-- end

-- sql/security/keep_idempotent_answers.sql
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
-- end

-- sql/marketplace/write_redeemed.sql
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
-- end

-- sql/security/claim_idempotency_keys.sql
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
-- end

-- sql/marketplace/redeem.sql
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
-- end

-- sql/marketplace/rollback_redemption.sql
-- drop: DROP FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid);
-- after: marketplace/lock_counters
-- after: marketplace/take_back
-- marketplace.rollback_redemption: takes a redemption back by one more entry: quantity, budget, balance, claim and code are as
-- before. Once per redemption, within the voucher's window. `p_business_id` is whose it must be; NULL for support.
-- `verdict`: rolledBack, notFound, alreadyRolledBack, windowClosed.
CREATE OR REPLACE FUNCTION marketplace.rollback_redemption(
  p_redemption_id uuid, p_business_id uuid, p_reason text, p_request_id text, p_staff_id uuid, p_api_key_id uuid, p_at timestamptz,
  p_id uuid, OUT verdict text, OUT outcome jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_entry marketplace.redemptions;
  v_reversal marketplace.redemptions;
  v_until timestamptz;
BEGIN
  SELECT entry.* INTO v_entry FROM marketplace.redemptions entry
  WHERE entry.id = p_redemption_id AND entry.kind = 'redemption' AND (p_business_id IS NULL OR entry.business_id = p_business_id);
  IF NOT FOUND THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[v_entry.voucher_id]);

  SELECT reversal.* INTO v_reversal FROM marketplace.redemptions reversal WHERE reversal.reverses_id = v_entry.id;
  IF FOUND THEN
    verdict := 'alreadyRolledBack';
    outcome := jsonb_build_object('rolledBackAt', marketplace.instant_text(v_reversal.redeemed_at));
    RETURN;
  END IF;
  SELECT v_entry.redeemed_at + make_interval(mins => voucher.rollback_window_minutes) INTO STRICT v_until
  FROM marketplace.vouchers voucher WHERE voucher.id = v_entry.voucher_id;
  IF p_at >= v_until THEN
    verdict := 'windowClosed';
    outcome := jsonb_build_object('rollbackUntil', marketplace.instant_text(v_until));
    RETURN;
  END IF;

  v_reversal := v_entry;
  v_reversal.id := p_id;
  v_reversal.kind := 'rollback';
  v_reversal.reverses_id := v_entry.id;
  v_reversal.discount_minor := -v_entry.discount_minor;
  v_reversal.staff_id := p_staff_id;
  v_reversal.api_key_id := p_api_key_id;
  v_reversal.scan_nonce := NULL;
  v_reversal.reason := p_reason;
  v_reversal.request_id := p_request_id;
  v_reversal.redeemed_at := p_at;
  PERFORM marketplace.take_back(v_reversal);
  UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_entry.discount_minor, state = 'active'
  WHERE claim.id = v_entry.claim_id AND claim.state IN ('active', 'redeemed');
  verdict := 'rolledBack';
  outcome := jsonb_build_object('id', v_reversal.id, 'reversesId', v_entry.id, 'voucherId', v_entry.voucher_id,
    'businessId', v_entry.business_id, 'locationId', v_entry.location_id, 'claimId', v_entry.claim_id,
    'discountMinor', v_reversal.discount_minor, 'currency', v_entry.currency, 'reason', p_reason,
    'rolledBackAt', marketplace.instant_text(p_at));
END
$$;
REVOKE ALL ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) TO pika_app, pika_support;
-- end

-- sql/marketplace/why_not.sql
-- drop: DROP FUNCTION marketplace.why_not(uuid, double precision, double precision, double precision, text, boolean, boolean, uuid, timestamptz);
-- after: business/is_active
-- after: business/opening_state
-- after: business/start_of_day
-- after: marketplace/instant_text
-- after: marketplace/point_at
-- after: marketplace/reasons_not_now
-- marketplace.why_not: why a voucher does not stand in somebody's nearby list, at its nearest place, and why it cannot be
-- redeemed there. `hidden` is what keeps it out of the list, `reasons` what marketplace.reasons_not_now says. NULL for a
-- draft, and for what is not there: nobody is told of these.
CREATE OR REPLACE FUNCTION marketplace.why_not(
  p_voucher_id uuid, p_latitude double precision, p_longitude double precision, p_radius_meters double precision,
  p_category text, p_open_now boolean, p_redeemable_now boolean, p_user_id uuid, p_at timestamptz,
  OUT is_known boolean, OUT hidden jsonb, OUT reasons jsonb, OUT location_id uuid, OUT distance_meters double precision
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_voucher marketplace.vouchers;
  v_place record;
BEGIN
  hidden := '[]';
  reasons := '[]';
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  is_known := FOUND;
  IF NOT is_known THEN
    RETURN;
  END IF;

  IF v_voucher.state <> 'published' THEN
    hidden := hidden || jsonb_build_object('code', 'voucher.' || v_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = v_voucher.business_id AND business.is_active(business)
  ) THEN
    hidden := hidden || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_category IS NOT NULL AND NOT EXISTS (
    SELECT FROM catalog.categories category
    JOIN catalog.categories own ON own.id = v_voucher.category_id AND category.id = ANY (own.path)
    WHERE category.slug = p_category
  ) THEN
    hidden := hidden || jsonb_build_object('code', 'list.otherCategory', 'category', p_category);
  END IF;

  SELECT location.id, location.time_zone, state.is_open, state.opens_at, near.distance,
    business.start_of_day(v_voucher.valid_from, location.time_zone) AS valid_from,
    business.start_of_day(v_voucher.valid_until + 1, location.time_zone) AS expires_at
  INTO v_place
  FROM marketplace.voucher_locations link
  JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
    AND location.business_id = v_voucher.business_id
  CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  CROSS JOIN LATERAL (
    SELECT public.ST_Distance(
      marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
    ) AS distance
  ) AS near
  WHERE link.voucher_id = p_voucher_id
  ORDER BY near.distance NULLS LAST, location.id LIMIT 1;
  IF NOT FOUND THEN
    hidden := hidden || '{"code": "voucher.noLocation"}'::jsonb;
    RETURN;
  END IF;
  location_id := v_place.id;
  distance_meters := v_place.distance;

  IF v_place.expires_at <= p_at AND v_voucher.state = 'published' THEN
    hidden := hidden || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_place.expires_at));
  END IF;
  IF v_place.distance > p_radius_meters THEN
    hidden := hidden || jsonb_build_object('code', 'list.tooFar',
      'distanceMeters', round(v_place.distance::numeric, 1), 'radiusMeters', p_radius_meters);
  END IF;
  IF p_open_now AND NOT v_place.is_open IS TRUE THEN
    hidden := hidden || jsonb_build_object('code', 'location.closed', 'opensAt', marketplace.instant_text(v_place.opens_at));
  END IF;
  IF v_voucher.state = 'published' THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', code.value)), '[]') INTO reasons
    FROM marketplace.reasons_not_now(
      p_voucher_id, v_place.id, v_place.time_zone, v_place.is_open, v_place.valid_from, p_user_id, p_at
    ) AS refusal
    CROSS JOIN LATERAL jsonb_array_elements(('[' || refusal.reasons || ']')::jsonb) AS code;
  END IF;
  IF p_redeemable_now THEN
    hidden := hidden || reasons;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.why_not(uuid, double precision, double precision, double precision, text, boolean, boolean, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.why_not(uuid, double precision, double precision, double precision, text, boolean, boolean, uuid, timestamptz) TO pika_app, pika_public, pika_support;
-- end

-- sql/public/lock_outbox_aggregate.sql
-- drop: DROP FUNCTION public.lock_outbox_aggregate(text, text);
-- public.lock_outbox_aggregate: whoever numbers or hands on events of one aggregate does so alone until the transaction ends.
-- The number in the middle keeps these locks apart from those of others.
CREATE OR REPLACE FUNCTION public.lock_outbox_aggregate(p_aggregate_type text, p_aggregate_id text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(jsonb_build_array(p_aggregate_type, p_aggregate_id)::text, 7265));
END
$$;
-- end

-- sql/security/claim_idempotency_key.sql
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
-- end

-- sql/security/keep_idempotent_answer.sql
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
-- end
