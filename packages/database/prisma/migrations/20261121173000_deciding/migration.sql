SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TYPE "marketplace"."code_batch_state" IS NULL; COMMENT ON TABLE "marketplace"."code_batches" IS NULL; COMMENT ON COLUMN "marketplace"."code_batches"."length" IS NULL; COMMENT ON TABLE "marketplace"."code_uses" IS NULL; COMMENT ON TABLE "marketplace"."token_keys" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON COLUMN "marketplace"."claims"."short_code" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS NULL; COMMENT ON TABLE "marketplace"."scans" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."nonce" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS NULL; COMMENT ON TABLE "marketplace"."scan_verdicts" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;

-- AlterTable
ALTER TABLE "marketplace"."redemptions" ADD COLUMN     "campaign_id" UUID;

-- CreateIndex
CREATE INDEX "redemptions_campaign_id_idx" ON "marketplace"."redemptions"("campaign_id");

-- Whichever index the planner takes for a person's counter, it finds that row alone.
DROP INDEX "marketplace"."user_counters_voucher_id_idx";
DROP INDEX "marketplace"."user_day_counters_voucher_id_idx";
CREATE INDEX "user_counters_voucher_id_user_id_idx" ON "marketplace"."user_counters"("voucher_id", "user_id");
CREATE INDEX "user_day_counters_voucher_id_user_id_idx" ON "marketplace"."user_day_counters"("voucher_id", "user_id");

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "marketplace"."campaigns"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- sql/marketplace/count_names.sql
-- drop: DROP FUNCTION marketplace.count_names(marketplace.redemptions);
-- marketplace.count_names: what an entry of the ledger counts in, in the places of marketplace.limit_violations, then its
-- claim, its code and what it spends of the claim's balance; NULL where it counts in no such thing.
CREATE OR REPLACE FUNCTION marketplace.count_names(p_entry marketplace.redemptions) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT ARRAY[
    'used ' || p_entry.voucher_id,
    'spent ' || p_entry.voucher_id,
    'user ' || p_entry.voucher_id || p_entry.user_id,
    'user day ' || p_entry.voucher_id || p_entry.user_id || (p_entry.local_day - '2000-01-01'::date),
    'place day ' || p_entry.voucher_id || p_entry.location_id || (p_entry.local_day - '2000-01-01'::date),
    'campaign used ' || p_entry.campaign_id,
    'campaign spent ' || p_entry.campaign_id,
    'campaign user ' || p_entry.campaign_id || p_entry.user_id,
    'claim ' || p_entry.claim_id,
    'code ' || p_entry.code_id,
    'balance spent ' || p_entry.claim_id
  ]
$$;
REVOKE ALL ON FUNCTION marketplace.count_names(marketplace.redemptions) FROM PUBLIC;
-- end

