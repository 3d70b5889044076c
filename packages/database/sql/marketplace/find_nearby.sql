-- drop: DROP FUNCTION marketplace.find_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean, uuid);
-- after: marketplace/point_at
-- after: marketplace/find_nearby_words
-- after: marketplace/is_nearest
-- after: marketplace/is_redeemable
-- after: marketplace/is_within
-- after: marketplace/search_query
-- after: business/public_locations
-- after: business/is_open
-- marketplace.find_nearby: which vouchers stand on one page of the nearby list, in the total order
-- (exact distance, location id, voucher id). Returns one row more than p_limit when there is a next page.
--
-- One of p_radius_meters and p_bounds (west, south, east, north; west > east crosses the antimeridian) is the area.
-- p_after_* is the last row of the page before. p_batch is how many locations to look at first.
-- `batch` says how many the next page should look at first: those that the pages so far have walked past, and a
-- third more than this page took. `category_known` is false where p_category is
-- a slug that does not exist.
--
-- Nearest locations first, by the index that knows (facet, position). The index orders by the sphere, the list by the
-- spheroid; PostGIS's sphere is never more than 0.56 % shorter and 0.56 % longer than the spheroid, so all places up
-- to 0.9944 × (the farthest sphere distance seen), less a centimetre for rounding, are among those seen: the *horizon*.
-- A page that ends within it is proven; otherwise four times as many locations are read. Words that fewer than one card
-- in twelve holds are looked for in the word index instead, in balls of grid cells whose radius is the horizon. How
-- wide the first ball is follows from how far the nearest few places are (which hold some two pages' cards).
--
-- Places that surely lie before the cursor are not looked at again. A voucher valid at several places is taken at its
-- nearest: its other places are asked for when its turn has come. p_only_redeemable leaves out what p_user_id, or anybody
-- where that is NULL, cannot redeem at p_at.
CREATE OR REPLACE FUNCTION marketplace.find_nearby(
  p_latitude double precision,
  p_longitude double precision,
  p_radius_meters double precision,
  p_bounds double precision[],
  p_category text,
  p_business_id uuid,
  p_words text,
  p_languages text[],
  p_open_at timestamptz,
  p_at timestamptz,
  p_limit integer,
  p_after_distance double precision,
  p_after_location_id uuid,
  p_after_voucher_id uuid,
  p_batch integer,
  p_only_redeemable boolean,
  p_user_id uuid,
  OUT category_known boolean,
  OUT batch integer,
  OUT location_ids uuid[],
  OUT voucher_ids uuid[],
  OUT distances double precision[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_point constant public.geography := marketplace.point_at(p_latitude, p_longitude);
  v_centre public.geography := v_point;
  v_reach double precision := p_radius_meters * 1.006;
  v_radius constant double precision := coalesce(p_radius_meters, 'infinity');
  v_facet_id uuid := '00000000-0000-0000-0000-000000000000';
  v_category_ids uuid[];
  v_query tsquery;
  v_frequency real;
  v_spread double precision;
  v_skipped integer;
  v_visible integer;
  v_passed integer;
  v_passed_before integer;
  v_candidates uuid[];
  v_horizon double precision;
BEGIN
  category_known := true;
  batch := p_batch;
  location_ids := '{}';
  voucher_ids := '{}';
  distances := '{}';

  IF p_category IS NOT NULL THEN
    SELECT category.id INTO v_facet_id FROM catalog.categories category
    WHERE category.slug = p_category AND category.deleted_at IS NULL;
    category_known := FOUND;
    IF NOT category_known THEN
      RETURN;
    END IF;
    v_category_ids := ARRAY(SELECT c.id FROM catalog.categories c WHERE c.path @> ARRAY[v_facet_id]);
  END IF;
  IF p_business_id IS NOT NULL THEN
    SELECT business.id INTO v_facet_id FROM business.businesses business WHERE business.id = p_business_id;
    IF NOT FOUND THEN
      RETURN;
    END IF;
  END IF;

  IF p_bounds IS NOT NULL THEN
    SELECT circle.centre, circle.reach INTO v_centre, v_reach FROM marketplace.circle_around(p_bounds) AS circle;
  END IF;

  IF p_words IS NOT NULL THEN
    SELECT words.query, words.frequency INTO v_query, v_frequency
    FROM marketplace.search_query(p_words, p_languages) AS words;
    IF v_query IS NULL THEN
      RETURN;
    END IF;
    IF v_frequency < 0.08 THEN
      BEGIN
        SELECT CASE WHEN count(*) = batch * 4 THEN max(near.sphere) END INTO v_spread
        FROM (
          SELECT facet.position OPERATOR(public.<->) v_point AS sphere
          FROM marketplace.location_facets facet
          WHERE facet.facet_id = v_facet_id AND public.ST_DWithin(facet.position, v_centre, v_reach, false)
          ORDER BY facet.position OPERATOR(public.<->) v_point
          LIMIT batch * 4
        ) AS near;
      EXCEPTION WHEN internal_error THEN
        v_spread := 100;
      END;
    END IF;
    IF v_spread IS NOT NULL THEN
      SELECT found.location_ids, found.voucher_ids, found.distances INTO location_ids, voucher_ids, distances
      FROM marketplace.find_nearby_words(
        p_latitude, p_longitude, p_radius_meters, p_bounds, v_category_ids, p_business_id, v_query,
        v_spread * 0.4 / sqrt(greatest(v_frequency, 0.0005)),
        p_open_at, p_at, p_limit, p_after_distance, p_after_location_id, p_after_voucher_id,
        p_only_redeemable, p_user_id
      ) AS found;
      RETURN;
    END IF;
    IF v_frequency < 0.08 THEN
      batch := batch * 4;
    ELSIF p_after_distance IS NULL THEN
      batch := ceil(batch / v_frequency);
    END IF;
  END IF;

  LOOP
    BEGIN
      SELECT array_agg(near.location_id) FILTER (WHERE near.sphere * 1.006 + 0.01 >= coalesce(p_after_distance, 0)),
        CASE WHEN count(*) < batch THEN 'infinity' ELSE max(near.sphere) * 0.9944 - 0.01 END,
        count(*) FILTER (WHERE near.sphere * 1.006 + 0.01 < p_after_distance)
      INTO v_candidates, v_horizon, v_skipped
      FROM (
        SELECT facet.location_id, facet.position OPERATOR(public.<->) v_point AS sphere
        FROM marketplace.location_facets facet
        WHERE facet.facet_id = v_facet_id AND public.ST_DWithin(facet.position, v_centre, v_reach, false)
        ORDER BY facet.position OPERATOR(public.<->) v_point
        LIMIT batch
      ) AS near;
    EXCEPTION WHEN internal_error THEN
      -- Within millimetres of a place, or at the same place by another name (-180 is 180), rounding can make the index
      -- promise more than the true distance, and PostgreSQL stops: "index returned tuples in wrong order". Then every
      -- place of the area is looked at, without asking the index for an order.
      v_horizon := 'infinity';
      v_skipped := 0;
      v_candidates := ARRAY(
        SELECT facet.location_id FROM marketplace.location_facets facet
        WHERE facet.facet_id = v_facet_id AND public.ST_DWithin(facet.position, v_centre, v_reach, false)
      );
    END;

    WITH place AS MATERIALIZED (
      SELECT location.id,
        public.ST_Distance(marketplace.point_at(location.latitude, location.longitude), v_point) AS distance
      FROM unnest(v_candidates) AS candidate (location_id)
      JOIN business.public_locations location ON location.id = candidate.location_id
      WHERE marketplace.is_within(location.latitude, location.longitude, p_bounds)
        AND (p_open_at IS NULL OR business.is_open(location.id, location.time_zone, location.weekly_hours, p_open_at))
    ), walk AS (
      SELECT place.distance, card.location_id, card.voucher_id, card.is_sole
      FROM place
      JOIN marketplace.cards card ON card.location_id = place.id
      WHERE place.distance <= v_radius
        AND (p_after_distance IS NULL OR place.distance >= p_after_distance)
        AND (card.expires_at IS NULL OR card.expires_at > p_at)
        AND (v_category_ids IS NULL OR card.category_id = ANY (v_category_ids))
        AND (
          p_after_distance IS NULL
          OR (place.distance, card.location_id, card.voucher_id)
            > (p_after_distance, p_after_location_id, p_after_voucher_id)
        )
      ORDER BY place.distance, card.location_id, card.voucher_id
      OFFSET 0
    ), page AS (
      SELECT walk.location_id, walk.voucher_id, walk.distance
      FROM walk
      WHERE (
          v_query IS NULL
          OR EXISTS (
            SELECT FROM marketplace.cards worded
            WHERE worded.location_id = walk.location_id AND worded.voucher_id = walk.voucher_id AND worded.search @@ v_query
          )
        )
        AND (NOT p_only_redeemable OR marketplace.is_redeemable(walk.voucher_id, walk.location_id, p_user_id, p_at))
        AND (
          walk.is_sole
          OR marketplace.is_nearest(
            walk.voucher_id, walk.location_id, walk.distance, v_point, p_bounds, p_open_at, p_at, p_only_redeemable, p_user_id)
        )
      LIMIT p_limit + 1
    ), shown AS (
      SELECT array_agg(page.location_id) AS location_ids, array_agg(page.voucher_id) AS voucher_ids,
        array_agg(page.distance) AS distances
      FROM page
    )
    SELECT shown.location_ids, shown.voucher_ids, shown.distances, passed.visible, passed.now, passed.before
    INTO location_ids, voucher_ids, distances, v_visible, v_passed, v_passed_before
    FROM shown
    CROSS JOIN LATERAL (
      SELECT count(*) AS visible, count(*) FILTER (WHERE place.distance <= shown.distances[p_limit]) AS now,
        count(*) FILTER (WHERE place.distance < p_after_distance) AS before
      FROM place
    ) AS passed;

    EXIT WHEN v_horizon >= v_radius OR v_horizon = 'infinity' OR distances[p_limit + 1] < v_horizon;
    batch := batch * 4;
  END LOOP;
  IF distances[p_limit + 1] IS NOT NULL THEN
    batch := v_skipped
      + ceil((v_passed + 1.3 * (v_passed - v_passed_before) + 4) * cardinality(v_candidates) / greatest(v_visible, 1));
  END IF;
END
$$;
