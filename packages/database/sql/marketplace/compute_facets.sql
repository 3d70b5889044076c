-- drop: DROP FUNCTION marketplace.compute_facets(uuid[]);
-- after: marketplace/point_at
-- marketplace.compute_facets: the facets that some locations should have now: the root (nil UUID), the business,
-- each category of their cards and its ancestors.
CREATE OR REPLACE FUNCTION marketplace.compute_facets(p_location_ids uuid[]) RETURNS SETOF marketplace.location_facets
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (facet.id, location.id)
    facet.id, location.id, marketplace.point_at(location.latitude, location.longitude)
  FROM (
    SELECT DISTINCT card.location_id, card.category_id
    FROM marketplace.cards card WHERE card.location_id = ANY (p_location_ids)
  ) AS card
  JOIN business.locations location ON location.id = card.location_id
  JOIN catalog.categories category ON category.id = card.category_id
  CROSS JOIN LATERAL unnest(
    ARRAY['00000000-0000-0000-0000-000000000000', location.business_id] || category.path
  ) AS facet (id)
$$;