-- sql/marketplace/count_redemption.sql
-- drop: DROP FUNCTION marketplace.count_redemption(marketplace.redemptions, integer);
-- marketplace.count_redemption: moves every counter of an entry by one, up or down, in the order in which they are locked
-- everywhere: campaign, voucher, then what belongs to the voucher alone. A counter that would pass its limit stays, and the
-- transaction is told to begin anew: whoever decided did not see what this transaction sees.
CREATE OR REPLACE FUNCTION marketplace.count_redemption(p_entry marketplace.redemptions, p_step integer)
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
    IF p_entry.user_id IS NOT NULL THEN
      INSERT INTO marketplace.campaign_user_counters AS counter (campaign_id, user_id, used_count)
      VALUES (p_entry.campaign_id, p_entry.user_id, greatest(p_step, 0))
      ON CONFLICT (user_id, campaign_id) DO UPDATE SET used_count = counter.used_count + p_step;
    END IF;
  END IF;
  UPDATE marketplace.voucher_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
  WHERE voucher_id = p_entry.voucher_id
    AND (p_step < 0 OR (
      (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'the voucher has less left than was decided on';
  END IF;
  IF p_entry.location_id IS NOT NULL THEN
    INSERT INTO marketplace.location_day_counters AS counter (voucher_id, location_id, day, used_count)
    VALUES (p_entry.voucher_id, p_entry.location_id, p_entry.local_day, greatest(p_step, 0))
    ON CONFLICT (voucher_id, location_id, day) DO UPDATE SET used_count = counter.used_count + p_step;
  END IF;
  IF p_entry.user_id IS NOT NULL THEN
    INSERT INTO marketplace.user_counters AS counter (voucher_id, user_id, used_count)
    VALUES (p_entry.voucher_id, p_entry.user_id, greatest(p_step, 0))
    ON CONFLICT (user_id, voucher_id) DO UPDATE SET used_count = counter.used_count + p_step;
    INSERT INTO marketplace.user_day_counters AS counter (voucher_id, user_id, day, used_count)
    VALUES (p_entry.voucher_id, p_entry.user_id, p_entry.local_day, greatest(p_step, 0))
    ON CONFLICT (user_id, voucher_id, day) DO UPDATE SET used_count = counter.used_count + p_step;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.count_redemption(marketplace.redemptions, integer) FROM PUBLIC;
-- end

-- sql/marketplace/discount_of.sql
-- drop: DROP FUNCTION marketplace.discount_of(marketplace.vouchers, bigint, bigint);
-- marketplace.discount_of: what a voucher takes off an amount, in minor units of its currency; NULL where that cannot be said
-- without the amount. A percentage is rounded to the nearest minor unit, halves up; nothing takes off more than the amount.
-- Of a free item the amount is the item's price. `p_balance_minor` is what a gift balance has left.
CREATE OR REPLACE FUNCTION marketplace.discount_of(p_voucher marketplace.vouchers, p_amount_minor bigint, p_balance_minor bigint)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE SET search_path = '' AS $$
BEGIN
  RETURN CASE p_voucher.discount_type
    WHEN 'percentage' THEN least(round(p_amount_minor * p_voucher.percent_off / 100)::bigint,
      CASE WHEN p_amount_minor IS NOT NULL THEN p_voucher.percent_cap_minor END)
    WHEN 'fixed_amount' THEN least(p_voucher.amount_off_minor, p_amount_minor)
    WHEN 'free_item' THEN p_amount_minor
    WHEN 'fixed_price' THEN greatest(p_amount_minor - p_voucher.fixed_price_minor, CASE WHEN p_amount_minor IS NOT NULL THEN 0 END)
    ELSE CASE WHEN p_amount_minor IS NOT NULL THEN least(p_amount_minor, p_balance_minor) END
  END;
END
$$;
REVOKE ALL ON FUNCTION marketplace.discount_of(marketplace.vouchers, bigint, bigint) FROM PUBLIC;
-- end

-- sql/marketplace/limit_violations.sql
-- drop: DROP FUNCTION marketplace.limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text);
-- after: business/start_of_day
-- after: marketplace/instant_text
-- marketplace.limit_violations: every limit that one redemption more would pass, with its figures; the one place of these
-- rules, for who redeems at the counter and for the fold of offline scans.
-- p_used: [total, spent, by the user, by the user on the day, at the location on the day, of the campaign, spent of the
-- campaign, of the campaign by the user]; p_held, in the same places, what others' holds reserve.
CREATE OR REPLACE FUNCTION marketplace.limit_violations(
  p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_used bigint[], p_held bigint[], p_has_user boolean,
  p_discount_minor bigint, p_local_day date, p_time_zone text
) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  v_violations jsonb := '[]';
BEGIN
  IF p_used[1] + p_held[1] >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut', 'limit', p_voucher.limit_total, 'used', p_used[1]);
  END IF;
  IF p_used[2] + p_discount_minor > p_voucher.budget_minor THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.budgetExhausted',
      'budgetMinor', p_voucher.budget_minor, 'usedMinor', p_used[2], 'currency', p_voucher.currency);
  END IF;
  IF p_has_user AND p_used[3] + p_held[3] >= p_voucher.limit_per_user THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.limitReached', 'limit', p_voucher.limit_per_user, 'used', p_used[3]);
  END IF;
  IF p_has_user AND p_used[4] >= p_voucher.limit_per_user_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.dailyLimitReached', 'limit', p_voucher.limit_per_user_day,
      'used', p_used[4], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_used[5] >= p_voucher.limit_per_location_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'location.dailyLimitReached', 'limit', p_voucher.limit_per_location_day,
      'used', p_used[5], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_campaign.id IS NOT NULL THEN
    IF p_used[6] + p_held[6] >= p_campaign.limit_total THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.soldOut', 'limit', p_campaign.limit_total, 'used', p_used[6]);
    END IF;
    IF p_used[7] + p_discount_minor > p_campaign.budget_minor THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.budgetExhausted',
        'budgetMinor', p_campaign.budget_minor, 'usedMinor', p_used[7], 'currency', p_campaign.currency);
    END IF;
    IF p_has_user AND p_used[8] + p_held[8] >= p_campaign.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.userLimitReached', 'limit', p_campaign.limit_per_user, 'used', p_used[8]);
    END IF;
  END IF;
  IF NOT p_has_user AND (
    p_voucher.limit_per_user IS NOT NULL OR p_voucher.limit_per_user_day IS NOT NULL OR p_campaign.limit_per_user IS NOT NULL
  ) THEN
    v_violations := v_violations || '{"code": "user.required"}'::jsonb;
  END IF;
  RETURN v_violations;
