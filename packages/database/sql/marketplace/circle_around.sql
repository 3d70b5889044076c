-- drop: DROP FUNCTION marketplace.circle_around(double precision[]);
-- after: marketplace/point_at
-- marketplace.circle_around: a circle that holds everything within bounds (west, south, east, north), for an index to
-- narrow the search with. Up to half the globe wide, the corner farthest from the middle is the farthest point; the
-- sphere may call it 0.6 % nearer than it is. Wider bounds get the whole globe.
CREATE OR REPLACE FUNCTION marketplace.circle_around(p_bounds double precision[])
RETURNS TABLE (centre public.geography, reach double precision)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT middle.point,
    CASE WHEN width.degrees > 180 THEN 25e6 ELSE 1 + 1.006 * greatest(
      public.ST_Distance(middle.point, marketplace.point_at(p_bounds[2], p_bounds[1]), false),
      public.ST_Distance(middle.point, marketplace.point_at(p_bounds[4], p_bounds[1]), false)
    ) END
  FROM (
    SELECT CASE WHEN p_bounds[1] <= p_bounds[3] THEN p_bounds[3] - p_bounds[1] ELSE p_bounds[3] - p_bounds[1] + 360 END AS degrees
  ) AS width
  CROSS JOIN LATERAL (
    SELECT marketplace.point_at(
      (p_bounds[2] + p_bounds[4]) / 2,
      CASE WHEN p_bounds[1] + width.degrees / 2 > 180 THEN p_bounds[1] + width.degrees / 2 - 360
      ELSE p_bounds[1] + width.degrees / 2 END
    ) AS point
  ) AS middle
$$;
