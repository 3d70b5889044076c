SET LOCAL lock_timeout = '5s';

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "business";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "catalog";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "i18n";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "marketplace";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "users";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "btree_gist" WITH SCHEMA "public";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "fuzzystrmatch" WITH SCHEMA "public";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "pg_trgm" WITH SCHEMA "public";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "postgis" WITH SCHEMA "public";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "unaccent" WITH SCHEMA "public";

-- CreateEnum
CREATE TYPE "business"."business_status" AS ENUM ('pending', 'verified', 'suspended');

-- CreateEnum
CREATE TYPE "i18n"."text_direction" AS ENUM ('ltr', 'rtl');

-- CreateEnum
CREATE TYPE "marketplace"."voucher_state" AS ENUM ('draft', 'published', 'suspended', 'expired', 'archived');

-- CreateEnum
CREATE TYPE "marketplace"."discount_type" AS ENUM ('percentage', 'fixed_amount', 'free_item', 'fixed_price', 'gift_balance');

-- CreateTable
CREATE TABLE "business"."businesses" (
    "id" UUID NOT NULL,
    "owner_id" UUID,
    "category_id" UUID NOT NULL,
    "name_key" TEXT NOT NULL,
    "description_key" TEXT NOT NULL,
    "source_language" TEXT NOT NULL,
    "status" "business"."business_status" NOT NULL DEFAULT 'pending',
    "phone" TEXT,
    "website" TEXT,
    "logo_url" TEXT,
    "source_id" TEXT,
    "source_hash" TEXT,
    "attribution" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "businesses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "business"."locations" (
    "id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "street" TEXT,
    "city" TEXT,
    "country_code" TEXT,
    "time_zone" TEXT NOT NULL,
    "weekly_hours" int4multirange,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "locations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "business"."special_days" (
    "location_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "hours" int4multirange NOT NULL,
    "note" TEXT,

    CONSTRAINT "special_days_pkey" PRIMARY KEY ("location_id","day")
);

-- CreateTable
CREATE TABLE "catalog"."categories" (
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "slug" TEXT NOT NULL,
    "path" UUID[] DEFAULT ARRAY[]::UUID[],
    "position" INTEGER NOT NULL DEFAULT 0,
    "name_key" TEXT NOT NULL,
    "source_language" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "categories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "i18n"."languages" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "english_name" TEXT NOT NULL,
    "direction" "i18n"."text_direction" NOT NULL DEFAULT 'ltr',
    "fallback_code" TEXT,
    "chain" TEXT[],
    "match_length" INTEGER NOT NULL,
    "text_search_config" TEXT NOT NULL DEFAULT 'simple',
    "is_active" BOOLEAN NOT NULL DEFAULT false,
    "is_default" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "languages_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "i18n"."translations" (
    "key" TEXT NOT NULL,
    "language_code" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "source_hash" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "translations_pkey" PRIMARY KEY ("key","language_code")
);

-- CreateTable
CREATE TABLE "marketplace"."vouchers" (
    "id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "title_key" TEXT NOT NULL,
    "description_key" TEXT NOT NULL,
    "terms_key" TEXT NOT NULL,
    "source_language" TEXT NOT NULL,
    "state" "marketplace"."voucher_state" NOT NULL DEFAULT 'draft',
    "discount_type" "marketplace"."discount_type" NOT NULL,
    "percent_off" DECIMAL(5,2),
    "percent_cap_minor" BIGINT,
    "amount_off_minor" BIGINT,
    "free_item_quantity" INTEGER,
    "fixed_price_minor" BIGINT,
    "gift_balance_minor" BIGINT,
    "currency" TEXT,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "vouchers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."voucher_locations" (
    "voucher_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,

    CONSTRAINT "voucher_locations_pkey" PRIMARY KEY ("voucher_id","location_id")
);

-- CreateTable
CREATE TABLE "marketplace"."cards" (
    "location_id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "is_sole" BOOLEAN NOT NULL,
    "facts" TEXT NOT NULL,
    "texts" JSONB NOT NULL,
    "search" tsvector NOT NULL,

    CONSTRAINT "cards_pkey" PRIMARY KEY ("location_id","voucher_id")
);

-- CreateTable
CREATE TABLE "marketplace"."location_facets" (
    "facet_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "position" geography(Point, 4326) NOT NULL,

    CONSTRAINT "location_facets_pkey" PRIMARY KEY ("facet_id","location_id")
);

-- CreateTable
CREATE TABLE "marketplace"."search_words" (
    "language_code" TEXT NOT NULL,
    "word" TEXT NOT NULL,
    "frequency" REAL NOT NULL DEFAULT 0,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("language_code","word")
);

-- CreateTable
CREATE TABLE "marketplace"."stale_vouchers" (
    "voucher_id" UUID NOT NULL,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stale_vouchers_pkey" PRIMARY KEY ("voucher_id")
);

-- CreateTable
CREATE TABLE "users"."users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "language_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "businesses_name_key_key" ON "business"."businesses"("name_key");

-- CreateIndex
CREATE UNIQUE INDEX "businesses_description_key_key" ON "business"."businesses"("description_key");

-- CreateIndex
CREATE UNIQUE INDEX "businesses_source_id_key" ON "business"."businesses"("source_id");

-- CreateIndex
CREATE INDEX "businesses_owner_id_idx" ON "business"."businesses"("owner_id");

-- CreateIndex
CREATE INDEX "businesses_category_id_idx" ON "business"."businesses"("category_id");

-- CreateIndex
CREATE INDEX "businesses_source_language_idx" ON "business"."businesses"("source_language");

-- CreateIndex
CREATE INDEX "locations_business_id_idx" ON "business"."locations"("business_id");

-- CreateIndex
CREATE UNIQUE INDEX "categories_slug_key" ON "catalog"."categories"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "categories_name_key_key" ON "catalog"."categories"("name_key");

-- CreateIndex
CREATE INDEX "categories_parent_id_position_idx" ON "catalog"."categories"("parent_id", "position");

-- CreateIndex
CREATE INDEX "categories_path_idx" ON "catalog"."categories" USING GIN ("path");

-- CreateIndex
CREATE INDEX "categories_source_language_idx" ON "catalog"."categories"("source_language");

-- CreateIndex
CREATE INDEX "languages_fallback_code_idx" ON "i18n"."languages"("fallback_code");

-- CreateIndex
CREATE INDEX "translations_language_code_idx" ON "i18n"."translations"("language_code");

-- CreateIndex
CREATE UNIQUE INDEX "vouchers_title_key_key" ON "marketplace"."vouchers"("title_key");

-- CreateIndex
CREATE UNIQUE INDEX "vouchers_description_key_key" ON "marketplace"."vouchers"("description_key");

-- CreateIndex
CREATE UNIQUE INDEX "vouchers_terms_key_key" ON "marketplace"."vouchers"("terms_key");

-- CreateIndex
CREATE INDEX "vouchers_business_id_idx" ON "marketplace"."vouchers"("business_id");

-- CreateIndex
CREATE INDEX "vouchers_category_id_idx" ON "marketplace"."vouchers"("category_id");