END
$$;
REVOKE ALL ON FUNCTION marketplace.limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text) FROM PUBLIC;
-- end

-- sql/marketplace/decide.sql
-- drop: DROP FUNCTION marketplace.decide(uuid, uuid, uuid, uuid, uuid, double precision, double precision, bigint, text, uuid[], text, timestamptz, timestamptz);
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
  SELECT business.status = 'verified' AND business.deleted_at IS NULL AND business.closed_at IS NULL
  INTO STRICT v_is_business_active
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

-- sql/marketplace/redemption_event.sql
-- drop: DROP FUNCTION marketplace.redemption_event(marketplace.redemptions);
-- after: marketplace/instant_text
-- marketplace.redemption_event: what the outbox tells of an entry of the ledger.
CREATE OR REPLACE FUNCTION marketplace.redemption_event(p_entry marketplace.redemptions) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT jsonb_build_object(
    'id', p_entry.id, 'reversesId', p_entry.reverses_id, 'voucherId', p_entry.voucher_id, 'businessId', p_entry.business_id,
    'campaignId', p_entry.campaign_id, 'locationId', p_entry.location_id, 'claimId', p_entry.claim_id,
    'channel', p_entry.channel, 'discountMinor', p_entry.discount_minor, 'currency', p_entry.currency,
    'localDay', p_entry.local_day, 'redeemedAt', marketplace.instant_text(p_entry.redeemed_at)
  )
$$;
REVOKE ALL ON FUNCTION marketplace.redemption_event(marketplace.redemptions) FROM PUBLIC;
-- end

-- sql/public/new_id.sql
-- drop: DROP FUNCTION public.new_id(timestamptz);
-- public.new_id: a UUID of version 7 (RFC 9562) of that millisecond, as the apps make them.
CREATE OR REPLACE FUNCTION public.new_id(p_at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = '' AS $$
  SELECT (
    lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid
$$;
-- end

-- sql/marketplace/fold_scans.sql
-- drop: DROP FUNCTION marketplace.fold_scans(uuid[], timestamptz);
-- after: business/start_of_day
-- after: marketplace/count_names
-- after: marketplace/count_redemption
-- after: marketplace/discount_of
-- after: marketplace/limit_violations
-- after: marketplace/redemption_event
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
    INSERT INTO marketplace.redemptions SELECT v_entry.*;
    PERFORM marketplace.count_redemption(v_live, -1);
    DELETE FROM marketplace.code_uses used WHERE used.redemption_id = v_live.id;
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_live.discount_minor
    WHERE claim.id = v_live.claim_id AND claim.balance_minor IS NOT NULL;
    INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload)
    VALUES ('redemption', v_live.id::text, 'redemption.rolledBack', marketplace.redemption_event(v_entry));
  END LOOP;
  FOREACH v_entry IN ARRAY v_entries LOOP
    INSERT INTO marketplace.redemptions SELECT v_entry.*;
    PERFORM marketplace.count_redemption(v_entry, 1);
    INSERT INTO marketplace.code_uses (code_id, redemption_id, used_at)
    SELECT code.id, v_entry.id, v_entry.redeemed_at FROM marketplace.voucher_codes code
    WHERE code.id = v_entry.code_id AND code.kind <> 'static';
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor - v_entry.discount_minor
    WHERE claim.id = v_entry.claim_id AND claim.balance_minor IS NOT NULL;
    INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload)
    VALUES ('redemption', v_entry.id::text, 'redemption.redeemed', marketplace.redemption_event(v_entry));
  END LOOP;
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

