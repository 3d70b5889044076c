-- drop: DROP FUNCTION marketplace.point_at(double precision, double precision);
-- marketplace.point_at: the geography of named coordinates; the one place where their order is turned.
CREATE OR REPLACE FUNCTION marketplace.point_at(p_latitude double precision, p_longitude double precision)
RETURNS public.geography LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT public.ST_SetSRID(public.ST_MakePoint(p_longitude, p_latitude), 4326)::public.geography
$$;
