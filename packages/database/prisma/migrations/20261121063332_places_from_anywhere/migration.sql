SET LOCAL lock_timeout = '5s';

DROP VIEW business.public_locations;

-- AlterTable
ALTER TABLE "business"."businesses" ADD COLUMN     "closed_at" TIMESTAMPTZ(3),
ADD COLUMN     "other_names_key" TEXT,
ADD COLUMN     "possible_duplicate_of" UUID;

-- AlterTable
ALTER TABLE "business"."locations" ADD COLUMN     "hours_text" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "businesses_other_names_key_key" ON "business"."businesses"("other_names_key");

-- AddForeignKey
ALTER TABLE "business"."businesses" ADD CONSTRAINT "businesses_possible_duplicate_of_fkey" FOREIGN KEY ("possible_duplicate_of") REFERENCES "business"."businesses"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE "business"."businesses"
  ADD CONSTRAINT "businesses_not_duplicate_of_itself" CHECK (possible_duplicate_of <> id);
CREATE INDEX "businesses_possible_duplicate_of_idx" ON "business"."businesses" ("possible_duplicate_of")
  WHERE possible_duplicate_of IS NOT NULL;
CREATE INDEX "locations_position_idx" ON "business"."locations" USING GIST (point(longitude, latitude));

-- sql/business/box_around.sql
-- drop: DROP FUNCTION business.box_around(double precision, double precision, double precision);
-- business.box_around: a box of degrees (longitude, latitude) that holds every position within some metres. Near the
-- antimeridian and the poles it goes around the globe.
CREATE OR REPLACE FUNCTION business.box_around(
  p_latitude double precision, p_longitude double precision, p_meters double precision
) RETURNS box LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_height constant double precision := p_meters / 110000;
  v_width double precision := 360;
BEGIN
  IF abs(p_latitude) + v_height < 89.9 THEN
    v_width := v_height / cos(radians(abs(p_latitude) + v_height));
  END IF;
  IF abs(p_longitude) + v_width > 180 THEN
    RETURN box(point(-180, p_latitude - v_height), point(180, p_latitude + v_height));
  END IF;
  RETURN box(point(p_longitude - v_width, p_latitude - v_height), point(p_longitude + v_width, p_latitude + v_height));
END
$$;
-- end

-- sql/business/list_namesakes.sql
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
-- end

-- sql/business/mark_possible_duplicates.sql
-- drop: DROP FUNCTION business.mark_possible_duplicates(uuid[]);
-- after: business/list_namesakes
-- business.mark_possible_duplicates: after some businesses were added, changed, closed or came back: each that may be
-- the same as one that was there before points to the earliest of those, and a mark that is no longer so is taken
-- back. The marks of others that this concerns follow.
CREATE OR REPLACE FUNCTION business.mark_possible_duplicates(p_business_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_ids uuid[];
  v_earliest uuid[];
BEGIN
  WITH own AS MATERIALIZED (
    SELECT * FROM business.list_namesakes(p_business_ids)
  ), concerned AS MATERIALIZED (
    SELECT own.namesake_id AS id FROM own
    UNION
    SELECT b.id FROM business.businesses b WHERE b.possible_duplicate_of = ANY (p_business_ids)
    EXCEPT
    SELECT id FROM unnest(p_business_ids) AS id
  ), pair AS (
    SELECT * FROM own
    UNION ALL
    SELECT * FROM business.list_namesakes(ARRAY(SELECT concerned.id FROM concerned))
  ), mark AS (
    SELECT DISTINCT ON (pair.business_id) pair.business_id, pair.namesake_id AS earliest
    FROM pair
    WHERE (pair.namesake_created_at, pair.namesake_id) < (pair.created_at, pair.business_id)
    ORDER BY pair.business_id, pair.namesake_created_at, pair.namesake_id
  )
  SELECT array_agg(b.id ORDER BY b.id), array_agg(mark.earliest ORDER BY b.id) INTO v_ids, v_earliest
  FROM business.businesses b
  LEFT JOIN mark ON mark.business_id = b.id
  WHERE b.id IN (SELECT id FROM unnest(p_business_ids) AS id UNION ALL SELECT concerned.id FROM concerned)
    AND b.possible_duplicate_of IS DISTINCT FROM mark.earliest;

  IF v_ids IS NULL THEN
    RETURN;
  END IF;
  PERFORM FROM business.businesses b WHERE b.id = ANY (v_ids) ORDER BY b.id FOR NO KEY UPDATE;
  UPDATE business.businesses b SET possible_duplicate_of = mark.earliest, updated_at = now()
  FROM unnest(v_ids, v_earliest) AS mark (id, earliest)
  WHERE b.id = mark.id;
END
$$;
-- end

-- sql/business/public_locations.sql
-- drop: DROP VIEW business.public_locations;
-- business.public_locations: the living branches of verified businesses that have not closed. A business that is
-- suspended or closes is gone from here, and with it every voucher from every search, at once.
CREATE OR REPLACE VIEW business.public_locations AS
  SELECT location.id, location.business_id, location.latitude, location.longitude,
    location.street, location.city, location.country_code, location.time_zone, location.weekly_hours,
    location.hours_text
  FROM business.locations location
  JOIN business.businesses business ON business.id = location.business_id
  WHERE location.deleted_at IS NULL AND business.deleted_at IS NULL AND business.closed_at IS NULL
    AND business.status = 'verified';
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
-- Words are kept in each text's own language; a name in any language, other names of the business included, and a
-- voucher's original texts, also as written.
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
        || CASE
          WHEN t.key IN (b.name_key, b.other_names_key) OR t.language_code = v.source_language
          THEN i18n.search_tokens('~', t.value)
        END
      ) AS token
      WHERE t.key IN (v.title_key, v.description_key, v.terms_key, b.name_key, b.other_names_key)
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

-- sql/marketplace/follow_businesses.sql
-- drop: DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of its vouchers follow what they show of a business, and the names it is searched
-- by. Its status, closing and deletion are not copied anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.name_key, n.other_names_key, n.source_language, n.logo_url, n.attribution)
      IS DISTINCT FROM (o.name_key, o.other_names_key, o.source_language, o.logo_url, o.attribution)
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

-- sql/marketplace/follow_translations.sql
-- drop: DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_translations: everything that shows a text follows it: a voucher's own texts, all names of its
-- business, the name of its category. Vouchers in every state are taken: one that is just being published by another
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
  PERFORM FROM business.businesses b
  WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys) ORDER BY b.id FOR UPDATE;
  PERFORM FROM catalog.categories c WHERE c.name_key = ANY (v_keys) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.title_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.description_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.terms_key = ANY (v_keys)
    UNION
    SELECT v.id FROM business.businesses b JOIN marketplace.vouchers v ON v.business_id = b.id
    WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys)
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
