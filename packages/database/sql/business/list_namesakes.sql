-- drop: DROP FUNCTION business.list_namesakes(uuid[]);
-- after: business/box_around
-- after: marketplace/point_at
-- business.list_namesakes: for each of some businesses, those from another source that have a branch within 60 m of one
-- of its own and an equal name in any language, whatever their case and accents. Closed and deleted ones count on
-- neither side. Planned once, for few and without compiling: that would cost thirty times the work.
CREATE OR REPLACE FUNCTION business.list_namesakes(p_business_ids uuid[])
RETURNS TABLE (business_id uuid, created_at timestamptz, namesake_id uuid, namesake_created_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = '' SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  WITH mine AS MATERIALIZED (
    SELECT b.id, b.created_at, b.source_id, l.latitude, l.longitude, names.folded
    FROM business.businesses b
    JOIN business.locations l ON l.business_id = b.id AND l.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT array_agg(lower(public.unaccent(t.value))) AS folded FROM i18n.translations t WHERE t.key = b.name_key
    ) AS names
    WHERE b.id = ANY (p_business_ids) AND b.deleted_at IS NULL AND b.closed_at IS NULL
  ), near AS MATERIALIZED (
    SELECT mine.id, mine.created_at, mine.source_id, mine.folded, l.business_id
    FROM mine
    JOIN business.locations l
      ON point(l.longitude, l.latitude) OPERATOR(pg_catalog.<@) business.box_around(mine.latitude, mine.longitude, 60)
    WHERE l.business_id <> mine.id AND l.deleted_at IS NULL
      AND public.ST_DWithin(
        marketplace.point_at(l.latitude, l.longitude), marketplace.point_at(mine.latitude, mine.longitude), 60
      )
  )
  SELECT DISTINCT near.id, near.created_at, other.id, other.created_at
  FROM near
  JOIN business.businesses other ON other.id = near.business_id
  WHERE other.deleted_at IS NULL AND other.closed_at IS NULL AND other.source_id IS DISTINCT FROM near.source_id
    AND EXISTS (
      SELECT FROM i18n.translations t
      WHERE t.key = other.name_key AND lower(public.unaccent(t.value)) = ANY (near.folded)
    );
END
$$;
