SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;

-- sql/marketplace/voucher_ends_at.sql
-- drop: DROP FUNCTION marketplace.voucher_ends_at(uuid);
-- after: business/start_of_day
-- marketplace.voucher_ends_at: the instant from which a voucher is valid nowhere any more: its last day ends by the clock of the
-- westernmost of its locations. NULL where it never ends.
CREATE OR REPLACE FUNCTION marketplace.voucher_ends_at(p_voucher_id uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT coalesce(
    max(business.start_of_day(voucher.valid_until + 1, location.time_zone)),
    -- Without a place no clock tells the day: the last on earth on which it is that day.
    max(business.start_of_day(voucher.valid_until + 1, 'Etc/GMT+12'))
  )
  FROM marketplace.vouchers voucher
  LEFT JOIN marketplace.voucher_locations link ON link.voucher_id = voucher.id
  LEFT JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
  WHERE voucher.id = p_voucher_id
$$;
REVOKE ALL ON FUNCTION marketplace.voucher_ends_at(uuid) FROM PUBLIC;
-- end

-- sql/marketplace/claim_violations.sql
-- drop: DROP FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz);
-- after: marketplace/instant_text
-- after: marketplace/voucher_ends_at
-- marketplace.claim_violations: every rule that keeps a person from claiming a voucher, with its figures. A voucher that is not
-- valid yet can be claimed; one that this person could not redeem for the limits of the voucher cannot.
CREATE OR REPLACE FUNCTION marketplace.claim_violations(p_voucher marketplace.vouchers, p_user_id uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
  v_ends_at timestamptz := marketplace.voucher_ends_at(p_voucher.id);
  v_counter marketplace.voucher_counters;
  v_campaign marketplace.campaigns;
  v_used bigint;
BEGIN
  IF p_voucher.state = 'suspended' THEN
    v_violations := v_violations || '{"code": "voucher.suspended"}'::jsonb;
  ELSIF p_voucher.state = 'archived' THEN
    v_violations := v_violations || '{"code": "voucher.archived"}'::jsonb;
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = p_voucher.business_id AND business.status = 'verified' AND business.deleted_at IS NULL
      AND business.closed_at IS NULL
  ) THEN
    v_violations := v_violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    v_violations := v_violations || jsonb_build_object(
      'code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = p_voucher.campaign_id;
  IF v_campaign.ends_at <= p_at OR v_campaign.deleted_at IS NOT NULL THEN
    v_violations := v_violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
  END IF;

  SELECT counter.* INTO STRICT v_counter FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher.id;
  IF v_counter.used_count >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut',
      'limit', p_voucher.limit_total, 'used', v_counter.used_count);
  END IF;
  IF p_voucher.limit_per_user IS NOT NULL THEN
    SELECT counter.used_count INTO v_used FROM marketplace.user_counters counter
    WHERE counter.voucher_id = p_voucher.id AND counter.user_id = p_user_id;
    IF v_used >= p_voucher.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'user.limitReached',
        'limit', p_voucher.limit_per_user, 'used', v_used);
    END IF;
  END IF;
  IF v_counter.claimed_count >= p_voucher.claim_limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'claim.limitReached',
      'limit', p_voucher.claim_limit_total, 'used', v_counter.claimed_count);
  END IF;
  IF p_voucher.claim_limit_per_user IS NOT NULL THEN
    SELECT count(*) INTO v_used FROM marketplace.claims claim
    WHERE claim.voucher_id = p_voucher.id AND claim.user_id = p_user_id AND claim.state <> 'released';
    IF v_used >= p_voucher.claim_limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'claim.userLimitReached',
        'limit', p_voucher.claim_limit_per_user, 'used', v_used);
    END IF;
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz) FROM PUBLIC;
-- end

-- sql/marketplace/count_claim.sql
-- drop: DROP TRIGGER claims_are_counted ON marketplace.claims; DROP FUNCTION marketplace.count_claim();
-- marketplace.count_claim: how many claims of a voucher there are, released ones not counted, by whatever path they come and
-- go. The CHECK of the counter is the last wall of the claim limit.
CREATE OR REPLACE FUNCTION marketplace.count_claim() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_step constant integer := CASE WHEN TG_OP <> 'DELETE' AND NEW.state <> 'released' THEN 1 ELSE 0 END
    - CASE WHEN TG_OP <> 'INSERT' AND OLD.state <> 'released' THEN 1 ELSE 0 END;
