SET LOCAL lock_timeout = '5s';

DROP FUNCTION marketplace.find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, real, timestamptz, timestamptz, integer, double precision, uuid, uuid);
DROP FUNCTION marketplace.cells_query(double precision, double precision, integer);
DROP FUNCTION marketplace.grid_cells(double precision, double precision, integer[], boolean);

-- sql/marketplace/geocentric.sql
-- drop: DROP FUNCTION marketplace.geocentric(double precision, double precision);
-- marketplace.geocentric: a place on the ellipsoid (WGS 84) in Earth-centred coordinates, in metres.
-- One plain SELECT, so that callers inline it.
CREATE OR REPLACE FUNCTION marketplace.geocentric(p_latitude double precision, p_longitude double precision)
RETURNS TABLE (x double precision, y double precision, z double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT n * cosd(p_latitude) * cosd(p_longitude), n * cosd(p_latitude) * sind(p_longitude),
    n * (1 - 0.00669437999014132) * sind(p_latitude)
  FROM (SELECT 6378137.0 / sqrt(1 - 0.00669437999014132 * sind(p_latitude) ^ 2) AS n) AS curvature
$$;
-- end

-- sql/marketplace/grid_cells.sql
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
-- end

-- sql/marketplace/cells_query.sql
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
-- end

-- sql/marketplace/voucher_text.sql
-- drop: DROP FUNCTION marketplace.voucher_text(uuid, text[], integer);
-- after: i18n/render_text
-- marketplace.voucher_text: all that is shown of a voucher wherever it is valid, for one fallback chain:
-- [inside of a JSON object, deepest place of the chain used, languages used]. `language` is the chain's first.
CREATE OR REPLACE FUNCTION marketplace.voucher_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT jsonb_build_array(
      '"id":"' || v.id || '",' || own.body
        || ',"language":' || coalesce(to_json(p_chain[1])::text, 'null')
        || ',"served":{' || concat_ws(',', own.served, kind.served, merchant.served)
        || '},"discount":{"type":"' || v.discount_type
        || '","value":' || coalesce(
          trim_scale(v.percent_off)::text,
          coalesce(v.amount_off_minor, v.free_item_quantity, v.fixed_price_minor, v.gift_balance_minor)::text
        )
        || ',"capMinor":' || coalesce(v.percent_cap_minor::text, 'null')
        || ',"currency":' || coalesce(to_json(v.currency)::text, 'null')
        || '},"category":{"id":"' || c.id || '","slug":' || to_json(c.slug) || ',' || kind.body
        || '},"business":{"id":"' || b.id || '",' || merchant.body
        || ',"logoUrl":' || coalesce(to_json(b.logo_url)::text, 'null')
        || '},"attribution":' || coalesce(to_json(b.attribution)::text, 'null'),
      greatest(own.depth, kind.depth, merchant.depth),
      ARRAY(
        SELECT DISTINCT language FROM unnest(own.languages || kind.languages || merchant.languages) AS language
        ORDER BY language
      )
    )
    FROM marketplace.vouchers v
    JOIN catalog.categories c ON c.id = v.category_id
    JOIN business.businesses b ON b.id = v.business_id
    CROSS JOIN LATERAL i18n.render_text(
      '{title,description,terms}', ARRAY[v.title_key, v.description_key, v.terms_key], '', v.source_language,
      p_chain, p_match_length
    ) AS own
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[c.name_key], 'category.', c.source_language, p_chain, p_match_length
    ) AS kind
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[b.name_key], 'business.', b.source_language, p_chain, p_match_length
    ) AS merchant
    WHERE v.id = p_id
  );
END
$$;
-- end

