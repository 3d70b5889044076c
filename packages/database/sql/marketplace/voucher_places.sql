-- drop: DROP FUNCTION marketplace.voucher_places(uuid, double precision, double precision, uuid, timestamptz);
-- after: business/opening_state
-- after: business/public_locations
-- after: marketplace/point_at
-- after: marketplace/reasons_not_now
-- marketplace.voucher_places: every place a published voucher is valid at, with whether it can be redeemed there now.
-- Runs as its owner, as marketplace.search_nearby does and for the same reason.
CREATE OR REPLACE FUNCTION marketplace.voucher_places(
  p_voucher_id uuid, p_latitude double precision, p_longitude double precision, p_user_id uuid, p_at timestamptz
) RETURNS TABLE (
  id uuid, latitude double precision, longitude double precision, distance double precision, street text, city text,
  country_code text, time_zone text, is_open boolean, opens_at timestamptz, valid_from timestamptz, expires_at timestamptz,
  reasons text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT location.id, location.latitude, location.longitude, near.distance, location.street, location.city,
    location.country_code, location.time_zone, state.is_open, state.opens_at, card.valid_from, card.expires_at,
    CASE WHEN card.expires_at <= p_at THEN '{voucher.expired}'
      ELSE ARRAY(SELECT jsonb_array_elements_text(('[' || refusal.reasons || ']')::jsonb)) END
  FROM marketplace.cards card
  JOIN business.public_locations location ON location.id = card.location_id
  CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  CROSS JOIN LATERAL marketplace.reasons_not_now(
    card.voucher_id, location.id, location.time_zone, state.is_open, card.valid_from, p_user_id, p_at
  ) AS refusal
  CROSS JOIN LATERAL (
    SELECT public.ST_Distance(
      marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
    ) AS distance
  ) AS near
  WHERE card.voucher_id = p_voucher_id
  ORDER BY near.distance NULLS LAST, location.id
$$;
REVOKE ALL ON FUNCTION marketplace.voucher_places(uuid, double precision, double precision, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.voucher_places(uuid, double precision, double precision, uuid, timestamptz) TO pika_app, pika_public, pika_support;
