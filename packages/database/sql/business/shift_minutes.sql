-- drop: DROP FUNCTION business.shift_minutes(int4multirange, integer);
-- business.shift_minutes: the same intervals, moved by a number of minutes.
CREATE OR REPLACE FUNCTION business.shift_minutes(p_hours int4multirange, p_by integer) RETURNS int4multirange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(range_agg(int4range(lower(part) + p_by, upper(part) + p_by)), '{}') FROM unnest(p_hours) AS part
$$;