-- sql/marketplace/compute_cards.sql
-- drop: DROP FUNCTION marketplace.compute_cards(uuid[]);
-- after: business/start_of_day
-- after: i18n/search_tokens
-- after: marketplace/grid_cells
-- after: marketplace/instant_text
-- after: marketplace/voucher_text
-- marketplace.compute_cards: the cards that some vouchers should have now. Tests compare the table with this.
-- Only published, living vouchers have cards, one per living location. The local dates of validity become the
-- instants of the location's own zone. Whether the business may be shown is not baked in: it is read.
-- Words are kept in each text's own language; a name in any language, and a voucher's original texts, also as written.
CREATE OR REPLACE FUNCTION marketplace.compute_cards(p_voucher_ids uuid[]) RETURNS SETOF marketplace.cards
LANGUAGE plpgsql STABLE ROWS 3 AS $$
BEGIN
  RETURN QUERY
  SELECT
    location.id,
    voucher.id,
    voucher.category_id,
    instant.valid_from::timestamptz(3),
    instant.expires_at::timestamptz(3),
    count(*) OVER (PARTITION BY voucher.id) = 1,
    ',"validFrom":"' || marketplace.instant_text(instant.valid_from)
      || '","expiresAt":' || coalesce('"' || marketplace.instant_text(instant.expires_at) || '"', 'null'),
    voucher.texts,
    array_to_tsvector(voucher.tokens || marketplace.grid_cells(location.latitude, location.longitude))
  FROM (
    SELECT v.id, v.business_id, v.category_id, v.valid_from, v.valid_until, ready.texts, words.tokens
    FROM marketplace.vouchers v
    JOIN business.businesses b ON b.id = v.business_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_object_agg(l.code, marketplace.voucher_text(v.id, l.chain, l.match_length)), '{}') AS texts
      FROM i18n.languages l WHERE l.is_active
      OFFSET 0
    ) AS ready
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT token), '{}') AS tokens
      FROM i18n.translations t
      CROSS JOIN LATERAL unnest(
        i18n.search_tokens(t.language_code, t.value)
        || CASE WHEN t.key = b.name_key OR t.language_code = v.source_language THEN i18n.search_tokens('~', t.value) END
      ) AS token
      WHERE t.key IN (v.title_key, v.description_key, v.terms_key, b.name_key)
      OFFSET 0
    ) AS words
    WHERE v.id = ANY (p_voucher_ids) AND v.state = 'published' AND v.deleted_at IS NULL
  ) AS voucher
  JOIN marketplace.voucher_locations link ON link.voucher_id = voucher.id
  JOIN business.locations location
    ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
  CROSS JOIN LATERAL (
    SELECT business.start_of_day(voucher.valid_from, location.time_zone) AS valid_from,
      business.start_of_day(voucher.valid_until + 1, location.time_zone) AS expires_at
  ) AS instant;
END
$$;
-- end

-- sql/marketplace/is_nearest.sql
-- drop: DROP FUNCTION marketplace.is_nearest(uuid, uuid, double precision, public.geography, double precision[], timestamptz, timestamptz);
-- after: business/public_locations
-- after: business/is_open
-- after: marketplace/is_within
-- after: marketplace/point_at
-- marketplace.is_nearest: whether no other place where a voucher can be had comes before this one in the total order
-- (exact distance, location id).
CREATE OR REPLACE FUNCTION marketplace.is_nearest(
  p_voucher_id uuid, p_location_id uuid, p_distance double precision, p_point public.geography,
  p_bounds double precision[], p_open_at timestamptz, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM (
      SELECT card.location_id FROM marketplace.cards card
      WHERE card.voucher_id = p_voucher_id AND (card.expires_at IS NULL OR card.expires_at > p_at)
      OFFSET 0
    ) AS other
    JOIN business.public_locations location ON location.id = other.location_id
    WHERE marketplace.is_within(location.latitude, location.longitude, p_bounds)
      AND (p_open_at IS NULL OR business.is_open(location.id, location.time_zone, location.weekly_hours, p_open_at))
      AND (public.ST_Distance(marketplace.point_at(location.latitude, location.longitude), p_point), location.id)
        < (p_distance, p_location_id)
  );
END
$$;
-- end

-- sql/marketplace/find_nearby_words.sql
-- drop: DROP FUNCTION marketplace.find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, double precision, timestamptz, timestamptz, integer, double precision, uuid, uuid);
-- after: marketplace/point_at
-- after: marketplace/cells_query
-- after: marketplace/is_nearest
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
      WHERE walk.is_sole
        OR marketplace.is_nearest(walk.voucher_id, walk.location_id, walk.distance, v_point, p_bounds, p_open_at, p_at)
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
-- end

-- sql/marketplace/search_query.sql
-- drop: DROP FUNCTION marketplace.search_query(text, text[]);
-- after: i18n/search_tokens
-- after: marketplace/any_word
-- marketplace.search_query: what a person typed, as a query over the `search` words of cards. All words must be
-- found, in one of the languages, in the default one (shown where theirs is missing) or as written. Only where no
-- language knows them all is each unknown word replaced by those that look most like it (trigrams, then at most one
-- wrong letter in words of up to five, two in longer ones). `query` is NULL where nothing can match; `frequency` is
-- the part of all cards that match, roughly.
CREATE OR REPLACE FUNCTION marketplace.search_query(
  p_text text, p_languages text[], OUT query tsquery, OUT frequency real
) LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_languages constant text[] := p_languages || '~'::text
    || ARRAY(SELECT l.code FROM i18n.languages l WHERE l.is_default AND l.code <> ALL (p_languages));
  v_forgiving boolean;
  v_language text;
  v_lexeme text;
  v_words text[];
  v_frequency real;
  v_all tsquery;
  v_least real;
