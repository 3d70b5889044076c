-- drop: DROP FUNCTION marketplace.is_nearest(uuid, uuid, double precision, public.geography, double precision[], timestamptz, timestamptz, boolean, uuid);
-- after: business/public_locations
-- after: business/is_open
-- after: marketplace/is_redeemable
-- after: marketplace/is_within
-- after: marketplace/point_at
-- marketplace.is_nearest: whether no other place where a voucher can be had comes before this one in the total order
-- (exact distance, location id).
CREATE OR REPLACE FUNCTION marketplace.is_nearest(
  p_voucher_id uuid, p_location_id uuid, p_distance double precision, p_point public.geography,
  p_bounds double precision[], p_open_at timestamptz, p_at timestamptz, p_only_redeemable boolean, p_user_id uuid
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM (
      SELECT card.location_id FROM marketplace.cards card
      WHERE card.voucher_id = p_voucher_id AND (card.expires_at IS NULL OR card.expires_at > p_at)
      OFFSET 0
    ) AS other
    JOIN business.public_locations location ON location.id = other.location_id
    WHERE marketplace.is_within(location.latitude, location.longitude, p_bounds)
      AND (p_open_at IS NULL OR business.is_open(location.id, location.time_zone, location.weekly_hours, p_open_at))
      AND (public.ST_Distance(marketplace.point_at(location.latitude, location.longitude), p_point), location.id)
        < (p_distance, p_location_id)
      AND (NOT p_only_redeemable OR marketplace.is_redeemable(p_voucher_id, location.id, p_user_id, p_at))
  );
END
$$;
