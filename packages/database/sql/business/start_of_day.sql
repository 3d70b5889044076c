-- drop: DROP FUNCTION business.start_of_day(date, text);
-- business.start_of_day: the first instant of a local date. Where the clock is put back over midnight, that is the
-- earlier of the two midnights; where there is no midnight, the first moment after the gap; where there is no such day at
-- all (Samoa left out 30 December 2011), the moment at which it would have begun, which is the beginning of the next.
CREATE OR REPLACE FUNCTION business.start_of_day(p_day date, p_time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_midnight constant timestamptz := p_day::timestamp AT TIME ZONE p_time_zone;
BEGIN
  RETURN coalesce((
    SELECT min(v_midnight - step)
    FROM unnest('{00:00,00:30,01:00,02:00}'::interval[]) AS step
    WHERE ((v_midnight - step) AT TIME ZONE p_time_zone)::date = p_day
  ), v_midnight);
END
$$;
