-- drop: DROP FUNCTION marketplace.find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, double precision, timestamptz, timestamptz, integer, double precision, uuid, uuid, boolean, uuid);
-- after: marketplace/point_at
-- after: marketplace/cells_query
-- after: marketplace/is_nearest
-- after: marketplace/is_redeemable
-- after: marketplace/is_within
-- after: business/public_locations
-- after: business/is_open
-- marketplace.find_nearby_words: find_nearby for words that few cards hold. The candidates come from the word index:
-- cards with the words in one of the grid cells that a ball of p_ball metres around the point touches. All matches
-- within the ball are seen, so a page that ends within it is proven; otherwise the ball grows: to the end of the page
-- where the cells' corners have shown one, else to where half as many again would be expected by what it held;
-- beyond 200 km to everywhere.
CREATE OR REPLACE FUNCTION marketplace.find_nearby_words(
  p_latitude double precision,
  p_longitude double precision,
  p_radius_meters double precision,
  p_bounds double precision[],
  p_category_ids uuid[],
  p_business_id uuid,
  p_query tsquery,
  p_ball double precision,
  p_open_at timestamptz,
  p_at timestamptz,
  p_limit integer,
  p_after_distance double precision,
  p_after_location_id uuid,
  p_after_voucher_id uuid,
  p_only_redeemable boolean,
  p_user_id uuid,
  OUT location_ids uuid[],
  OUT voucher_ids uuid[],
  OUT distances double precision[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_point constant public.geography := marketplace.point_at(p_latitude, p_longitude);
  v_radius constant double precision := coalesce(p_radius_meters, 'infinity');
  v_ball double precision := greatest(p_ball, p_after_distance * 1.25, 100);
  v_query tsquery;
BEGIN
  LOOP
    v_ball := CASE WHEN least(v_ball, v_radius) > 200e3 THEN 'infinity' ELSE least(v_ball, v_radius) END;
    v_query := CASE
      WHEN v_ball = 'infinity' THEN p_query
      ELSE p_query && marketplace.cells_query(p_latitude, p_longitude, v_ball)
    END;

    WITH match AS MATERIALIZED (
      SELECT card.location_id, card.voucher_id, card.is_sole
      FROM marketplace.cards card
      WHERE card.search @@ v_query
        AND (card.expires_at IS NULL OR card.expires_at > p_at)
        AND (p_category_ids IS NULL OR card.category_id = ANY (p_category_ids))
    ), place AS MATERIALIZED (
      SELECT location.id,
        public.ST_Distance(marketplace.point_at(location.latitude, location.longitude), v_point) AS distance
      FROM (SELECT DISTINCT match.location_id FROM match) AS candidate
      JOIN business.public_locations location ON location.id = candidate.location_id
      WHERE marketplace.is_within(location.latitude, location.longitude, p_bounds)
        AND (p_business_id IS NULL OR location.business_id = p_business_id)
        AND (p_open_at IS NULL OR business.is_open(location.id, location.time_zone, location.weekly_hours, p_open_at))
    )
    SELECT array_agg(page.location_id), array_agg(page.voucher_id), array_agg(page.distance)
    INTO location_ids, voucher_ids, distances
    FROM (
      SELECT walk.location_id, walk.voucher_id, walk.distance
      FROM (
        SELECT place.distance, match.location_id, match.voucher_id, match.is_sole
        FROM place
        JOIN match ON match.location_id = place.id
        WHERE place.distance <= v_radius
          AND (
            p_after_distance IS NULL
            OR (place.distance, match.location_id, match.voucher_id)
              > (p_after_distance, p_after_location_id, p_after_voucher_id)
          )
        ORDER BY place.distance, match.location_id, match.voucher_id
        OFFSET 0
      ) AS walk
      WHERE (NOT p_only_redeemable OR marketplace.is_redeemable(walk.voucher_id, walk.location_id, p_user_id, p_at))
        AND (
          walk.is_sole
          OR marketplace.is_nearest(
            walk.voucher_id, walk.location_id, walk.distance, v_point, p_bounds, p_open_at, p_at, p_only_redeemable, p_user_id)
        )
      LIMIT p_limit + 1
    ) AS page;

    EXIT WHEN v_ball >= v_radius OR v_ball = 'infinity' OR distances[p_limit + 1] <= v_ball;
    v_ball := coalesce(
      distances[p_limit + 1],
      v_ball * least(greatest(sqrt(1.5 * (p_limit + 1) / greatest(cardinality(distances), 0.1)), 1.5), 4)
    );
  END LOOP;
END
$$;
