-- drop: DROP FUNCTION business.box_around(double precision, double precision, double precision);
-- business.box_around: a box of degrees (longitude, latitude) that holds every position within some metres. Near the
-- antimeridian and the poles it goes around the globe.
CREATE OR REPLACE FUNCTION business.box_around(
  p_latitude double precision, p_longitude double precision, p_meters double precision
) RETURNS box LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_height constant double precision := p_meters / 110000;
  v_width double precision := 360;
BEGIN
  IF abs(p_latitude) + v_height < 89.9 THEN
    v_width := v_height / cos(radians(abs(p_latitude) + v_height));
  END IF;
  IF abs(p_longitude) + v_width > 180 THEN
    RETURN box(point(-180, p_latitude - v_height), point(180, p_latitude + v_height));
  END IF;
  RETURN box(point(p_longitude - v_width, p_latitude - v_height), point(p_longitude + v_width, p_latitude + v_height));
END
$$;