BEGIN
  IF v_step <> 0 THEN
    UPDATE marketplace.voucher_counters counter SET claimed_count = counter.claimed_count + v_step
    WHERE counter.voucher_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.voucher_id ELSE NEW.voucher_id END;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER claims_are_counted AFTER INSERT OR DELETE OR UPDATE OF state ON marketplace.claims
  FOR EACH ROW EXECUTE FUNCTION marketplace.count_claim();
-- end

-- sql/marketplace/claim_voucher.sql
-- drop: DROP FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz);
-- after: marketplace/claim_violations
-- after: marketplace/count_claim
-- after: marketplace/lock_counters
-- after: public/new_id
-- marketplace.claim_voucher: puts a voucher into the wallet of the transaction's person, with the event that tells of it. There
-- is one claim of a person, a voucher and a source: whoever asks again gets the same. One that was released is taken back and
-- ends when it would have. Decided under the lock of the voucher's counter.
-- `verdict`: claimed, existing, refused (`violations` says by what), notFound. p_short_codes: the first that is free is taken.
CREATE OR REPLACE FUNCTION marketplace.claim_voucher(
  p_voucher_id uuid, p_source_id text, p_claim_id uuid, p_short_codes text[], p_language text, p_at timestamptz,
  OUT verdict text, OUT claim_id uuid, OUT violations jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_claim marketplace.claims;
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody claims';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  SELECT claim.* INTO v_claim FROM marketplace.claims claim
  WHERE claim.user_id = v_user_id AND claim.voucher_id = p_voucher_id AND claim.source_id = p_source_id FOR UPDATE;

  IF v_claim.id IS NOT NULL AND (v_claim.state <> 'released' OR v_claim.expires_at <= p_at) THEN
    verdict := 'existing';
    claim_id := v_claim.id;
    RETURN;
  ELSIF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  violations := marketplace.claim_violations(v_voucher, v_user_id, p_at);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'claimed';
  IF v_claim.id IS NOT NULL THEN
    claim_id := v_claim.id;
    UPDATE marketplace.claims claim SET state = 'active' WHERE claim.id = v_claim.id;
  ELSE
    claim_id := p_claim_id;
    INSERT INTO marketplace.claims (id, voucher_id, user_id, source_id, claimed_at, expires_at, short_code, balance_minor, updated_at)
    SELECT p_claim_id, v_voucher.id, v_user_id, p_source_id, p_at,
      least(p_at + make_interval(hours => 24 * v_voucher.valid_days_after_claim), marketplace.voucher_ends_at(v_voucher.id)),
      (
        SELECT code FROM unnest(p_short_codes) AS code
        WHERE NOT EXISTS (SELECT FROM marketplace.claims other WHERE other.short_code = code) LIMIT 1
      ),
      v_voucher.gift_balance_minor, p_at;
  END IF;
  INSERT INTO analytics.events (id, type, business_id, voucher_id, language_code, occurred_at)
  VALUES (public.new_id(p_at), 'claimed', v_voucher.business_id, v_voucher.id, p_language, p_at);
END
$$;
REVOKE ALL ON FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz) TO pika_app;
-- end