BEGIN
  frequency := 0;
  FOREACH v_forgiving IN ARRAY '{false,true}'::boolean[] LOOP
    FOREACH v_language IN ARRAY v_languages LOOP
      v_all := NULL;
      v_least := 1;
      FOREACH v_lexeme IN ARRAY i18n.lexemes(v_language, left(p_text, 200)) LOOP
        SELECT array_agg(known.word), sum(known.frequency) INTO v_words, v_frequency
        FROM marketplace.search_words known WHERE known.language_code = v_language AND known.word = v_lexeme;
        IF v_words IS NULL AND v_forgiving AND length(v_lexeme) BETWEEN 3 AND 60 THEN
          SELECT array_agg(near.word), sum(near.frequency) INTO v_words, v_frequency
          FROM (
            SELECT w.word, w.frequency FROM marketplace.search_words w
            WHERE w.language_code = v_language
              AND w.word OPERATOR(public.%) v_lexeme
              AND length(w.word) <= 60
              AND public.levenshtein_less_equal(w.word, v_lexeme, 2) <= CASE WHEN length(v_lexeme) <= 5 THEN 1 ELSE 2 END
            ORDER BY public.levenshtein(w.word, v_lexeme), public.similarity(w.word, v_lexeme) DESC, w.word
            LIMIT 5
          ) AS near;
        END IF;
        IF v_words IS NULL THEN
          v_all := NULL;
          EXIT;
        END IF;
        v_all := coalesce(v_all && marketplace.any_word(v_language, v_words), marketplace.any_word(v_language, v_words));
        v_least := least(v_least, v_frequency);
      END LOOP;
      IF v_all IS NOT NULL THEN
        query := coalesce(query || v_all, v_all);
        frequency := greatest(frequency, v_least);
      END IF;
    END LOOP;
    EXIT WHEN query IS NOT NULL;
  END LOOP;
END
$$;
-- end

-- sql/marketplace/find_nearby.sql
-- drop: DROP FUNCTION marketplace.find_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], timestamptz, timestamptz, integer, double precision, uuid, uuid, integer);
-- after: marketplace/point_at
-- after: marketplace/find_nearby_words
-- after: marketplace/is_nearest
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
-- nearest: its other places are asked for when its turn has come.
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
        p_open_at, p_at, p_limit, p_after_distance, p_after_location_id, p_after_voucher_id
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
        AND (
          walk.is_sole
          OR marketplace.is_nearest(walk.voucher_id, walk.location_id, walk.distance, v_point, p_bounds, p_open_at, p_at)
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
-- end

-- sql/marketplace/refresh_cards.sql
-- drop: DROP FUNCTION marketplace.refresh_cards(uuid[]);
-- after: marketplace/compute_cards
-- marketplace.refresh_cards: makes the cards of some vouchers true (the facets follow by the triggers on cards).
-- Locks the vouchers, then their businesses and categories as a foreign key does (whoever changes what cards show of
-- these takes FOR UPDATE; a suspension waits for nobody), then their locations, each in id order: two
-- transactions that change what the same card shows meet here, and the later one computes from what the earlier one
-- committed (READ COMMITTED takes a new snapshot for each statement below). Drafts have no cards, so they cost no more
-- than their lock. Planning anew at each call would cost more than the work.
CREATE OR REPLACE FUNCTION marketplace.refresh_cards(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids) ORDER BY v.id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids) AND v.state = 'published')
    AND NOT EXISTS (SELECT FROM marketplace.cards card WHERE card.voucher_id = ANY (p_voucher_ids))
  THEN
    RETURN;
  END IF;
  PERFORM FROM business.businesses b
  WHERE b.id IN (SELECT v.business_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY b.id FOR KEY SHARE;
  PERFORM FROM catalog.categories c
  WHERE c.id IN (SELECT v.category_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY c.id FOR KEY SHARE;
  PERFORM FROM business.locations l
  WHERE l.id IN (SELECT link.location_id FROM marketplace.voucher_locations link WHERE link.voucher_id = ANY (p_voucher_ids))
  ORDER BY l.id FOR NO KEY UPDATE;

  WITH wanted AS MATERIALIZED (
    SELECT * FROM marketplace.compute_cards(p_voucher_ids)
  ), gone AS (
    DELETE FROM marketplace.cards card
    WHERE card.voucher_id = ANY (p_voucher_ids)
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.location_id = card.location_id AND w.voucher_id = card.voucher_id)
  ), words AS (
    INSERT INTO marketplace.search_words (language_code, word)
    SELECT DISTINCT split_part(token, ':', 1), substr(token, strpos(token, ':') + 1)
    FROM wanted, unnest(tsvector_to_array(wanted.search)) AS token
    WHERE left(token, 1) <> '@'
      AND NOT EXISTS (
        SELECT FROM marketplace.search_words known
        WHERE known.language_code = split_part(token, ':', 1) AND known.word = substr(token, strpos(token, ':') + 1)
      )
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
  )
  INSERT INTO marketplace.cards AS card SELECT * FROM wanted ORDER BY location_id, voucher_id
  ON CONFLICT (location_id, voucher_id) DO UPDATE SET
    category_id = excluded.category_id, valid_from = excluded.valid_from,
    expires_at = excluded.expires_at, is_sole = excluded.is_sole, facts = excluded.facts, texts = excluded.texts,
    search = excluded.search
  WHERE (card.category_id, card.valid_from, card.expires_at, card.is_sole, card.facts, card.texts, card.search)
    IS DISTINCT FROM (excluded.category_id, excluded.valid_from, excluded.expires_at,
      excluded.is_sole, excluded.facts, excluded.texts, excluded.search);

  DELETE FROM marketplace.stale_vouchers stale WHERE stale.voucher_id = ANY (p_voucher_ids);
END
$$;
-- end

-- sql/marketplace/follow_businesses.sql
-- drop: DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of its vouchers follow what they show of a business. Its status and deletion
-- are not copied anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.name_key, n.source_language, n.logo_url, n.attribution)
      IS DISTINCT FROM (o.name_key, o.source_language, o.logo_url, o.attribution)
  );
