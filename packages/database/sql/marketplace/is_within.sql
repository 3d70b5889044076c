-- drop: DROP FUNCTION marketplace.is_within(double precision, double precision, double precision[]);
-- marketplace.is_within: whether a place lies within bounds (west, south, east, north; west > east crosses the
-- antimeridian); without bounds everything does. -180 and 180 are one
-- meridian. One plain expression, so that callers inline it.
CREATE OR REPLACE FUNCTION marketplace.is_within(
  p_latitude double precision, p_longitude double precision, p_bounds double precision[]
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT p_bounds IS NULL OR p_latitude BETWEEN p_bounds[2] AND p_bounds[4] AND CASE
    WHEN p_bounds[1] <= p_bounds[3] THEN p_longitude BETWEEN p_bounds[1] AND p_bounds[3]
      OR abs(p_longitude) = 180 AND (p_bounds[1] = -180 OR p_bounds[3] = 180)
    ELSE p_longitude >= p_bounds[1] OR p_longitude <= p_bounds[3]
  END
$$;