-- sql/marketplace/claimed_text.sql
-- drop: DROP FUNCTION marketplace.claimed_text(uuid, text[], integer);
-- after: marketplace/voucher_text
-- marketplace.claimed_text: marketplace.voucher_text of a voucher that the transaction's person has claimed, in whatever state it
-- is now; NULL for any other.
CREATE OR REPLACE FUNCTION marketplace.claimed_text(p_voucher_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT marketplace.voucher_text(p_voucher_id, p_chain, p_match_length)
  WHERE EXISTS (
    SELECT FROM marketplace.claims claim
    WHERE claim.user_id = security.current_user_id() AND claim.voucher_id = p_voucher_id
  )
$$;
REVOKE ALL ON FUNCTION marketplace.claimed_text(uuid, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.claimed_text(uuid, text[], integer) TO pika_app;
-- end

-- sql/marketplace/hold_voucher.sql
-- drop: DROP FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz);
-- after: marketplace/limit_violations
-- after: marketplace/lock_counters
-- after: marketplace/voucher_ends_at
-- marketplace.hold_voucher: reserves one redemption for the transaction's person, for a few minutes. Redemptions and living holds
-- together never pass a limit: decided under the locks of the counters, as redeeming is. What has expired counts no more.
-- `verdict`: held, existing (this person's own of that key, with its end as it was), taken (somebody else's living one of that
-- key), refused, notFound.
CREATE OR REPLACE FUNCTION marketplace.hold_voucher(
  p_voucher_id uuid, p_hold_id uuid, p_key text, p_ttl_seconds integer, p_at timestamptz,
  OUT verdict text, OUT hold_id uuid, OUT created_at timestamptz, OUT expires_at timestamptz, OUT violations jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_hold marketplace.holds;
  v_ends_at timestamptz;
  v_used bigint[];
  v_held bigint[];
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody holds';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  IF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  SELECT hold.* INTO v_hold FROM marketplace.holds hold
  WHERE hold.voucher_id = p_voucher_id AND hold.key = p_key;
  IF v_hold.released_at IS NULL AND v_hold.expires_at > p_at THEN
    verdict := CASE WHEN v_hold.user_id = v_user_id THEN 'existing' ELSE 'taken' END;
    hold_id := v_hold.id;
    created_at := v_hold.created_at;
    expires_at := v_hold.expires_at;
    RETURN;
  END IF;

  violations := '[]';
  IF v_voucher.state IN ('suspended', 'archived') THEN
    violations := violations || jsonb_build_object('code', 'voucher.' || v_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = v_voucher.business_id AND business.status = 'verified' AND business.deleted_at IS NULL
      AND business.closed_at IS NULL
  ) THEN
    violations := violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  v_ends_at := marketplace.voucher_ends_at(p_voucher_id);
  IF v_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    violations := violations || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
  IF v_campaign.ends_at <= p_at OR v_campaign.deleted_at IS NOT NULL THEN
    violations := violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
  END IF;

  -- In the places of marketplace.limit_violations. A hold has no day and no amount: those limits are for who redeems.
  SELECT ARRAY[
    (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher_id),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.user_counters counter
      WHERE counter.voucher_id = p_voucher_id AND counter.user_id = v_user_id
    ), 0),
    0, 0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id
    ), 0),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_user_counters counter
      WHERE counter.campaign_id = v_campaign.id AND counter.user_id = v_user_id
    ), 0)
  ]::bigint[] INTO v_used;
  SELECT ARRAY[
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id),
    0,
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id AND hold.user_id = v_user_id),
    0, 0,
    count(*),
    0,
    count(*) FILTER (WHERE hold.user_id = v_user_id)
  ]::bigint[] INTO v_held
  FROM marketplace.holds hold
  WHERE hold.voucher_id = ANY (CASE WHEN v_campaign.id IS NULL THEN ARRAY[p_voucher_id]
      ELSE ARRAY(SELECT sister.id FROM marketplace.vouchers sister WHERE sister.campaign_id = v_campaign.id) END)
    AND hold.released_at IS NULL AND hold.expires_at > p_at;
  v_voucher.budget_minor := NULL;
  v_voucher.limit_per_user_day := NULL;
  v_voucher.limit_per_location_day := NULL;
  v_campaign.budget_minor := NULL;
  violations := violations || marketplace.limit_violations(v_voucher, v_campaign, v_used, v_held, true, 0, NULL, NULL);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'held';
  created_at := p_at;
  expires_at := p_at + make_interval(secs => p_ttl_seconds);
  INSERT INTO marketplace.holds AS hold (id, voucher_id, user_id, key, created_at, expires_at)
  VALUES (p_hold_id, p_voucher_id, v_user_id, p_key, p_at, expires_at)
  ON CONFLICT (voucher_id, key) DO UPDATE
  SET user_id = excluded.user_id, created_at = excluded.created_at, expires_at = excluded.expires_at, released_at = NULL
  RETURNING hold.id INTO hold_id;