-- CreateIndex
CREATE INDEX "vouchers_source_language_idx" ON "marketplace"."vouchers"("source_language");

-- CreateIndex
CREATE INDEX "voucher_locations_location_id_idx" ON "marketplace"."voucher_locations"("location_id");

-- CreateIndex
CREATE INDEX "cards_walk_idx" ON "marketplace"."cards"("location_id", "voucher_id", "category_id", "expires_at", "is_sole");

-- CreateIndex
CREATE INDEX "cards_voucher_id_idx" ON "marketplace"."cards"("voucher_id");

-- CreateIndex
CREATE INDEX "cards_expires_at_idx" ON "marketplace"."cards"("expires_at");

-- CreateIndex
CREATE INDEX "cards_search_idx" ON "marketplace"."cards" USING GIN ("search");

-- CreateIndex
CREATE INDEX "location_facets_location_id_idx" ON "marketplace"."location_facets"("location_id");

-- CreateIndex
CREATE INDEX "location_facets_position_idx" ON "marketplace"."location_facets" USING GIST ("facet_id" gist_uuid_ops, "position");

-- CreateIndex
CREATE INDEX "search_words_word_idx" ON "marketplace"."search_words" USING GIN ("word" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"."users"("email");

-- CreateIndex
CREATE INDEX "users_language_code_idx" ON "users"."users"("language_code");

-- AddForeignKey
ALTER TABLE "business"."businesses" ADD CONSTRAINT "businesses_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"."users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."businesses" ADD CONSTRAINT "businesses_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "catalog"."categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."businesses" ADD CONSTRAINT "businesses_source_language_fkey" FOREIGN KEY ("source_language") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."locations" ADD CONSTRAINT "locations_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."special_days" ADD CONSTRAINT "special_days_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."categories" ADD CONSTRAINT "categories_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "catalog"."categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."categories" ADD CONSTRAINT "categories_source_language_fkey" FOREIGN KEY ("source_language") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "i18n"."languages" ADD CONSTRAINT "languages_fallback_code_fkey" FOREIGN KEY ("fallback_code") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "i18n"."translations" ADD CONSTRAINT "translations_language_code_fkey" FOREIGN KEY ("language_code") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."vouchers" ADD CONSTRAINT "vouchers_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."vouchers" ADD CONSTRAINT "vouchers_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "catalog"."categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."vouchers" ADD CONSTRAINT "vouchers_source_language_fkey" FOREIGN KEY ("source_language") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."voucher_locations" ADD CONSTRAINT "voucher_locations_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."voucher_locations" ADD CONSTRAINT "voucher_locations_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."cards" ADD CONSTRAINT "cards_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."cards" ADD CONSTRAINT "cards_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."location_facets" ADD CONSTRAINT "location_facets_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."stale_vouchers" ADD CONSTRAINT "stale_vouchers_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."users" ADD CONSTRAINT "users_language_code_fkey" FOREIGN KEY ("language_code") REFERENCES "i18n"."languages"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a row can break alone, and what Prisma cannot say.
ALTER TABLE "users"."users" ADD CONSTRAINT "users_email_lower_case" CHECK (email = lower(email));
ALTER TABLE "i18n"."languages"
  ADD CONSTRAINT "languages_match_length_within_chain" CHECK (match_length BETWEEN 1 AND cardinality(chain)),
  ADD CONSTRAINT "languages_chain_begins_with_code" CHECK (chain[1] = code);
CREATE UNIQUE INDEX "languages_one_default_key" ON "i18n"."languages" (is_default) WHERE is_default;
ALTER TABLE "i18n"."translations"
  ADD CONSTRAINT "translations_value_not_empty" CHECK (value <> ''),
  ADD CONSTRAINT "translations_domain_known" CHECK (domain IN ('category', 'business', 'voucher'));
ALTER TABLE "business"."locations"
  ADD CONSTRAINT "locations_latitude_in_range" CHECK (latitude BETWEEN -90 AND 90),
  ADD CONSTRAINT "locations_longitude_in_range" CHECK (longitude BETWEEN -180 AND 180),
  ADD CONSTRAINT "locations_country_code_form" CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT "locations_weekly_hours_in_week" CHECK (weekly_hours <@ '{[0,10080)}'::int4multirange);
ALTER TABLE "business"."special_days"
  ADD CONSTRAINT "special_days_hours_in_day" CHECK (hours <@ '{[0,1440)}'::int4multirange);
ALTER TABLE "marketplace"."vouchers"
  ADD CONSTRAINT "vouchers_one_value_per_type" CHECK (
    num_nonnulls(percent_off, amount_off_minor, free_item_quantity, fixed_price_minor, gift_balance_minor) = 1
    AND (CASE discount_type
      WHEN 'percentage' THEN percent_off > 0 AND percent_off <= 100
      WHEN 'fixed_amount' THEN amount_off_minor > 0
      WHEN 'free_item' THEN free_item_quantity > 0
      WHEN 'fixed_price' THEN fixed_price_minor >= 0
      WHEN 'gift_balance' THEN gift_balance_minor > 0
    END) IS TRUE
  ),
  ADD CONSTRAINT "vouchers_cap_only_for_percentage" CHECK (percent_cap_minor IS NULL OR (discount_type = 'percentage' AND percent_cap_minor > 0)),
  ADD CONSTRAINT "vouchers_currency_with_amount" CHECK (
    (currency IS NOT NULL) = (num_nonnulls(percent_cap_minor, amount_off_minor, fixed_price_minor, gift_balance_minor) > 0)
  ),
  ADD CONSTRAINT "vouchers_currency_form" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "vouchers_validity_in_order" CHECK (valid_until >= valid_from);

-- A card with its ready texts stays in its heap page, uncompressed: reading one is reading nothing else. Room for
-- updates in place keeps the cards of a location together for longer.
ALTER TABLE "marketplace"."cards" SET (toast_tuple_target = 8160, fillfactor = 90);

-- sql/business/shift_minutes.sql
-- drop: DROP FUNCTION business.shift_minutes(int4multirange, integer);
-- business.shift_minutes: the same intervals, moved by a number of minutes.
CREATE OR REPLACE FUNCTION business.shift_minutes(p_hours int4multirange, p_by integer) RETURNS int4multirange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(range_agg(int4range(lower(part) + p_by, upper(part) + p_by)), '{}') FROM unnest(p_hours) AS part
$$;
-- end

-- sql/business/opening_state.sql
-- drop: DROP FUNCTION business.opening_state(uuid, text, int4multirange, timestamptz);
-- after: business/shift_minutes
-- business.opening_state: is a branch open at an instant, and if not, when does it open next (within 8 days)?
-- Both NULL where the hours are unknown. With a special day ahead, nine local days are laid on one line of minutes,
-- each with its special hours or else its part of the week; without one the week alone answers, much cheaper.
CREATE OR REPLACE FUNCTION business.opening_state(
  p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamptz,
  OUT is_open boolean, OUT opens_at timestamptz
) LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_local timestamp := p_at AT TIME ZONE p_time_zone;
  v_today date := v_local::date;
  v_day_minute integer := extract(hour FROM v_local)::integer * 60 + extract(minute FROM v_local)::integer;
  v_week_minute integer := (extract(isodow FROM v_local)::integer - 1) * 1440 + v_day_minute;
  v_next integer;
  v_line int4multirange;
BEGIN
  IF EXISTS (
    SELECT FROM business.special_days s WHERE s.location_id = p_location_id AND s.day BETWEEN v_today AND v_today + 8
  ) THEN
    SELECT range_agg(int4range(lower(part) + day.number * 1440, upper(part) + day.number * 1440)) INTO v_line
    FROM generate_series(0, 8) AS day (number)
    LEFT JOIN business.special_days special ON special.location_id = p_location_id AND special.day = v_today + day.number
    CROSS JOIN LATERAL (
      SELECT (extract(isodow FROM v_today + day.number)::integer - 1) * 1440 AS starts
    ) week
    CROSS JOIN LATERAL unnest(
      CASE WHEN special.day IS NOT NULL THEN special.hours
      ELSE business.shift_minutes(p_weekly_hours * int4multirange(int4range(week.starts, week.starts + 1440)), -week.starts)
      END
    ) AS part;
    IF p_weekly_hours IS NULL AND NOT EXISTS (
      SELECT FROM business.special_days s WHERE s.location_id = p_location_id AND s.day = v_today
    ) THEN
      RETURN;
    END IF;
    is_open := coalesce(v_line @> v_day_minute, false);
    IF NOT is_open THEN
      SELECT min(lower(part)) INTO v_next FROM unnest(v_line) AS part WHERE lower(part) > v_day_minute;
    END IF;
  ELSE
    is_open := p_weekly_hours @> v_week_minute;
    IF NOT is_open THEN
      SELECT min(CASE WHEN lower(part) > v_week_minute THEN lower(part) ELSE lower(part) + 10080 END) - v_week_minute + v_day_minute
      INTO v_next FROM unnest(p_weekly_hours) AS part;
    END IF;
  END IF;
  opens_at := (v_today::timestamp + make_interval(mins => v_next)) AT TIME ZONE p_time_zone;
END
$$;
-- end

-- sql/business/is_open.sql
-- drop: DROP FUNCTION business.is_open(uuid, text, int4multirange, timestamptz);
-- after: business/opening_state
-- business.is_open: opening_state's first answer alone, which costs little where no special day is near.
-- NULL where the hours are unknown.
CREATE OR REPLACE FUNCTION business.is_open(
  p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT CASE
      WHEN EXISTS (
        SELECT FROM business.special_days s
        WHERE s.location_id = p_location_id AND s.day = (p_at AT TIME ZONE p_time_zone)::date
      ) THEN (business.opening_state(p_location_id, p_time_zone, p_weekly_hours, p_at)).is_open
      ELSE p_weekly_hours @> (
        (extract(isodow FROM p_at AT TIME ZONE p_time_zone)::integer - 1) * 1440
        + extract(hour FROM p_at AT TIME ZONE p_time_zone)::integer * 60
        + extract(minute FROM p_at AT TIME ZONE p_time_zone)::integer
      )
    END
  );
END
$$;
-- end

-- sql/business/is_time_zone.sql
-- drop: ALTER TABLE business.locations DROP CONSTRAINT IF EXISTS locations_time_zone_known; DROP FUNCTION business.is_time_zone(text);
-- business.is_time_zone: whether a text names a zone that PostgreSQL can compute with (an IANA zone).
CREATE OR REPLACE FUNCTION business.is_time_zone(p_name text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM now() AT TIME ZONE p_name;
  RETURN p_name ~ '^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*$';
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END
$$;
ALTER TABLE business.locations DROP CONSTRAINT IF EXISTS locations_time_zone_known;
ALTER TABLE business.locations ADD CONSTRAINT locations_time_zone_known CHECK (business.is_time_zone(time_zone));
-- end

-- sql/business/public_locations.sql
-- drop: DROP VIEW business.public_locations;
-- business.public_locations: the living branches of verified businesses. A business that is suspended is gone
-- from here, and with it every voucher from every search, at once.
CREATE OR REPLACE VIEW business.public_locations AS
  SELECT location.id, location.business_id, location.latitude, location.longitude,
    location.street, location.city, location.country_code, location.time_zone, location.weekly_hours
  FROM business.locations location
  JOIN business.businesses business ON business.id = location.business_id
  WHERE location.deleted_at IS NULL AND business.deleted_at IS NULL AND business.status = 'verified';
-- end

-- sql/business/start_of_day.sql
-- drop: DROP FUNCTION business.start_of_day(date, text);
-- business.start_of_day: the first instant of a local date. Where the clock is put back over midnight, that is the
-- earlier of the two midnights; where there is no midnight, the first moment after the gap.
CREATE OR REPLACE FUNCTION business.start_of_day(p_day date, p_time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_midnight constant timestamptz := p_day::timestamp AT TIME ZONE p_time_zone;
BEGIN
  RETURN (
    SELECT min(v_midnight - step)
    FROM unnest('{00:00,00:30,01:00,02:00}'::interval[]) AS step
    WHERE ((v_midnight - step) AT TIME ZONE p_time_zone)::date = p_day
  );
END
$$;
-- end

-- sql/i18n/lexemes.sql
-- drop: DROP FUNCTION i18n.lexemes(text, text);
-- i18n.lexemes: the words of a text, without accents and stemmed as its language is; the language `~` stands for
-- "as written" (no stemming, no stop words).
CREATE OR REPLACE FUNCTION i18n.lexemes(p_language text, p_text text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN tsvector_to_array(to_tsvector(
    coalesce((SELECT l.text_search_config FROM i18n.languages l WHERE l.code = p_language), 'simple')::regconfig,
    public.unaccent(p_text)
  ));
END
$$;
-- end

-- sql/i18n/ready_depth.sql
-- drop: DROP FUNCTION i18n.ready_depth(text[], integer);
-- i18n.ready_depth: how deep a ready text of the chain's first language may have reached to serve this chain:
-- as deep as both chains agree, without limit where they are the same, NULL where nothing lies ready for it.
CREATE OR REPLACE FUNCTION i18n.ready_depth(p_chain text[], p_match_length integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT CASE WHEN l.chain = p_chain THEN 2147483647 ELSE (
      SELECT coalesce(min(place) - 1, least(cardinality(l.chain), cardinality(p_chain)))
      FROM generate_series(1, least(cardinality(l.chain), cardinality(p_chain))) AS place
      WHERE l.chain[place] <> p_chain[place]
    )::integer END
    FROM i18n.languages l
    WHERE p_match_length > 0 AND l.code = p_chain[1] AND l.is_active
  );
END
$$;
-- end

-- sql/i18n/render_text.sql
-- drop: DROP FUNCTION i18n.render_text(text[], text[], text, text, text[], integer);
-- i18n.render_text: the texts of one entity for one fallback chain, each field resolved by itself:
-- the chain in order, then the entity's source language, then the default language, then any (by code).
-- `body` and `served` are the inside of JSON objects; `served` names the fields that none of the first
-- `p_match_length` languages of the chain has; `depth` is the deepest place of the chain that was used
-- (1000 and more: beyond the chain). One plain SELECT, so that callers inline it.
CREATE OR REPLACE FUNCTION i18n.render_text(
  p_fields text[], p_keys text[], p_prefix text, p_source_language text, p_chain text[], p_match_length integer
) RETURNS TABLE (body text, served text, depth integer, languages text[])
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    string_agg(to_json(field.name)::text || ':' || coalesce(to_json(best.value)::text, 'null'), ',' ORDER BY field.ordinal),
    string_agg(
      to_json(p_prefix || field.name)::text || ':' || to_json(best.language_code)::text, ',' ORDER BY field.ordinal
    ) FILTER (WHERE best.rank > p_match_length),
    coalesce(max(best.rank), 0)::integer,
    coalesce(array_agg(DISTINCT best.language_code) FILTER (WHERE best.language_code IS NOT NULL), '{}')
  FROM unnest(p_fields, p_keys) WITH ORDINALITY AS field (name, key, ordinal)
  LEFT JOIN LATERAL (
    SELECT t.language_code, t.value,
      coalesce(
        array_position(p_chain, t.language_code),
        CASE
          WHEN t.language_code = p_source_language THEN 1000
          WHEN t.language_code = (SELECT l.code FROM i18n.languages l WHERE l.is_default) THEN 1001
          ELSE 1002
        END
      ) AS rank
    FROM i18n.translations t
    WHERE t.key = field.key
    ORDER BY rank, t.language_code COLLATE "C"
    LIMIT 1
  ) best ON true
$$;
-- end

-- sql/i18n/search_tokens.sql
-- drop: DROP FUNCTION i18n.search_tokens(text, text);
-- after: i18n/lexemes
-- i18n.search_tokens: the lexemes of a text as `<language>:<lexeme>`.
CREATE OR REPLACE FUNCTION i18n.search_tokens(p_language text, p_text text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY(SELECT p_language || ':' || lexeme FROM unnest(i18n.lexemes(p_language, p_text)) AS lexeme);
END
$$;
-- end

-- sql/marketplace/any_word.sql
-- drop: DROP FUNCTION marketplace.any_word(text, text[]);
-- marketplace.any_word: "one of these words of a language", for the `search` column of cards.
CREATE OR REPLACE FUNCTION marketplace.any_word(p_language text, p_words text[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg('''' || replace(replace(p_language || ':' || word, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
    FROM unnest(p_words) AS word
  );
END
$$;
-- end

-- sql/marketplace/grid_cells.sql
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
-- end

-- sql/marketplace/cells_query.sql
-- drop: DROP FUNCTION marketplace.cells_query(double precision, double precision, integer);
-- after: marketplace/grid_cells
-- marketplace.cells_query: "in one of the cells around this point", for the `search` column of cards.
CREATE OR REPLACE FUNCTION marketplace.cells_query(p_latitude double precision, p_longitude double precision, p_level integer)
RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg('''' || cell || '''', ' | ')::tsquery
    FROM unnest(marketplace.grid_cells(p_latitude, p_longitude, ARRAY[p_level], true)) AS cell
  );
END
$$;
-- end

-- sql/marketplace/point_at.sql
-- drop: DROP FUNCTION marketplace.point_at(double precision, double precision);
-- marketplace.point_at: the geography of named coordinates; the one place where their order is turned.
CREATE OR REPLACE FUNCTION marketplace.point_at(p_latitude double precision, p_longitude double precision)
RETURNS public.geography LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT public.ST_SetSRID(public.ST_MakePoint(p_longitude, p_latitude), 4326)::public.geography
$$;
-- end

-- sql/marketplace/circle_around.sql
-- drop: DROP FUNCTION marketplace.circle_around(double precision[]);
-- after: marketplace/point_at
-- marketplace.circle_around: a circle that holds everything within bounds (west, south, east, north), for an index to
-- narrow the search with. Up to half the globe wide, the corner farthest from the middle is the farthest point; the
-- sphere may call it 0.6 % nearer than it is. Wider bounds get the whole globe.
CREATE OR REPLACE FUNCTION marketplace.circle_around(p_bounds double precision[])
RETURNS TABLE (centre public.geography, reach double precision)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT middle.point,
    CASE WHEN width.degrees > 180 THEN 25e6 ELSE 1 + 1.006 * greatest(
      public.ST_Distance(middle.point, marketplace.point_at(p_bounds[2], p_bounds[1]), false),
      public.ST_Distance(middle.point, marketplace.point_at(p_bounds[4], p_bounds[1]), false)
    ) END
  FROM (
    SELECT CASE WHEN p_bounds[1] <= p_bounds[3] THEN p_bounds[3] - p_bounds[1] ELSE p_bounds[3] - p_bounds[1] + 360 END AS degrees
  ) AS width
  CROSS JOIN LATERAL (
    SELECT marketplace.point_at(
      (p_bounds[2] + p_bounds[4]) / 2,
      CASE WHEN p_bounds[1] + width.degrees / 2 > 180 THEN p_bounds[1] + width.degrees / 2 - 360
      ELSE p_bounds[1] + width.degrees / 2 END
    ) AS point
  ) AS middle
$$;
-- end

-- sql/marketplace/instant_text.sql
-- drop: DROP FUNCTION marketplace.instant_text(timestamptz);
-- marketplace.instant_text: an instant as RFC 3339 in UTC, to the second.
CREATE OR REPLACE FUNCTION marketplace.instant_text(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
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
        || '},"discount":' || json_build_object(
          'type', v.discount_type,
          'value', coalesce(
            v.percent_off, v.amount_off_minor, v.free_item_quantity, v.fixed_price_minor, v.gift_balance_minor
          ),
          'capMinor', v.percent_cap_minor,
          'currency', v.currency
        )
        || ',"category":{"id":"' || c.id || '","slug":' || to_json(c.slug) || ',' || kind.body
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
    array_to_tsvector(voucher.tokens || marketplace.grid_cells(location.latitude, location.longitude, '{1,2,3,4,5,6,7,8,9}', false))
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
        || CASE WHEN t.language_code IN (v.source_language, b.source_language) THEN i18n.search_tokens('~', t.value) END
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

-- sql/marketplace/compute_facets.sql
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
-- end

-- sql/marketplace/is_within.sql
-- drop: DROP FUNCTION marketplace.is_within(double precision, double precision, double precision[]);
-- marketplace.is_within: whether a place lies within bounds (west, south, east, north; west > east crosses the
-- antimeridian); without bounds everything does. -180 and 180 are one
-- meridian. One plain expression, so that callers inline it.
CREATE OR REPLACE FUNCTION marketplace.is_within(
  p_latitude double precision, p_longitude double precision, p_bounds double precision[]
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT p_bounds IS NULL OR p_latitude BETWEEN p_bounds[2] AND p_bounds[4] AND CASE
    WHEN p_bounds[1] <= p_bounds[3] THEN p_longitude BETWEEN p_bounds[1] AND p_bounds[3]
      OR abs(p_longitude) = 180 AND (p_bounds[1] = -180 OR p_bounds[3] = 180)
    ELSE p_longitude >= p_bounds[1] OR p_longitude <= p_bounds[3]
  END
$$;
-- end

-- sql/marketplace/find_nearby_words.sql
-- drop: DROP FUNCTION marketplace.find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, real, timestamptz, timestamptz, integer, double precision, uuid, uuid);
-- after: marketplace/point_at
-- after: marketplace/cells_query
-- after: marketplace/is_within
-- after: business/public_locations
-- after: business/is_open
-- marketplace.find_nearby_words: find_nearby for words that few cards hold. The candidates come from the word index:
-- cards with the words in one of the grid cells around the point, in balls of 500 m, doubled up to 128 km, then
-- everywhere; a word too rare for its frequency to be known begins at 2 km. All matches within the ball are seen, so a page that ends within it is proven.
CREATE OR REPLACE FUNCTION marketplace.find_nearby_words(
  p_latitude double precision,
  p_longitude double precision,
  p_radius_meters double precision,
  p_bounds double precision[],
  p_category_ids uuid[],
  p_business_id uuid,
  p_query tsquery,
  p_frequency real,
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
  v_level integer := CASE WHEN p_frequency > 0 THEN 1 ELSE 3 END;
  v_ball double precision;
  v_query tsquery;
BEGIN
  LOOP
    v_ball := CASE WHEN v_level <= 9 THEN 250 * 2 ^ v_level ELSE 'infinity' END;
    IF v_ball > coalesce(p_after_distance, 0) THEN
      v_query := CASE WHEN v_level <= 9 THEN p_query && marketplace.cells_query(p_latitude, p_longitude, v_level) ELSE p_query END;

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
        SELECT place.distance, match.location_id, match.voucher_id
        FROM place
        JOIN match ON match.location_id = place.id
        WHERE place.distance <= v_radius
          AND (
            p_after_distance IS NULL
            OR (place.distance, match.location_id, match.voucher_id)
              > (p_after_distance, p_after_location_id, p_after_voucher_id)
          )
          AND (
            match.is_sole
            OR NOT EXISTS (
              SELECT FROM match other JOIN place nearer ON nearer.id = other.location_id
              WHERE other.voucher_id = match.voucher_id AND (nearer.distance, nearer.id) < (place.distance, place.id)
            )
          )
        ORDER BY place.distance, match.location_id, match.voucher_id
        LIMIT p_limit + 1
      ) AS page;

      EXIT WHEN v_ball >= v_radius OR v_ball = 'infinity' OR distances[p_limit + 1] <= v_ball;
    END IF;
    v_level := v_level + 1;
  END LOOP;
END
$$;
-- end

-- sql/marketplace/search_query.sql
-- drop: DROP FUNCTION marketplace.search_query(text, text[]);
-- after: i18n/search_tokens
-- after: marketplace/any_word
-- marketplace.search_query: what a person typed, as a query over the `search` words of cards. All words must be
-- found, in one of the languages. Only where no language knows them all is each unknown word replaced by those that
-- look most like it (trigrams, then at most one wrong letter in words of up to five, two in longer ones). `query` is
-- NULL where nothing can match; `frequency` is the part of all cards that match, roughly.
CREATE OR REPLACE FUNCTION marketplace.search_query(
  p_text text, p_languages text[], OUT query tsquery, OUT frequency real
) LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
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
    FOREACH v_language IN ARRAY p_languages || '~'::text LOOP
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
-- after: marketplace/is_within
-- after: marketplace/search_query
-- after: business/public_locations
-- after: business/is_open
-- marketplace.find_nearby: which vouchers stand on one page of the nearby list, in the total order
-- (exact distance, location id, voucher id). Returns one row more than p_limit when there is a next page.
--
-- One of p_radius_meters and p_bounds (west, south, east, north; west > east crosses the antimeridian) is the area.
-- p_after_* is the last row of the page before. p_batch is how many locations to look at first.
-- `batch` says how many were enough, for the next page to begin with. `category_known` is false where p_category is
-- a slug that does not exist.
--
-- Nearest locations first, by the index that knows (facet, position). The index orders by the sphere, the list by the
-- spheroid; PostGIS's sphere is never more than 0.56 % shorter and 0.56 % longer than the spheroid, so all places up
-- to 0.9944 × (the farthest sphere distance seen), less a centimetre for rounding, are among those seen: the *horizon*. A page that ends within it is
-- proven; otherwise four times as many locations are read. Words that fewer than one card in twelve holds are looked
-- for in the word index instead, in growing balls of grid cells, and the ball's radius is the horizon.
--
-- A voucher valid at several places is taken at its nearest: every nearer place is among the candidates too.
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
      SELECT found.location_ids, found.voucher_ids, found.distances INTO location_ids, voucher_ids, distances
      FROM marketplace.find_nearby_words(
        p_latitude, p_longitude, p_radius_meters, p_bounds, v_category_ids, p_business_id, v_query, v_frequency,
        p_open_at, p_at, p_limit, p_after_distance, p_after_location_id, p_after_voucher_id
      ) AS found;
      RETURN;
    END IF;
    IF p_after_distance IS NULL THEN
      batch := ceil(batch / v_frequency);
    END IF;
  END IF;

  LOOP
    BEGIN
      SELECT array_agg(near.location_id), CASE WHEN count(*) < batch THEN 'infinity' ELSE max(near.sphere) * 0.9944 - 0.01 END
      INTO v_candidates, v_horizon
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
    )
    SELECT array_agg(page.location_id), array_agg(page.voucher_id), array_agg(page.distance)
    INTO location_ids, voucher_ids, distances
    FROM (
      SELECT card.distance, card.location_id, card.voucher_id
      FROM (
      SELECT place.distance, card.location_id, card.voucher_id
      FROM place
      JOIN marketplace.cards card ON card.location_id = place.id
      WHERE place.distance <= v_radius
        AND (card.expires_at IS NULL OR card.expires_at > p_at)
        AND (v_category_ids IS NULL OR card.category_id = ANY (v_category_ids))
        AND (
          p_after_distance IS NULL
          OR (place.distance, card.location_id, card.voucher_id)
            > (p_after_distance, p_after_location_id, p_after_voucher_id)
        )
        AND (
          card.is_sole
          OR NOT EXISTS (
            SELECT FROM (
              SELECT o.location_id FROM marketplace.cards o
              WHERE o.voucher_id = card.voucher_id AND (o.expires_at IS NULL OR o.expires_at > p_at)
              OFFSET 0
            ) AS other
            CROSS JOIN LATERAL (
              SELECT FROM place nearer
              WHERE nearer.id = other.location_id AND (nearer.distance, nearer.id) < (place.distance, place.id)
              OFFSET 0
            ) AS nearer
          )
        )
      ORDER BY place.distance, card.location_id, card.voucher_id
      OFFSET 0
      ) AS card
      WHERE v_query IS NULL OR EXISTS (
        SELECT FROM marketplace.cards worded
        WHERE worded.location_id = card.location_id AND worded.voucher_id = card.voucher_id AND worded.search @@ v_query
      )
      LIMIT p_limit + 1
    ) AS page;

    EXIT WHEN v_horizon >= v_radius OR v_horizon = 'infinity' OR distances[p_limit + 1] < v_horizon;
    batch := batch * 4;
  END LOOP;
END
$$;
-- end

-- sql/marketplace/prune_expired_cards.sql
-- drop: DROP FUNCTION marketplace.prune_expired_cards(timestamptz, integer);
-- marketplace.prune_expired_cards: removes up to p_limit cards that ended before an instant; says how many.
-- Reading never shows them anyway; the instant lies a day back, so that no walk through pages loses one under way.
CREATE OR REPLACE FUNCTION marketplace.prune_expired_cards(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql AS $$
  WITH old AS (
    SELECT card.location_id, card.voucher_id FROM marketplace.cards card
    WHERE card.expires_at < p_before ORDER BY card.expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM marketplace.cards card USING old
    WHERE card.location_id = old.location_id AND card.voucher_id = old.voucher_id
    RETURNING 1
  )
  SELECT count(*)::integer FROM pruned
$$;
-- end

-- sql/marketplace/refresh_cards.sql
-- drop: DROP FUNCTION marketplace.refresh_cards(uuid[]);
-- after: marketplace/compute_cards
-- marketplace.refresh_cards: makes the cards of some vouchers true (the facets follow by the triggers on cards).
-- Locks the vouchers, their businesses and categories (shared), then their locations, each in id order: two
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
  WHERE b.id IN (SELECT v.business_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY b.id FOR SHARE;
  PERFORM FROM catalog.categories c
  WHERE c.id IN (SELECT v.category_id FROM marketplace.vouchers v WHERE v.id = ANY (p_voucher_ids)) ORDER BY c.id FOR SHARE;
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

-- sql/marketplace/refresh_facets.sql
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
-- end

-- sql/marketplace/refresh_or_queue.sql
-- drop: DROP FUNCTION marketplace.refresh_or_queue(uuid[]);
-- after: marketplace/refresh_cards
-- after: marketplace/refresh_facets
-- marketplace.refresh_or_queue: what one change of something shared (a business's name, a zone, a category's place)
-- does to its published vouchers: up to 500 are refreshed at once, more are queued for refresh_stale_cards.
CREATE OR REPLACE FUNCTION marketplace.refresh_or_queue(p_voucher_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(cardinality(p_voucher_ids), 0) = 0 THEN
    RETURN;
  END IF;
  IF cardinality(p_voucher_ids) > 500 THEN
    INSERT INTO marketplace.stale_vouchers (voucher_id)
    SELECT DISTINCT id FROM unnest(p_voucher_ids) AS id ORDER BY id
    ON CONFLICT DO NOTHING;
  ELSE
    PERFORM marketplace.refresh_cards(p_voucher_ids);
    PERFORM marketplace.refresh_facets(
      ARRAY(SELECT DISTINCT card.location_id FROM marketplace.cards card WHERE card.voucher_id = ANY (p_voucher_ids))
    );
  END IF;
END
$$;
-- end

-- sql/marketplace/refresh_stale_cards.sql
-- drop: DROP FUNCTION marketplace.refresh_stale_cards(integer);
-- after: marketplace/refresh_or_queue
-- marketplace.refresh_stale_cards: takes up to p_limit (at most 500) queued vouchers, makes their cards true, and says
-- how many it took. Several runners share the queue: each skips what another holds.
CREATE OR REPLACE FUNCTION marketplace.refresh_stale_cards(p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT stale.voucher_id FROM marketplace.stale_vouchers stale
    ORDER BY stale.queued_at, stale.voucher_id LIMIT least(p_limit, 500) FOR UPDATE SKIP LOCKED
  );
BEGIN
  PERFORM marketplace.refresh_or_queue(v_ids);
  DELETE FROM marketplace.stale_vouchers stale WHERE stale.voucher_id = ANY (v_ids);
  RETURN cardinality(v_ids);
END
$$;
-- end

-- sql/marketplace/refresh_word_frequencies.sql
-- drop: DROP FUNCTION marketplace.refresh_word_frequencies();
-- marketplace.refresh_word_frequencies: copies what ANALYZE learnt of the commonest words of cards to where a search
-- can look it up; says how many changed by more than a fifth. Only speed depends on it: a common word is looked for
-- near the point first, a rare one in the word index.
CREATE OR REPLACE FUNCTION marketplace.refresh_word_frequencies() RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_changed integer;
BEGIN
  WITH common AS (
    SELECT split_part(element.token, ':', 1) AS language_code,
      substr(element.token, strpos(element.token, ':') + 1) AS word,
      stats.most_common_elem_freqs[element.ordinal] AS frequency
    FROM pg_stats stats
    CROSS JOIN LATERAL unnest(stats.most_common_elems::text::text[]) WITH ORDINALITY AS element (token, ordinal)
    WHERE stats.schemaname = 'marketplace' AND stats.tablename = 'cards' AND stats.attname = 'search'
      AND left(element.token, 1) <> '@'
  )
  UPDATE marketplace.search_words known
  SET frequency = coalesce(common.frequency, 0)
  FROM marketplace.search_words old
  LEFT JOIN common USING (language_code, word)
  WHERE known.language_code = old.language_code AND known.word = old.word
    AND (old.frequency > 0 OR common.frequency IS NOT NULL)
    AND abs(old.frequency - coalesce(common.frequency, 0)) > 0.2 * old.frequency;
  GET DIAGNOSTICS v_changed = ROW_COUNT;
  RETURN v_changed;
END
$$;
-- end

-- sql/marketplace/render_cards.sql
-- drop: DROP FUNCTION marketplace.render_cards(uuid[], uuid[], double precision[], text[], integer, timestamptz, boolean);
-- after: business/opening_state
-- after: i18n/ready_depth
-- after: marketplace/instant_text
-- after: marketplace/voucher_text
-- marketplace.render_cards: cards, in the order given, as the JSON text of the public answer (the inside of an array),
-- as plain objects or as GeoJSON features, and the languages that were used. The texts lie ready where the reader's
-- chain begins like that of its first language; only what falls back differently is resolved here, by the same
-- function that made the ready ones. A text of depth 1 is all in the chain's first language.
CREATE OR REPLACE FUNCTION marketplace.render_cards(
  p_location_ids uuid[], p_voucher_ids uuid[], p_distances double precision[],
  p_chain text[], p_match_length integer, p_at timestamptz, p_geojson boolean,
  OUT data text, OUT languages text[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_language constant text := p_chain[1];
  v_ready_depth constant integer := i18n.ready_depth(p_chain, p_match_length);
  v_others text[];
  v_is_first_used boolean;
BEGIN
  WITH place AS MATERIALIZED (
    SELECT location.id, state.is_open,
      to_json(location.latitude)::text AS latitude,
      to_json(location.longitude)::text AS longitude,
      ',"timeZone":"' || location.time_zone
        || '","isOpen":' || coalesce(state.is_open::text, 'null')
        || ',"opensAt":' || coalesce('"' || marketplace.instant_text(state.opens_at) || '"', 'null') AS opening
    FROM (SELECT DISTINCT id FROM unnest(p_location_ids) AS id) AS wanted
    JOIN business.locations location ON location.id = wanted.id
    CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  ), item AS (
    SELECT row.ordinal, row.voucher_id, place.longitude, place.latitude, text.resolved AS text,
      '{' || (text.resolved ->> 0) || card.facts
        || ',"location":{"id":"' || place.id || '","latitude":' || place.latitude || ',"longitude":' || place.longitude
        || ',"distanceMeters":' || round(row.distance::numeric, 1) || place.opening
        || '},"redeemable":' || CASE
          WHEN card.valid_from > p_at AND NOT place.is_open
            THEN '{"now":false,"reasons":["voucher.notYetValid","location.closed"]}}'
          WHEN card.valid_from > p_at THEN '{"now":false,"reasons":["voucher.notYetValid"]}}'
          WHEN NOT place.is_open THEN '{"now":false,"reasons":["location.closed"]}}'
          ELSE '{"now":true,"reasons":[]}}' END AS json
    FROM unnest(p_location_ids, p_voucher_ids, p_distances) WITH ORDINALITY AS row (location_id, voucher_id, distance, ordinal)
    JOIN place ON place.id = row.location_id
    JOIN marketplace.cards card ON card.location_id = row.location_id AND card.voucher_id = row.voucher_id
    CROSS JOIN LATERAL (SELECT card.texts -> v_language AS text OFFSET 0) AS ready
    CROSS JOIN LATERAL (
      SELECT CASE WHEN (ready.text ->> 1)::integer <= v_ready_depth THEN ready.text
        ELSE marketplace.voucher_text(card.voucher_id, p_chain, p_match_length) END AS resolved
      OFFSET 0
    ) AS text
  )
  SELECT
    string_agg(
      CASE WHEN p_geojson THEN
        '{"type":"Feature","id":"' || item.voucher_id || '","geometry":{"type":"Point","coordinates":['
          || item.longitude || ',' || item.latitude || ']},"properties":' || item.json || '}'
      ELSE item.json END,
      ',' ORDER BY item.ordinal
    ),
    array_agg(item.text ->> 2) FILTER (WHERE item.text ->> 1 <> '1'),
    bool_or(item.text ->> 1 = '1')
  INTO data, v_others, v_is_first_used
  FROM item;

  data := coalesce(data, '');
  IF v_others IS NULL THEN
    languages := CASE WHEN v_is_first_used THEN ARRAY[v_language] ELSE '{}' END;
  ELSE
    languages := ARRAY(
      SELECT used.code
      FROM (
        SELECT v_language AS code WHERE v_is_first_used
        UNION
        SELECT jsonb_array_elements_text(other.codes::jsonb) FROM (SELECT DISTINCT unnest(v_others) AS codes) AS other
      ) AS used
      ORDER BY coalesce(array_position(p_chain, used.code), 1000), used.code COLLATE "C"
    );
  END IF;
END
$$;
-- end

-- sql/marketplace/repack.sql
-- drop: DROP FUNCTION marketplace.repack();
-- marketplace.repack: lays the read model out as it is read: facets along a space-filling curve, so that the position
-- index is rebuilt with neighbours in one page (measured: two to four times as many searches per second), and cards by
-- location. For a maintenance window: it locks both tables, some ten seconds per million cards.
CREATE OR REPLACE FUNCTION marketplace.repack() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE marketplace.location_facets, marketplace.cards IN ACCESS EXCLUSIVE MODE;
  CREATE TEMPORARY TABLE facets_in_order ON COMMIT DROP AS
    SELECT * FROM marketplace.location_facets ORDER BY facet_id, public.ST_GeoHash(position::public.geometry), location_id;
  TRUNCATE marketplace.location_facets;
  INSERT INTO marketplace.location_facets SELECT * FROM facets_in_order;
  DROP TABLE facets_in_order;
  CLUSTER marketplace.cards USING cards_pkey;
  ANALYZE marketplace.location_facets;
  ANALYZE marketplace.cards;
END
$$;
-- end

-- sql/marketplace/search_nearby.sql
-- drop: DROP FUNCTION marketplace.search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean);
-- after: marketplace/find_nearby
-- after: marketplace/render_cards
-- marketplace.search_nearby: one page of the nearby list in one round trip: find_nearby, then render_cards.
-- Measured: a generic plan is 2.5 times faster here than planning at each call, and jit only costs.
-- `next_*` is the last row shown where another page follows, else NULL.
CREATE OR REPLACE FUNCTION marketplace.search_nearby(
  p_latitude double precision,
  p_longitude double precision,
  p_radius_meters double precision,
  p_bounds double precision[],
  p_category text,
  p_business_id uuid,
  p_words text,
  p_chain text[],
  p_match_length integer,
  p_open_at timestamptz,
  p_at timestamptz,
  p_limit integer,
  p_after_distance double precision,
  p_after_location_id uuid,
  p_after_voucher_id uuid,
  p_batch integer,
  p_geojson boolean,
  OUT category_known boolean,
  OUT data text,
  OUT languages text[],
  OUT next_distance double precision,
  OUT next_location_id uuid,
  OUT next_voucher_id uuid,
  OUT batch integer
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
  v_found record;
BEGIN
  v_found := marketplace.find_nearby(
    p_latitude, p_longitude, p_radius_meters, p_bounds, p_category, p_business_id, p_words, p_chain, p_open_at, p_at,
    p_limit, p_after_distance, p_after_location_id, p_after_voucher_id, p_batch
  );
  category_known := v_found.category_known;
  batch := v_found.batch;
  IF cardinality(v_found.voucher_ids) > p_limit THEN
    next_distance := v_found.distances[p_limit];
    next_location_id := v_found.location_ids[p_limit];
    next_voucher_id := v_found.voucher_ids[p_limit];
  END IF;
  SELECT r.data, r.languages INTO data, languages
  FROM marketplace.render_cards(
    v_found.location_ids[:p_limit], v_found.voucher_ids[:p_limit], v_found.distances[:p_limit],
    p_chain, p_match_length, p_at, p_geojson
  ) AS r;
END
$$;
-- end

-- sql/catalog/set_category_path.sql
-- drop: DROP TRIGGER categories_path ON catalog.categories; DROP FUNCTION catalog.set_category_path();
-- catalog.set_category_path: path = the parent's path and the node itself; a cycle is refused.
CREATE OR REPLACE FUNCTION catalog.set_category_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_parent_path uuid[] := '{}';
BEGIN
  IF NEW.parent_id IS NOT NULL THEN
    SELECT parent.path INTO v_parent_path FROM catalog.categories parent WHERE parent.id = NEW.parent_id FOR SHARE;
    IF NEW.id = ANY (v_parent_path) THEN
      RAISE EXCEPTION 'a category cannot stand below itself'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_acyclic', SCHEMA = 'catalog', TABLE = 'categories';
    END IF;
  END IF;
  NEW.path := v_parent_path || NEW.id;
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER categories_path BEFORE INSERT OR UPDATE OF parent_id ON catalog.categories
  FOR EACH ROW EXECUTE FUNCTION catalog.set_category_path();
-- end

-- sql/marketplace/follow_businesses.sql
-- drop: DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of its vouchers follow what they show of a business. Its status and deletion
-- are not copied anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id
    FROM new_rows n
    JOIN old_rows o USING (id)
    JOIN marketplace.vouchers v ON v.business_id = n.id
    WHERE (n.name_key, n.source_language, n.logo_url, n.attribution)
      IS DISTINCT FROM (o.name_key, o.source_language, o.logo_url, o.attribution)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_updated AFTER UPDATE ON business.businesses
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
-- end

-- sql/marketplace/follow_cards.sql
-- drop: DROP TRIGGER cards_inserted ON marketplace.cards; DROP TRIGGER cards_updated ON marketplace.cards; DROP TRIGGER cards_deleted ON marketplace.cards; DROP FUNCTION marketplace.follow_cards();
-- after: marketplace/refresh_facets
-- marketplace.follow_cards: facets follow the cards of their location, whichever way these were changed.
-- A new card whose category the location already stands under changes nothing.
CREATE OR REPLACE FUNCTION marketplace.follow_cards() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n
      WHERE NOT EXISTS (
        SELECT FROM marketplace.location_facets f WHERE f.facet_id = n.category_id AND f.location_id = n.location_id
      )
    ));
  ELSIF TG_OP = 'UPDATE' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n JOIN old_rows o USING (location_id, voucher_id)
      WHERE n.category_id <> o.category_id
    ));
  ELSE
    PERFORM marketplace.refresh_facets(ARRAY(SELECT DISTINCT o.location_id FROM old_rows o));
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER cards_inserted AFTER INSERT ON marketplace.cards
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_updated AFTER UPDATE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_deleted AFTER DELETE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
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
BEGIN
  IF cardinality(v_moved) > 0 THEN
    UPDATE catalog.categories child SET parent_id = child.parent_id WHERE child.parent_id = ANY (v_moved);
  END IF;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id
    FROM new_rows n
    JOIN old_rows o USING (id)
    JOIN marketplace.vouchers v ON v.category_id = n.id
    WHERE (n.path, n.name_key, n.source_language, n.slug) IS DISTINCT FROM (o.path, o.name_key, o.source_language, o.slug)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER categories_updated AFTER UPDATE ON catalog.categories
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
-- end

-- sql/marketplace/follow_languages.sql
-- drop: DROP TRIGGER languages_inserted ON i18n.languages; DROP TRIGGER languages_updated ON i18n.languages; DROP TRIGGER languages_deleted ON i18n.languages; DROP FUNCTION marketplace.follow_languages();
-- marketplace.follow_languages: a language that is switched on or off, removed, shown by another chain or stemmed otherwise
-- changes every card: all published vouchers are queued. The lock waits for cards
-- that are being computed without knowing of the change, and keeps others back until it is committed.
CREATE OR REPLACE FUNCTION marketplace.follow_languages() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM new_rows n WHERE n.is_active OR n.is_default) THEN
      RETURN NULL;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF NOT EXISTS (SELECT FROM old_rows o WHERE o.is_active OR o.is_default) THEN
      RETURN NULL;
    END IF;
  ELSIF NOT EXISTS (
    SELECT FROM new_rows n JOIN old_rows o USING (code)
    WHERE (n.chain, n.match_length, n.text_search_config, n.is_active, n.is_default)
      IS DISTINCT FROM (o.chain, o.match_length, o.text_search_config, o.is_active, o.is_default)
  ) THEN
    RETURN NULL;
  END IF;
  LOCK TABLE marketplace.cards IN EXCLUSIVE MODE;
  INSERT INTO marketplace.stale_vouchers (voucher_id)
  SELECT v.id FROM marketplace.vouchers v WHERE v.state = 'published' ORDER BY v.id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER languages_inserted AFTER INSERT ON i18n.languages
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
CREATE OR REPLACE TRIGGER languages_updated AFTER UPDATE ON i18n.languages
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
CREATE OR REPLACE TRIGGER languages_deleted AFTER DELETE ON i18n.languages
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
-- end

-- sql/marketplace/follow_locations.sql
-- drop: DROP TRIGGER locations_updated ON business.locations; DROP FUNCTION marketplace.follow_locations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_locations: cards and facets follow a branch that moved, changed its zone or its business,
-- closed or came back.
CREATE OR REPLACE FUNCTION marketplace.follow_locations() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.business_id, n.latitude, n.longitude, n.time_zone, n.deleted_at IS NULL)
      IS DISTINCT FROM (o.business_id, o.latitude, o.longitude, o.time_zone, o.deleted_at IS NULL)
  );
BEGIN
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_or_queue(ARRAY(
      SELECT DISTINCT link.voucher_id FROM marketplace.voucher_locations link WHERE link.location_id = ANY (v_ids)
    ));
    PERFORM marketplace.refresh_facets(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER locations_updated AFTER UPDATE ON business.locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_locations();
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
  PERFORM FROM business.businesses b WHERE b.name_key = ANY (v_keys) ORDER BY b.id FOR NO KEY UPDATE;
  PERFORM FROM catalog.categories c WHERE c.name_key = ANY (v_keys) ORDER BY c.id FOR NO KEY UPDATE;
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

-- sql/marketplace/follow_voucher_locations.sql
-- drop: DROP TRIGGER voucher_locations_inserted ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_updated ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_deleted ON marketplace.voucher_locations; DROP FUNCTION marketplace.follow_voucher_locations();
-- after: marketplace/refresh_cards
-- marketplace.follow_voucher_locations: cards follow the list of places where a voucher is valid.
CREATE OR REPLACE FUNCTION marketplace.follow_voucher_locations() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT DISTINCT n.voucher_id FROM new_rows n);
  ELSIF TG_OP = 'UPDATE' THEN
    v_ids := ARRAY(SELECT n.voucher_id FROM new_rows n UNION SELECT o.voucher_id FROM old_rows o);
  ELSE
    v_ids := ARRAY(SELECT DISTINCT o.voucher_id FROM old_rows o);
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER voucher_locations_inserted AFTER INSERT ON marketplace.voucher_locations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_updated AFTER UPDATE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_deleted AFTER DELETE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
-- end

-- sql/marketplace/follow_vouchers.sql
-- drop: DROP TRIGGER vouchers_inserted ON marketplace.vouchers; DROP TRIGGER vouchers_updated ON marketplace.vouchers; DROP FUNCTION marketplace.follow_vouchers();
-- after: marketplace/refresh_cards
-- marketplace.follow_vouchers: cards follow vouchers that are, or just ceased to be, published.
CREATE OR REPLACE FUNCTION marketplace.follow_vouchers() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT n.id FROM new_rows n WHERE n.state = 'published');
  ELSE
    v_ids := ARRAY(
      SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
      WHERE 'published' IN (n.state, o.state)
        AND to_jsonb(n) - 'updated_at' <> to_jsonb(o) - 'updated_at'
    );
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vouchers_inserted AFTER INSERT ON marketplace.vouchers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
CREATE OR REPLACE TRIGGER vouchers_updated AFTER UPDATE ON marketplace.vouchers
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
-- end
