-- drop: DROP FUNCTION marketplace.grid_cells(double precision, double precision, integer[], boolean);
-- marketplace.grid_cells: names of the cells of a three-dimensional grid, laid through the Earth (WGS 84, Earth-centred).
-- Level n has cubes of 2 × 250 × 2^n metres. Without p_cover: the one cube per level that holds the point.
-- With p_cover: the cubes that a ball of 250 × 2^n metres around the point touches, at most eight per level.
-- A chord is never longer than its geodesic, so every place within that distance lies in one of them:
-- there is no pole, no antimeridian and no special case.
CREATE OR REPLACE FUNCTION marketplace.grid_cells(
  p_latitude double precision, p_longitude double precision, p_levels integer[], p_cover boolean
) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT array_agg(DISTINCT '@' || level || ':' || floor((x + dx * r) / (2 * r))::text || ','
      || floor((y + dy * r) / (2 * r))::text || ',' || floor((z + dz * r) / (2 * r))::text)
    FROM (
      SELECT 6378137.0 / sqrt(1 - 0.00669437999014132 * sind(p_latitude) ^ 2) AS n
    ) AS curvature
    CROSS JOIN LATERAL (
      SELECT n * cosd(p_latitude) * cosd(p_longitude) AS x, n * cosd(p_latitude) * sind(p_longitude) AS y,
        n * (1 - 0.00669437999014132) * sind(p_latitude) AS z
    ) AS centre
    CROSS JOIN LATERAL (SELECT level, 250.0::double precision * 2 ^ level AS r FROM unnest(p_levels) AS level) AS scale
    CROSS JOIN LATERAL (
      SELECT dx, dy, dz
      FROM unnest(CASE WHEN p_cover THEN '{-1,1}'::integer[] ELSE '{0}' END) AS dx,
        unnest(CASE WHEN p_cover THEN '{-1,1}'::integer[] ELSE '{0}' END) AS dy,
        unnest(CASE WHEN p_cover THEN '{-1,1}'::integer[] ELSE '{0}' END) AS dz
    ) AS corner
  );
END
$$;