-- sql/marketplace/lock_counters.sql
-- drop: DROP FUNCTION marketplace.lock_counters(uuid[]);
-- marketplace.lock_counters: whoever decides about vouchers and then writes does so alone until the transaction ends. The
-- order, campaigns by id and then vouchers by id, is the same everywhere, so that no two wait for each other. Where a voucher
-- changed its campaign while we waited, the transaction is told to begin anew.
CREATE OR REPLACE FUNCTION marketplace.lock_counters(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_campaign_ids constant uuid[] := ARRAY(
    SELECT voucher.campaign_id FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL
  );
BEGIN
  PERFORM counter.campaign_id FROM marketplace.campaign_counters counter
  WHERE counter.campaign_id = ANY (v_campaign_ids)
  ORDER BY counter.campaign_id FOR NO KEY UPDATE;
  PERFORM counter.voucher_id FROM marketplace.voucher_counters counter
  WHERE counter.voucher_id = ANY (p_voucher_ids)
  ORDER BY counter.voucher_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL AND voucher.campaign_id <> ALL (v_campaign_ids)
  ) THEN
    RAISE serialization_failure USING MESSAGE = 'a voucher has moved to another campaign';
  END IF;
END
$$;
REVOKE ALL ON FUNCTION marketplace.lock_counters(uuid[]) FROM PUBLIC;
-- end

-- sql/marketplace/resolve_requests.sql
-- drop: DROP FUNCTION marketplace.resolve_requests(jsonb);
-- marketplace.resolve_requests: what each request to redeem is about and who stands behind it. `is_known` is false where
-- there is no such thing, or none that the caller may know of: then nothing else is told.
-- user_id is whose limits count: the owner of the claim, or the consumer who asks. Members of the voucher's business and its
-- keys are staff; they never count against limits of their own.
CREATE OR REPLACE FUNCTION marketplace.resolve_requests(p_requests jsonb) RETURNS TABLE (
  ordinal integer, is_known boolean, voucher_id uuid, business_id uuid, campaign_id uuid, claim_id uuid, code_id uuid,
  user_id uuid, staff_id uuid, api_key_id uuid
) LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT asked.ordinal, known.is_known,
    CASE WHEN known.is_known THEN voucher.id END,
    CASE WHEN known.is_known THEN voucher.business_id END,
    CASE WHEN known.is_known THEN voucher.campaign_id END,
    CASE WHEN known.is_known THEN claim.id END,
    CASE WHEN known.is_known THEN code.id END,
    CASE WHEN claim.id IS NOT NULL THEN claim.user_id WHEN NOT staff.is_staff THEN asked."userId" END,
    CASE WHEN staff.is_staff THEN asked."userId" END,
    asked."apiKeyId"
  FROM jsonb_to_recordset(p_requests) AS asked (
    ordinal integer, "voucherId" uuid, "claimId" uuid, code text, "userId" uuid, "apiKeyId" uuid, "keyBusinessId" uuid
  )
  LEFT JOIN LATERAL (
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.id = asked."claimId"
    UNION ALL
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.short_code = asked.code
    LIMIT 1
  ) AS claim ON true
  LEFT JOIN marketplace.voucher_codes code ON code.code = asked.code
  LEFT JOIN marketplace.vouchers voucher
    ON voucher.id = coalesce(claim.voucher_id, code.voucher_id, asked."voucherId") AND voucher.deleted_at IS NULL
  LEFT JOIN business.businesses business ON business.id = voucher.business_id
  CROSS JOIN LATERAL (
    SELECT coalesce(
      asked."keyBusinessId" = voucher.business_id
        OR business.owner_id = asked."userId"
        OR EXISTS (
          SELECT FROM business.members member
          WHERE member.business_id = voucher.business_id AND member.user_id = asked."userId"
        ),
      false
    ) AS is_staff
  ) AS staff
  CROSS JOIN LATERAL (
    SELECT voucher.id IS NOT NULL AND (asked."claimId" IS NULL OR claim.id IS NOT NULL) AND (
      staff.is_staff
      OR coalesce(claim.user_id = asked."userId", false)
      OR (claim.id IS NULL AND asked."userId" IS NOT NULL AND voucher.state <> 'draft')
    ) AS is_known
  ) AS known
