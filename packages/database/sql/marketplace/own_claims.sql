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
