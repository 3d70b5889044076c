-- drop: DROP FUNCTION business.is_open(uuid, text, int4multirange, timestamptz);
-- after: business/opening_state
-- business.is_open: opening_state's first answer alone, which costs little where no special day is near.
-- NULL where the hours are unknown.
CREATE OR REPLACE FUNCTION business.is_open(
  p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT CASE
      WHEN EXISTS (
        SELECT FROM business.special_days s
        WHERE s.location_id = p_location_id AND s.day = (p_at AT TIME ZONE p_time_zone)::date
      ) THEN (business.opening_state(p_location_id, p_time_zone, p_weekly_hours, p_at)).is_open
      ELSE p_weekly_hours @> (
        (extract(isodow FROM p_at AT TIME ZONE p_time_zone)::integer - 1) * 1440
        + extract(hour FROM p_at AT TIME ZONE p_time_zone)::integer * 60
        + extract(minute FROM p_at AT TIME ZONE p_time_zone)::integer
      )
    END
  );
END
$$;
