-- drop: DROP FUNCTION marketplace.grid_cells(double precision, double precision);
-- after: marketplace/geocentric
-- marketplace.grid_cells: the cells that hold a point, one per level, of three-dimensional grids laid through the
-- Earth: level n, from 1 to 9, has cubes of 500 × 2^n metres. There is no pole, no antimeridian and no special case.
CREATE OR REPLACE FUNCTION marketplace.grid_cells(p_latitude double precision, p_longitude double precision)
RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT array_agg('@' || level || ':' || floor(x / size)::integer || ',' || floor(y / size)::integer || ','
      || floor(z / size)::integer)
    FROM marketplace.geocentric(p_latitude, p_longitude)
    CROSS JOIN (SELECT level, 500.0::double precision * 2 ^ level AS size FROM generate_series(1, 9) AS level) AS grid
  );
END
$$;
