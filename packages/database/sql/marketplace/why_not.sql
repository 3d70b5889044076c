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
