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