END
$$;
REVOKE ALL ON FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz) TO pika_app;
-- end

-- sql/marketplace/insert_token_key.sql
-- drop: DROP FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text);
-- marketplace.insert_token_key: as identity.insert_signing_key, for the keys of voucher tokens.
CREATE OR REPLACE FUNCTION marketplace.insert_token_key(
  p_kid text, p_public_jwk jsonb, p_encrypted_private_key bytea, p_published_at timestamptz, p_active_from timestamptz,
  p_retires_at timestamptz, p_overlap interval, p_newest text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_newest text;
BEGIN
  LOCK TABLE marketplace.token_keys IN SHARE ROW EXCLUSIVE MODE;
  SELECT signing.kid INTO v_newest FROM marketplace.token_keys signing
  ORDER BY signing.active_from DESC, signing.kid DESC LIMIT 1;
  IF v_newest IS DISTINCT FROM p_newest THEN
    RETURN false;
  END IF;
  DELETE FROM marketplace.token_keys signing
  WHERE signing.active_from >= p_active_from OR signing.retires_at < p_published_at - interval '1 day';
  UPDATE marketplace.token_keys signing
  SET retires_at = greatest(p_active_from + p_overlap, signing.active_from + interval '1 millisecond')
  WHERE signing.retires_at > p_active_from + p_overlap;
  INSERT INTO marketplace.token_keys (kid, public_jwk, encrypted_private_key, published_at, active_from, retires_at)
  VALUES (p_kid, p_public_jwk, p_encrypted_private_key, p_published_at, p_active_from, p_retires_at);
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) TO pika_app;
-- end

-- sql/marketplace/list_revoked_tokens.sql
-- drop: DROP FUNCTION marketplace.list_revoked_tokens(integer);
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
  SELECT claim.id
  FROM business.businesses business
  JOIN marketplace.vouchers voucher ON voucher.business_id = business.id
  JOIN marketplace.claims claim ON claim.voucher_id = voucher.id AND claim.state = 'active'
  WHERE (business.status <> 'verified' OR business.deleted_at IS NOT NULL) AND business.updated_at >= now() - make_interval(secs => p_seconds)
$$;
REVOKE ALL ON FUNCTION marketplace.list_revoked_tokens(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_revoked_tokens(integer) TO pika_app;
-- end

-- sql/marketplace/list_token_keys.sql
-- drop: DROP FUNCTION marketplace.list_token_keys();
-- marketplace.list_token_keys: every key that signs voucher tokens, oldest first, its private half as it is kept: encrypted
-- under a key from the environment of the vouchers app.
CREATE OR REPLACE FUNCTION marketplace.list_token_keys() RETURNS SETOF marketplace.token_keys
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT signing.* FROM marketplace.token_keys signing ORDER BY signing.active_from, signing.kid
$$;
REVOKE ALL ON FUNCTION marketplace.list_token_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_token_keys() TO pika_app;
-- end

-- sql/marketplace/lock_own_claim.sql
-- drop: DROP FUNCTION marketplace.lock_own_claim(uuid);
-- after: marketplace/lock_counters
-- marketplace.lock_own_claim: the version and the state of a claim of the transaction's person, who alone decides about it from
-- then on: the counter of its voucher is locked first, as everywhere.
CREATE OR REPLACE FUNCTION marketplace.lock_own_claim(p_claim_id uuid)
RETURNS TABLE (version integer, state marketplace.claim_state)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim
    WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id()
  ));
  RETURN QUERY
  SELECT claim.version, claim.state FROM marketplace.claims claim
  WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id() FOR UPDATE;
