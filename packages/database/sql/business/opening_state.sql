-- drop: DROP FUNCTION business.opening_state(uuid, text, int4multirange, timestamptz);
-- after: business/shift_minutes
-- business.opening_state: is a branch open at an instant, and if not, when does it open next (within 8 days)?
-- Both NULL where the hours are unknown. With a special day ahead, nine local days are laid on one line of minutes,
-- each with its special hours or else its part of the week; without one the week alone answers, much cheaper.
CREATE OR REPLACE FUNCTION business.opening_state(
  p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamptz,
  OUT is_open boolean, OUT opens_at timestamptz
) LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_local timestamp := p_at AT TIME ZONE p_time_zone;
  v_today date := v_local::date;
  v_day_minute integer := extract(hour FROM v_local)::integer * 60 + extract(minute FROM v_local)::integer;
  v_week_minute integer := (extract(isodow FROM v_local)::integer - 1) * 1440 + v_day_minute;
  v_next integer;
  v_line int4multirange;
BEGIN
  IF EXISTS (
    SELECT FROM business.special_days s WHERE s.location_id = p_location_id AND s.day BETWEEN v_today AND v_today + 8
  ) THEN
    SELECT range_agg(int4range(lower(part) + day.number * 1440, upper(part) + day.number * 1440)) INTO v_line
    FROM generate_series(0, 8) AS day (number)
    LEFT JOIN business.special_days special ON special.location_id = p_location_id AND special.day = v_today + day.number
    CROSS JOIN LATERAL (
      SELECT (extract(isodow FROM v_today + day.number)::integer - 1) * 1440 AS starts
    ) week
    CROSS JOIN LATERAL unnest(
      CASE WHEN special.day IS NOT NULL THEN special.hours
      ELSE business.shift_minutes(p_weekly_hours * int4multirange(int4range(week.starts, week.starts + 1440)), -week.starts)
      END
    ) AS part;
    IF p_weekly_hours IS NULL AND NOT EXISTS (
      SELECT FROM business.special_days s WHERE s.location_id = p_location_id AND s.day = v_today
    ) THEN
      RETURN;
    END IF;
    is_open := coalesce(v_line @> v_day_minute, false);
    IF NOT is_open THEN
      SELECT min(lower(part)) INTO v_next FROM unnest(v_line) AS part WHERE lower(part) > v_day_minute;
    END IF;
  ELSE
    is_open := p_weekly_hours @> v_week_minute;
    IF NOT is_open THEN
      SELECT min(CASE WHEN lower(part) > v_week_minute THEN lower(part) ELSE lower(part) + 10080 END) - v_week_minute + v_day_minute
      INTO v_next FROM unnest(p_weekly_hours) AS part;
    END IF;
  END IF;
  opens_at := (v_today::timestamp + make_interval(mins => v_next)) AT TIME ZONE p_time_zone;
END
$$;