$$;
REVOKE ALL ON FUNCTION marketplace.resolve_requests(jsonb) FROM PUBLIC;
-- end

-- sql/marketplace/merge_scans.sql
-- drop: DROP FUNCTION marketplace.merge_scans(jsonb, timestamptz);
-- after: marketplace/fold_scans
-- after: marketplace/lock_counters
-- after: marketplace/resolve_requests
-- marketplace.merge_scans: takes in what tills without network have scanned; a scan that is there already is not taken twice.
-- Then all scans of the vouchers, and of the campaigns they share limits in, are folded anew.
-- `verdict`: within, overUse (`violations` says of which limits), withdrawn (rolled back by hand), notFound (nothing of the
-- caller's business; nothing is kept), nonceReused (the nonce stands for another scan).
CREATE OR REPLACE FUNCTION marketplace.merge_scans(p_requests jsonb, p_at timestamptz)
RETURNS TABLE (ordinal integer, verdict text, violations text[], redemption_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_voucher_ids uuid[];
BEGIN
  v_voucher_ids := ARRAY(
    SELECT sister.id
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN marketplace.vouchers sister ON sister.id = target.voucher_id OR sister.campaign_id = target.campaign_id
    WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
    GROUP BY sister.id
  );
  PERFORM marketplace.lock_counters(v_voucher_ids);
  INSERT INTO marketplace.scans (nonce, voucher_id, business_id, location_id, claim_id, code_id, user_id, staff_id, api_key_id,
    amount_minor, currency, device, scanned_at, received_at)
  SELECT request.nonce, target.voucher_id, target.business_id, location.id, target.claim_id, target.code_id, target.user_id,
    CASE WHEN target.api_key_id IS NULL THEN target.staff_id END, target.api_key_id, request."amountMinor", request.currency,
    request.device, request."scannedAt", p_at
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "amountMinor" bigint, currency text, device text, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  JOIN business.locations location ON location.id = request."locationId" AND location.business_id = target.business_id
  WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
  ORDER BY request.nonce
  ON CONFLICT (nonce) DO NOTHING;
  PERFORM marketplace.fold_scans(v_voucher_ids, p_at);

  RETURN QUERY
  SELECT target.ordinal,
    CASE
      WHEN scan.nonce IS NULL THEN 'notFound'
      WHEN scan.voucher_id <> target.voucher_id OR scan.claim_id IS DISTINCT FROM target.claim_id
        OR scan.code_id IS DISTINCT FROM target.code_id OR scan.location_id <> request."locationId"
        OR scan.scanned_at <> request."scannedAt" THEN 'nonceReused'
      WHEN live.is_withdrawn THEN 'withdrawn'
      WHEN folded.violations = '{}' THEN 'within'
      ELSE 'overUse' END,
    folded.violations, live.id
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  LEFT JOIN marketplace.scans scan ON scan.nonce = request.nonce AND scan.business_id = target.business_id
  LEFT JOIN marketplace.scan_verdicts folded ON folded.nonce = scan.nonce
  LEFT JOIN LATERAL (
    SELECT entry.id, reversal.id IS NOT NULL AS is_withdrawn
    FROM marketplace.redemptions entry
    LEFT JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id
    WHERE entry.scan_nonce = scan.nonce AND entry.kind = 'redemption' AND (reversal.id IS NULL OR reversal.scan_nonce IS NULL)
    LIMIT 1
  ) AS live ON true
  ORDER BY target.ordinal;
END
$$;
REVOKE ALL ON FUNCTION marketplace.merge_scans(jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.merge_scans(jsonb, timestamptz) TO pika_app;
-- end

-- sql/marketplace/redeem.sql
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
-- end

-- sql/marketplace/rollback_redemption.sql
-- drop: DROP FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid);
-- after: marketplace/count_redemption
-- after: marketplace/lock_counters
-- after: marketplace/redemption_event
-- after: public/number_outbox_event
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
  INSERT INTO marketplace.redemptions SELECT v_reversal.*;
  PERFORM marketplace.count_redemption(v_entry, -1);
  DELETE FROM marketplace.code_uses used WHERE used.redemption_id = v_entry.id;
  UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_entry.discount_minor, state = 'active'
  WHERE claim.id = v_entry.claim_id AND claim.state IN ('active', 'redeemed');
  verdict := 'rolledBack';
  outcome := jsonb_build_object('id', v_reversal.id, 'reversesId', v_entry.id, 'voucherId', v_entry.voucher_id,
    'businessId', v_entry.business_id, 'locationId', v_entry.location_id, 'claimId', v_entry.claim_id,
    'discountMinor', v_reversal.discount_minor, 'currency', v_entry.currency, 'reason', p_reason,
    'rolledBackAt', marketplace.instant_text(p_at));
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  VALUES ('redemption', v_entry.id::text, 'redemption.rolledBack', marketplace.redemption_event(v_reversal), p_request_id);
END
$$;
REVOKE ALL ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid) TO pika_app, pika_support;
-- end

-- sql/marketplace/validate.sql
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
-- end

-- comments of marketplace
-- drop: COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TYPE "marketplace"."code_batch_state" IS NULL; COMMENT ON TABLE "marketplace"."code_batches" IS NULL; COMMENT ON COLUMN "marketplace"."code_batches"."length" IS NULL; COMMENT ON TABLE "marketplace"."code_uses" IS NULL; COMMENT ON TABLE "marketplace"."token_keys" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON COLUMN "marketplace"."claims"."short_code" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."campaign_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS NULL; COMMENT ON TABLE "marketplace"."scans" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."nonce" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS NULL; COMMENT ON TABLE "marketplace"."scan_verdicts" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "marketplace"."voucher_state" IS 'Where an offer is in its life; the trigger `vouchers_state_transition` lists the ways.';
COMMENT ON TYPE "marketplace"."discount_type" IS 'What is given; each type has one value column.';
COMMENT ON TYPE "marketplace"."code_kind" IS 'How a code is read: scanned, typed, or printed once for everybody.';
COMMENT ON TYPE "marketplace"."claim_state" IS 'What became of a voucher in a wallet.';
COMMENT ON TYPE "marketplace"."redemption_kind" IS 'A rollback is an entry of its own.';
COMMENT ON TYPE "marketplace"."channel" IS 'Through what somebody tried to redeem.';
COMMENT ON TABLE "marketplace"."vouchers" IS 'An offer. Exactly one value column is set, the one of its discount type. Amounts are minor units of `currency`. `validFrom` and `validUntil` are local dates at the redeeming location; `validUntil` is inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS 'Inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS 'Minutes of the local week, as business.locations.weekly_hours; NULL: always.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS 'Days a claim lives from the moment it was made; NULL: as long as the voucher.';
COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS 'How many claims there may be at once, released ones not counted.';
COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS 'Sum of discounts at most, in minor units of the currency.';
COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS 'Vouchers of one group may be combined; NULL: this one stands alone.';
COMMENT ON COLUMN "marketplace"."vouchers"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "marketplace"."voucher_locations" IS 'Where a voucher can be redeemed.';
COMMENT ON TABLE "marketplace"."cards" IS 'Read model, kept by triggers: one published voucher at one of its locations, with its texts ready to show. `texts` maps an active language to [inside of a JSON object, deepest place of its chain used, languages used]; `facts` continues that object with what the location''s time zone decides. `cards_walk_idx` holds all that the search decides by, so that it reads no card that it does not show. `search` holds words as `<language>:<lexeme>` and grid cells as `@<level>:<x>,<y>,<z>`.';
COMMENT ON TABLE "marketplace"."location_facets" IS 'Read model, kept by triggers: a location with cards stands here once under the root facet (the nil UUID), once under its business, and once under each category of its cards and the ancestors of these.';
COMMENT ON TABLE "marketplace"."search_words" IS 'The words that cards contain, for spelling correction; `frequency` is the part of all cards that hold the word, 0 for all but the commonest.';
COMMENT ON TABLE "marketplace"."stale_vouchers" IS 'Vouchers whose cards wait to be recomputed, because one change touched too many of them for one request.';
COMMENT ON TABLE "marketplace"."campaigns" IS 'Vouchers that share limits. `startsAt` is inclusive, `endsAt` is not.';
COMMENT ON TABLE "marketplace"."voucher_codes" IS 'What is shown or typed at the counter to redeem a voucher that nobody has claimed.';
COMMENT ON TYPE "marketplace"."code_batch_state" IS 'Where the making of codes is.';
COMMENT ON TABLE "marketplace"."code_batches" IS 'An order for codes, made by a job.';
COMMENT ON COLUMN "marketplace"."code_batches"."length" IS 'Of one code, without prefix and check character.';
COMMENT ON TABLE "marketplace"."code_uses" IS 'That a unique code is used up; gone again when its redemption is rolled back.';
COMMENT ON TABLE "marketplace"."token_keys" IS 'A key that signs the tokens of QR codes. The private half is sealed under a secret that the database does not have.';
COMMENT ON TABLE "marketplace"."claims" IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed. `balanceMinor` is what a gift balance has left.';
COMMENT ON COLUMN "marketplace"."claims"."short_code" IS 'To be typed at the counter: nine characters and one that checks them. NULL where there were none yet.';
COMMENT ON TABLE "marketplace"."holds" IS 'A short reservation. It counts until `expiresAt`, whether or not anybody has swept it away.';
COMMENT ON TABLE "marketplace"."redemptions" IS 'The ledger: one row for each redemption, and one more that reverses it where it was rolled back. Rows are never changed. `userId` is whose limits it counted against, `staffId` who scanned; `localDay` is the date at the location.';
COMMENT ON COLUMN "marketplace"."redemptions"."campaign_id" IS 'Whose limits it counted against, beside the voucher''s own.';
COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS 'The key of the business that redeemed, where no person did.';
COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS 'Negative in a rollback.';
COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS 'What was to be paid, as far as it was told.';
COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS 'The offline scan that this entry counts; of a rollback: that the fold of scans took back what it counted.';
COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS 'Why it was rolled back.';
COMMENT ON TABLE "marketplace"."scans" IS 'What a till without network took: never changed. What became of it, see `ScanVerdict`.';
COMMENT ON COLUMN "marketplace"."scans"."nonce" IS 'Drawn by the till.';
COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS 'By the clock of the till.';
COMMENT ON TABLE "marketplace"."scan_verdicts" IS 'The fold of all scans of a voucher, or of its campaign, over (scanned at, nonce): `violations` is empty where the scan was within the limits; else it is over-use, kept with who and where. Another order of merging gives the same verdicts.';
COMMENT ON TABLE "marketplace"."attempts" IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';
COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS 'NULL where it was refused.';
COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS 'What the device said of its own position.';
COMMENT ON TABLE "marketplace"."voucher_counters" IS 'How much of a voucher''s limits is used. `usedCount` can never pass `limitTotal`, whoever asks.';
COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS 'Copied from the voucher, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_counters" IS 'How much of a campaign''s limits its vouchers have used together.';
COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS 'Copied from the campaign, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_user_counters" IS 'How often a person has redeemed vouchers of a campaign.';
COMMENT ON TABLE "marketplace"."user_counters" IS 'How often a person has redeemed a voucher.';
COMMENT ON TABLE "marketplace"."user_day_counters" IS 'How often a person has redeemed a voucher on a local day.';
COMMENT ON TABLE "marketplace"."location_day_counters" IS 'How often a voucher was redeemed at a location on its local day.';
-- end