END
$$;
REVOKE ALL ON FUNCTION marketplace.lock_own_claim(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.lock_own_claim(uuid) TO pika_app;
-- end

-- sql/marketplace/own_claims.sql
-- drop: DROP FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision);
-- after: business/opening_state
-- after: business/start_of_day
-- after: marketplace/instant_text
-- after: marketplace/point_at
-- marketplace.own_claims: the wallet of the transaction's person, or one claim of it, also of vouchers that nobody else is shown
-- any more. The place is the nearest to the point, or the only one; `distance_meters` is infinite where there is none.
-- `state` is that of this instant; `reasons` are why nobody would redeem it now, but for limits.
CREATE OR REPLACE FUNCTION marketplace.own_claims(
  p_claim_id uuid, p_at timestamptz, p_latitude double precision, p_longitude double precision
) RETURNS TABLE (
  id uuid, voucher_id uuid, voucher_state marketplace.voucher_state, source_id text, state marketplace.claim_state,
  short_code text, balance_minor bigint, claimed_at timestamptz, expires_at timestamptz, redeemed_at timestamptz,
  version integer, valid_from timestamptz, voucher_expires_at timestamptz, location_id uuid, latitude double precision,
  longitude double precision, street text, city text, country_code text, distance_meters double precision, time_zone text,
  is_open boolean, opens_at timestamptz, reasons text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT claim.id, claim.voucher_id, voucher.state, claim.source_id,
    CASE WHEN claim.state = 'active' AND claim.expires_at <= p_at THEN 'expired' ELSE claim.state END,
    claim.short_code, claim.balance_minor, claim.claimed_at, claim.expires_at, redeemed.at, claim.version,
    validity.starts_at, validity.ends_at, place.id, place.latitude, place.longitude, place.street, place.city,
    place.country_code, coalesce(place.distance, 'infinity'), place.time_zone, opening.is_open, opening.opens_at,
    array_remove(ARRAY[
      CASE claim.state WHEN 'redeemed' THEN 'claim.redeemed' WHEN 'released' THEN 'claim.released'
        WHEN 'expired' THEN 'claim.expired' ELSE CASE WHEN claim.expires_at <= p_at THEN 'claim.expired' END END,
      CASE voucher.state WHEN 'suspended' THEN 'voucher.suspended' WHEN 'archived' THEN 'voucher.archived'
        WHEN 'draft' THEN 'voucher.notPublished' END,
      CASE WHEN NOT merchant.is_active THEN 'business.inactive' END,
      CASE WHEN validity.starts_at > p_at THEN 'voucher.notYetValid' END,
      CASE WHEN validity.ends_at <= p_at OR voucher.state = 'expired' THEN 'voucher.expired' END,
      CASE WHEN NOT opening.is_open THEN 'location.closed' END
    ], NULL)
  FROM marketplace.claims claim
  JOIN marketplace.vouchers voucher ON voucher.id = claim.voucher_id
  CROSS JOIN LATERAL (
    SELECT business.status = 'verified' AND business.deleted_at IS NULL AND business.closed_at IS NULL AS is_active
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
  WHERE claim.user_id = security.current_user_id() AND (p_claim_id IS NULL OR claim.id = p_claim_id)
$$;
REVOKE ALL ON FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision) TO pika_app;
-- end

-- sql/audit/state_machines.sql
-- drop: DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;
-- after: audit/check_transition
-- audit.state_machines: every state that moves, and where it may go.
CREATE OR REPLACE TRIGGER businesses_status_transition BEFORE UPDATE OF status ON business.businesses
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION audit.check_transition('status', 'pending>verified', 'pending>suspended', 'verified>pending', 'verified>suspended', 'suspended>verified');
CREATE OR REPLACE TRIGGER vouchers_state_transition BEFORE UPDATE OF state ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'draft>published', 'draft>archived', 'published>suspended', 'published>expired', 'published>archived', 'suspended>published', 'suspended>expired', 'suspended>archived', 'expired>archived');
CREATE OR REPLACE TRIGGER claims_state_transition BEFORE UPDATE OF state ON marketplace.claims
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active', 'released>active');
CREATE OR REPLACE TRIGGER users_state_transition BEFORE UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>suspended', 'suspended>active', 'active>erased', 'suspended>erased');
-- end

-- Those that stand already; the trigger above counts the others.
UPDATE marketplace.voucher_counters counter SET claimed_count = own.number
FROM (
  SELECT claim.voucher_id, count(*) AS number FROM marketplace.claims claim WHERE claim.state <> 'released'
  GROUP BY claim.voucher_id
) AS own
WHERE own.voucher_id = counter.voucher_id;

-- What a filter of revoked tokens asks for.
CREATE INDEX claims_ended_idx ON marketplace.claims (updated_at) WHERE state <> 'active';
