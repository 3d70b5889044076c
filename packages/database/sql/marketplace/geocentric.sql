-- drop: DROP FUNCTION marketplace.geocentric(double precision, double precision);
-- marketplace.geocentric: a place on the ellipsoid (WGS 84) in Earth-centred coordinates, in metres.
-- One plain SELECT, so that callers inline it.
CREATE OR REPLACE FUNCTION marketplace.geocentric(p_latitude double precision, p_longitude double precision)
RETURNS TABLE (x double precision, y double precision, z double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT n * cosd(p_latitude) * cosd(p_longitude), n * cosd(p_latitude) * sind(p_longitude),
    n * (1 - 0.00669437999014132) * sind(p_latitude)
  FROM (SELECT 6378137.0 / sqrt(1 - 0.00669437999014132 * sind(p_latitude) ^ 2) AS n) AS curvature
$$;
