-- drop: DROP FUNCTION marketplace.cells_query(double precision, double precision, double precision);
-- after: marketplace/grid_cells
-- marketplace.cells_query: "in one of the cells that a ball around this point touches", for the `search` column of
-- cards. A chord is never longer than its geodesic, so every place within p_radius metres is in one of them; cells
-- that the surface of the ellipsoid does not touch are left out. The cells' size is 0.6 to 1.2 times the radius:
-- smaller ones would fit better, but each costs a look into the index.
CREATE OR REPLACE FUNCTION marketplace.cells_query(
  p_latitude double precision, p_longitude double precision, p_radius double precision
) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_level constant integer := least(greatest(ceil(ln(p_radius / 650) / ln(2)), 1), 9);
  v_size constant double precision := 500.0 * 2 ^ v_level;
  v_reach constant double precision := p_radius + 0.001;
BEGIN
  RETURN (
    SELECT string_agg('''@' || v_level || ':' || i || ',' || j || ',' || k || '''', ' | ')::tsquery
    FROM marketplace.geocentric(p_latitude, p_longitude) AS centre
    CROSS JOIN LATERAL (
      SELECT i, greatest(i * v_size - x, x - (i + 1) * v_size, 0) ^ 2 AS away,
        greatest(i * v_size, -(i + 1) * v_size, 0) ^ 2 AS near, greatest(abs(i), abs(i + 1)) ^ 2 * v_size ^ 2 AS far
      FROM generate_series(floor((x - v_reach) / v_size)::integer, floor((x + v_reach) / v_size)::integer) AS i
    ) AS along_x
    CROSS JOIN LATERAL (
      SELECT j, along_x.away + greatest(j * v_size - y, y - (j + 1) * v_size, 0) ^ 2 AS away,
        along_x.near + greatest(j * v_size, -(j + 1) * v_size, 0) ^ 2 AS near,
        along_x.far + greatest(abs(j), abs(j + 1)) ^ 2 * v_size ^ 2 AS far
      FROM generate_series(floor((y - v_reach) / v_size)::integer, floor((y + v_reach) / v_size)::integer) AS j
    ) AS along_y
    CROSS JOIN LATERAL (
      SELECT k, along_y.away + greatest(k * v_size - z, z - (k + 1) * v_size, 0) ^ 2 AS away,
        greatest(k * v_size, -(k + 1) * v_size, 0) ^ 2 AS near, greatest(abs(k), abs(k + 1)) ^ 2 * v_size ^ 2 AS far
      FROM generate_series(floor((z - v_reach) / v_size)::integer, floor((z + v_reach) / v_size)::integer) AS k
    ) AS along_z
    WHERE along_z.away <= v_reach ^ 2
      AND along_y.near / 6378137.0 ^ 2 + along_z.near / 6356752.314245 ^ 2 < 1.000001
      AND along_y.far / 6378137.0 ^ 2 + along_z.far / 6356752.314245 ^ 2 > 0.999999
  );
END
$$;
