-- drop: DROP FUNCTION marketplace.refresh_facets(uuid[]);
-- after: marketplace/compute_facets
-- marketplace.refresh_facets: makes the facets of some locations true. Locks the locations in id order: facets are
-- shared by all cards of a location, so two transactions that add and remove cards there must not pass each other.
CREATE OR REPLACE FUNCTION marketplace.refresh_facets(p_location_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(cardinality(p_location_ids), 0) = 0 THEN
    RETURN;
  END IF;
  PERFORM FROM business.locations l WHERE l.id = ANY (p_location_ids) ORDER BY l.id FOR NO KEY UPDATE;

  WITH wanted AS MATERIALIZED (
    SELECT * FROM marketplace.compute_facets(p_location_ids)
  ), gone AS (
    DELETE FROM marketplace.location_facets facet
    WHERE facet.location_id = ANY (p_location_ids)
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.facet_id = facet.facet_id AND w.location_id = facet.location_id)
  )
  INSERT INTO marketplace.location_facets AS facet SELECT * FROM wanted ORDER BY facet_id, location_id
  ON CONFLICT (facet_id, location_id) DO UPDATE SET position = excluded.position
  WHERE NOT public.ST_OrderingEquals(facet.position::public.geometry, excluded.position::public.geometry);
END
$$;