BEGIN
  PERFORM FROM business.businesses b WHERE b.id = ANY (v_changed) ORDER BY b.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_updated AFTER UPDATE ON business.businesses
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
-- end

-- sql/marketplace/follow_categories.sql
-- drop: DROP TRIGGER categories_updated ON catalog.categories; DROP FUNCTION marketplace.follow_categories();
-- after: marketplace/refresh_or_queue
-- after: catalog/set_category_path
-- marketplace.follow_categories: cards show the name and the slug of a category, and facets its ancestors. A moved
-- category takes its subtree along.
CREATE OR REPLACE FUNCTION marketplace.follow_categories() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_moved uuid[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.path <> o.path);
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.path, n.name_key, n.source_language, n.slug) IS DISTINCT FROM (o.path, o.name_key, o.source_language, o.slug)
  );
BEGIN
  IF cardinality(v_moved) > 0 THEN
    UPDATE catalog.categories child SET parent_id = child.parent_id WHERE child.parent_id = ANY (v_moved);
  END IF;
  PERFORM FROM catalog.categories c WHERE c.id = ANY (v_changed) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.category_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER categories_updated AFTER UPDATE ON catalog.categories
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
-- end

-- sql/marketplace/follow_translations.sql
-- drop: DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_translations: everything that shows a text follows it: a voucher's own texts, the names of its
-- business and of its category. Vouchers in every state are taken: one that is just being published by another
-- transaction still looks like a draft here, and refresh_cards waits for it.
CREATE OR REPLACE FUNCTION marketplace.follow_translations() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_keys text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_keys := ARRAY(SELECT DISTINCT n.key FROM new_rows n);
  ELSIF TG_OP = 'DELETE' THEN
    v_keys := ARRAY(SELECT DISTINCT o.key FROM old_rows o);
  ELSE
    v_keys := ARRAY(
      SELECT changed.key
      FROM (
        (SELECT n.key, n.language_code, n.value FROM new_rows n EXCEPT SELECT o.key, o.language_code, o.value FROM old_rows o)
        UNION ALL
        (SELECT o.key, o.language_code, o.value FROM old_rows o EXCEPT SELECT n.key, n.language_code, n.value FROM new_rows n)
      ) AS changed
    );
  END IF;
  PERFORM FROM business.businesses b WHERE b.name_key = ANY (v_keys) ORDER BY b.id FOR UPDATE;
  PERFORM FROM catalog.categories c WHERE c.name_key = ANY (v_keys) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.title_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.description_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.terms_key = ANY (v_keys)
    UNION
    SELECT v.id FROM business.businesses b JOIN marketplace.vouchers v ON v.business_id = b.id WHERE b.name_key = ANY (v_keys)
    UNION
    SELECT v.id FROM catalog.categories c JOIN marketplace.vouchers v ON v.category_id = c.id WHERE c.name_key = ANY (v_keys)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER translations_inserted AFTER INSERT ON i18n.translations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_updated AFTER UPDATE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_deleted AFTER DELETE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
-- end

-- What waits to be sorted into the index is read by every search for words: not more than a few hundred cards.
ALTER INDEX marketplace.cards_search_idx SET (gin_pending_list_limit = 128);

-- The words of every card are computed anew: the runner of card upkeep takes them from the queue.
INSERT INTO marketplace.stale_vouchers (voucher_id)
SELECT id FROM marketplace.vouchers WHERE state = 'published' ORDER BY id
ON CONFLICT DO NOTHING;
