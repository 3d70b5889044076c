--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: analytics; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA analytics;


--
-- Name: audit; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA audit;


--
-- Name: business; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA business;


--
-- Name: catalog; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA catalog;


--
-- Name: files; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA files;


--
-- Name: i18n; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA i18n;


--
-- Name: identity; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA identity;


--
-- Name: marketplace; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA marketplace;


--
-- Name: payments; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA payments;


--
-- Name: security; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA security;


--
-- Name: support; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA support;


--
-- Name: users; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA users;


--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;


--
-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';


--
-- Name: fuzzystrmatch; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;


--
-- Name: EXTENSION fuzzystrmatch; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION fuzzystrmatch IS 'determine similarities and distance between strings';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: postgis; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;


--
-- Name: EXTENSION postgis; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';


--
-- Name: unaccent; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;


--
-- Name: EXTENSION unaccent; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';


--
-- Name: event_type; Type: TYPE; Schema: analytics; Owner: -
--

CREATE TYPE analytics.event_type AS ENUM (
    'seen',
    'scanned',
    'claimed',
    'redeemed',
    'rolled_back'
);


--
-- Name: business_status; Type: TYPE; Schema: business; Owner: -
--

CREATE TYPE business.business_status AS ENUM (
    'pending',
    'verified',
    'suspended'
);


--
-- Name: TYPE business_status; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TYPE business.business_status IS 'Only verified businesses are seen by the public.';


--
-- Name: member_role; Type: TYPE; Schema: business; Owner: -
--

CREATE TYPE business.member_role AS ENUM (
    'owner',
    'manager',
    'redeemer'
);


--
-- Name: text_direction; Type: TYPE; Schema: i18n; Owner: -
--

CREATE TYPE i18n.text_direction AS ENUM (
    'ltr',
    'rtl'
);


--
-- Name: email_link_purpose; Type: TYPE; Schema: identity; Owner: -
--

CREATE TYPE identity.email_link_purpose AS ENUM (
    'verify_email',
    'reset_password'
);


--
-- Name: platform_role; Type: TYPE; Schema: identity; Owner: -
--

CREATE TYPE identity.platform_role AS ENUM (
    'support',
    'admin'
);


--
-- Name: TYPE platform_role; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TYPE identity.platform_role IS 'Operators; everybody is a consumer, and businesses have members.';


--
-- Name: channel; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.channel AS ENUM (
    'web',
    'app',
    'counter',
    'offline',
    'api'
);


--
-- Name: TYPE channel; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.channel IS 'Through what somebody tried to redeem.';


--
-- Name: claim_state; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.claim_state AS ENUM (
    'active',
    'redeemed',
    'released',
    'expired'
);


--
-- Name: TYPE claim_state; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.claim_state IS 'What became of a voucher in a wallet.';


--
-- Name: code_kind; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.code_kind AS ENUM (
    'qr',
    'short',
    'static'
);


--
-- Name: TYPE code_kind; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.code_kind IS 'How a code is read: scanned, typed, or printed once for everybody.';


--
-- Name: discount_type; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.discount_type AS ENUM (
    'percentage',
    'fixed_amount',
    'free_item',
    'fixed_price',
    'gift_balance'
);


--
-- Name: TYPE discount_type; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.discount_type IS 'What is given; each type has one value column.';


--
-- Name: redemption_kind; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.redemption_kind AS ENUM (
    'redemption',
    'rollback'
);


--
-- Name: TYPE redemption_kind; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.redemption_kind IS 'A rollback is an entry of its own.';


--
-- Name: voucher_state; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.voucher_state AS ENUM (
    'draft',
    'published',
    'suspended',
    'expired',
    'archived'
);


--
-- Name: login_outcome; Type: TYPE; Schema: security; Owner: -
--

CREATE TYPE security.login_outcome AS ENUM (
    'success',
    'wrong_password',
    'unknown_email',
    'wrong_code',
    'locked'
);


--
-- Name: user_state; Type: TYPE; Schema: users; Owner: -
--

CREATE TYPE users.user_state AS ENUM (
    'active',
    'suspended',
    'erased'
);


--
-- Name: check_transition(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.check_transition() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_from constant text := to_jsonb(OLD) ->> TG_ARGV[0];
  v_to constant text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF v_from || '>' || v_to = ANY (TG_ARGV[1:]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'there is no way from % to %', v_from, v_to
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;


--
-- Name: touch_row(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.touch_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  NEW.updated_at := now();
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END
$$;


--
-- Name: box_around(double precision, double precision, double precision); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.box_around(p_latitude double precision, p_longitude double precision, p_meters double precision) RETURNS box
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
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


--
-- Name: is_open(uuid, text, int4multirange, timestamp with time zone); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.is_open(p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: is_time_zone(text); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.is_time_zone(p_name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
BEGIN
  PERFORM now() AT TIME ZONE p_name;
  RETURN p_name ~ '^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*$';
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END
$_$;


--
-- Name: list_namesakes(uuid[]); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.list_namesakes(p_business_ids uuid[]) RETURNS TABLE(business_id uuid, created_at timestamp with time zone, namesake_id uuid, namesake_created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO ''
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
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


--
-- Name: mark_possible_duplicates(uuid[]); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.mark_possible_duplicates(p_business_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
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


--
-- Name: opening_state(uuid, text, int4multirange, timestamp with time zone); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.opening_state(p_location_id uuid, p_time_zone text, p_weekly_hours int4multirange, p_at timestamp with time zone, OUT is_open boolean, OUT opens_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: shift_minutes(int4multirange, integer); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.shift_minutes(p_hours int4multirange, p_by integer) RETURNS int4multirange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(range_agg(int4range(lower(part) + p_by, upper(part) + p_by)), '{}') FROM unnest(p_hours) AS part
$$;


--
-- Name: start_of_day(date, text); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.start_of_day(p_day date, p_time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    AS $$
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


--
-- Name: set_category_path(); Type: FUNCTION; Schema: catalog; Owner: -
--

CREATE FUNCTION catalog.set_category_path() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: lexemes(text, text); Type: FUNCTION; Schema: i18n; Owner: -
--

CREATE FUNCTION i18n.lexemes(p_language text, p_text text) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
  RETURN tsvector_to_array(to_tsvector(
    coalesce((SELECT l.text_search_config FROM i18n.languages l WHERE l.code = p_language), 'simple')::regconfig,
    public.unaccent(p_text)
  ));
END
$$;


--
-- Name: ready_depth(text[], integer); Type: FUNCTION; Schema: i18n; Owner: -
--

CREATE FUNCTION i18n.ready_depth(p_chain text[], p_match_length integer) RETURNS integer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: render_text(text[], text[], text, text, text[], integer); Type: FUNCTION; Schema: i18n; Owner: -
--

CREATE FUNCTION i18n.render_text(p_fields text[], p_keys text[], p_prefix text, p_source_language text, p_chain text[], p_match_length integer) RETURNS TABLE(body text, served text, depth integer, languages text[])
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: search_tokens(text, text); Type: FUNCTION; Schema: i18n; Owner: -
--

CREATE FUNCTION i18n.search_tokens(p_language text, p_text text) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
  RETURN ARRAY(SELECT p_language || ':' || lexeme FROM unnest(i18n.lexemes(p_language, p_text)) AS lexeme);
END
$$;


--
-- Name: any_word(text, text[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.any_word(p_language text, p_words text[]) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
  RETURN (
    SELECT string_agg('''' || replace(replace(p_language || ':' || word, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
    FROM unnest(p_words) AS word
  );
END
$$;


--
-- Name: cells_query(double precision, double precision, double precision); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.cells_query(p_latitude double precision, p_longitude double precision, p_radius double precision) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
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


--
-- Name: circle_around(double precision[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.circle_around(p_bounds double precision[]) RETURNS TABLE(centre public.geography, reach double precision)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
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


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: cards; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.cards (
    location_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    category_id uuid NOT NULL,
    valid_from timestamp(3) with time zone NOT NULL,
    expires_at timestamp(3) with time zone,
    is_sole boolean NOT NULL,
    facts text NOT NULL,
    texts jsonb NOT NULL,
    search tsvector NOT NULL
)
WITH (toast_tuple_target='8160', fillfactor='90');


--
-- Name: TABLE cards; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.cards IS 'Read model, kept by triggers: one published voucher at one of its locations, with its texts ready to show. `texts` maps an active language to [inside of a JSON object, deepest place of its chain used, languages used]; `facts` continues that object with what the location''s time zone decides. `cards_walk_idx` holds all that the search decides by, so that it reads no card that it does not show. `search` holds words as `<language>:<lexeme>` and grid cells as `@<level>:<x>,<y>,<z>`.';


--
-- Name: compute_cards(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.compute_cards(p_voucher_ids uuid[]) RETURNS SETOF marketplace.cards
    LANGUAGE plpgsql STABLE ROWS 3
    AS $$
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


--
-- Name: location_facets; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.location_facets (
    facet_id uuid NOT NULL,
    location_id uuid NOT NULL,
    "position" public.geography(Point,4326) NOT NULL
);


--
-- Name: TABLE location_facets; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.location_facets IS 'Read model, kept by triggers: a location with cards stands here once under the root facet (the nil UUID), once under its business, and once under each category of its cards and the ancestors of these.';


--
-- Name: compute_facets(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.compute_facets(p_location_ids uuid[]) RETURNS SETOF marketplace.location_facets
    LANGUAGE sql STABLE
    AS $$
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


--
-- Name: find_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid, integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.find_nearby(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category text, p_business_id uuid, p_words text, p_languages text[], p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, p_batch integer, OUT category_known boolean, OUT batch integer, OUT location_ids uuid[], OUT voucher_ids uuid[], OUT distances double precision[]) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
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


--
-- Name: find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, double precision, timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.find_nearby_words(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category_ids uuid[], p_business_id uuid, p_query tsquery, p_ball double precision, p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, OUT location_ids uuid[], OUT voucher_ids uuid[], OUT distances double precision[]) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
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


--
-- Name: follow_businesses(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_businesses() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_cards(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_cards() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_categories(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_categories() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_languages(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_languages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_locations(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_locations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_translations(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_translations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_voucher_locations(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_voucher_locations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: follow_vouchers(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_vouchers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: geocentric(double precision, double precision); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.geocentric(p_latitude double precision, p_longitude double precision) RETURNS TABLE(x double precision, y double precision, z double precision)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT n * cosd(p_latitude) * cosd(p_longitude), n * cosd(p_latitude) * sind(p_longitude),
    n * (1 - 0.00669437999014132) * sind(p_latitude)
  FROM (SELECT 6378137.0 / sqrt(1 - 0.00669437999014132 * sind(p_latitude) ^ 2) AS n) AS curvature
$$;


--
-- Name: grid_cells(double precision, double precision); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.grid_cells(p_latitude double precision, p_longitude double precision) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
  RETURN (
    SELECT array_agg('@' || level || ':' || floor(x / size)::integer || ',' || floor(y / size)::integer || ','
      || floor(z / size)::integer)
    FROM marketplace.geocentric(p_latitude, p_longitude)
    CROSS JOIN (SELECT level, 500.0::double precision * 2 ^ level AS size FROM generate_series(1, 9) AS level) AS grid
  );
END
$$;


--
-- Name: instant_text(timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.instant_text(p_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;


--
-- Name: is_nearest(uuid, uuid, double precision, public.geography, double precision[], timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.is_nearest(p_voucher_id uuid, p_location_id uuid, p_distance double precision, p_point public.geography, p_bounds double precision[], p_open_at timestamp with time zone, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
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


--
-- Name: is_within(double precision, double precision, double precision[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.is_within(p_latitude double precision, p_longitude double precision, p_bounds double precision[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT p_bounds IS NULL OR p_latitude BETWEEN p_bounds[2] AND p_bounds[4] AND CASE
    WHEN p_bounds[1] <= p_bounds[3] THEN p_longitude BETWEEN p_bounds[1] AND p_bounds[3]
      OR abs(p_longitude) = 180 AND (p_bounds[1] = -180 OR p_bounds[3] = 180)
    ELSE p_longitude >= p_bounds[1] OR p_longitude <= p_bounds[3]
  END
$$;


--
-- Name: point_at(double precision, double precision); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.point_at(p_latitude double precision, p_longitude double precision) RETURNS public.geography
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
  SELECT public.ST_SetSRID(public.ST_MakePoint(p_longitude, p_latitude), 4326)::public.geography
$$;


--
-- Name: prune_expired_cards(timestamp with time zone, integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.prune_expired_cards(p_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: refresh_cards(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.refresh_cards(p_voucher_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
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


--
-- Name: refresh_facets(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.refresh_facets(p_location_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: refresh_or_queue(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.refresh_or_queue(p_voucher_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: refresh_stale_cards(integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.refresh_stale_cards(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: refresh_word_frequencies(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.refresh_word_frequencies() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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


--
-- Name: render_cards(uuid[], uuid[], double precision[], text[], integer, timestamp with time zone, boolean); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.render_cards(p_location_ids uuid[], p_voucher_ids uuid[], p_distances double precision[], p_chain text[], p_match_length integer, p_at timestamp with time zone, p_geojson boolean, OUT data text, OUT languages text[]) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
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


--
-- Name: repack(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.repack() RETURNS void
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid, integer, boolean); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.search_nearby(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category text, p_business_id uuid, p_words text, p_chain text[], p_match_length integer, p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, p_batch integer, p_geojson boolean, OUT category_known boolean, OUT data text, OUT languages text[], OUT next_distance double precision, OUT next_location_id uuid, OUT next_voucher_id uuid, OUT batch integer) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
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


--
-- Name: search_query(text, text[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.search_query(p_text text, p_languages text[], OUT query tsquery, OUT frequency real) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: voucher_text(uuid, text[], integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.voucher_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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


--
-- Name: current_business_id(); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.current_business_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT nullif(current_setting('app.business_id', true), '')::uuid
$$;


--
-- Name: current_user_id(); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;


--
-- Name: has_role(text); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.has_role(p_role text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(p_role = ANY (string_to_array(current_setting('app.roles', true), ',')), false)
$$;


--
-- Name: withdraw_access(text); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.withdraw_access(p_schema text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_statement text;
BEGIN
  FOR v_statement IN
    SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename)
    FROM pg_catalog.pg_policies WHERE schemaname = p_schema
    UNION ALL
    SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', schemaname, tablename)
    FROM pg_catalog.pg_tables WHERE schemaname = p_schema AND rowsecurity
    UNION ALL
    SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
    UNION ALL
    SELECT format('REVOKE ALL ON SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
  LOOP
    EXECUTE v_statement;
  END LOOP;
END
$$;


--
-- Name: events; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.events (
    id uuid NOT NULL,
    type analytics.event_type NOT NULL,
    business_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    location_id uuid,
    language_code text,
    channel text,
    weight integer DEFAULT 1 NOT NULL,
    occurred_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT events_weight_positive CHECK ((weight > 0))
);

ALTER TABLE ONLY analytics.events FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE events; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.events IS 'What happened to vouchers, counted by the funnel. Without foreign keys: it outlives what it counts. `weight` is how many events a sampled row stands for.';


--
-- Name: businesses; Type: TABLE; Schema: business; Owner: -
--

CREATE TABLE business.businesses (
    id uuid NOT NULL,
    owner_id uuid,
    category_id uuid NOT NULL,
    name_key text NOT NULL,
    description_key text NOT NULL,
    source_language text NOT NULL,
    status business.business_status DEFAULT 'pending'::business.business_status NOT NULL,
    phone text,
    website text,
    logo_url text,
    source_id text,
    source_hash text,
    attribution text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    closed_at timestamp(3) with time zone,
    other_names_key text,
    possible_duplicate_of uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT businesses_not_duplicate_of_itself CHECK ((possible_duplicate_of <> id))
);

ALTER TABLE ONLY business.businesses FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE businesses; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.businesses IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';


--
-- Name: invitations; Type: TABLE; Schema: business; Owner: -
--

CREATE TABLE business.invitations (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    email text NOT NULL,
    role business.member_role NOT NULL,
    token_hash bytea NOT NULL,
    invited_by uuid,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    accepted_at timestamp(3) with time zone,
    revoked_at timestamp(3) with time zone,
    CONSTRAINT invitations_accepted_or_revoked CHECK ((num_nonnulls(accepted_at, revoked_at) < 2)),
    CONSTRAINT invitations_email_lower_case CHECK ((email = lower(email))),
    CONSTRAINT invitations_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT invitations_token_hash_length CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY business.invitations FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE invitations; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.invitations IS 'An offer of membership to an e-mail address. Only the SHA-256 of its token is kept.';


--
-- Name: locations; Type: TABLE; Schema: business; Owner: -
--

CREATE TABLE business.locations (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    street text,
    city text,
    country_code text,
    time_zone text NOT NULL,
    weekly_hours int4multirange,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    hours_text text,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT locations_country_code_form CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT locations_latitude_in_range CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT locations_longitude_in_range CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT locations_time_zone_known CHECK (business.is_time_zone(time_zone)),
    CONSTRAINT locations_weekly_hours_in_week CHECK ((weekly_hours <@ '{[0,10080)}'::int4multirange))
);

ALTER TABLE ONLY business.locations FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE locations; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.locations IS 'A branch. `weeklyHours` holds minutes of the local week, Monday 00:00 = 0, Sunday 24:00 = 10080; NULL where unknown. `hoursText` is how the source wrote them.';


--
-- Name: members; Type: TABLE; Schema: business; Owner: -
--

CREATE TABLE business.members (
    business_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role business.member_role NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY business.members FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE members; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.members IS 'Who works for a business. A redeemer may redeem at the counter, a manager may change offers, an owner everything.';


--
-- Name: public_locations; Type: VIEW; Schema: business; Owner: -
--

CREATE VIEW business.public_locations WITH (security_invoker='true') AS
 SELECT location.id,
    location.business_id,
    location.latitude,
    location.longitude,
    location.street,
    location.city,
    location.country_code,
    location.time_zone,
    location.weekly_hours,
    location.hours_text
   FROM (business.locations location
     JOIN business.businesses business ON ((business.id = location.business_id)))
  WHERE ((location.deleted_at IS NULL) AND (business.deleted_at IS NULL) AND (business.closed_at IS NULL) AND (business.status = 'verified'::business.business_status));


--
-- Name: special_days; Type: TABLE; Schema: business; Owner: -
--

CREATE TABLE business.special_days (
    location_id uuid NOT NULL,
    day date NOT NULL,
    hours int4multirange NOT NULL,
    note text,
    CONSTRAINT special_days_hours_in_day CHECK ((hours <@ '{[0,1440)}'::int4multirange))
);

ALTER TABLE ONLY business.special_days FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE special_days; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.special_days IS 'What replaces the weekly hours on one local date: minutes of that day, 0 to 1440; empty means closed all day.';


--
-- Name: categories; Type: TABLE; Schema: catalog; Owner: -
--

CREATE TABLE catalog.categories (
    id uuid NOT NULL,
    parent_id uuid,
    slug text NOT NULL,
    path uuid[] DEFAULT ARRAY[]::uuid[],
    "position" integer DEFAULT 0 NOT NULL,
    name_key text NOT NULL,
    source_language text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone
);


--
-- Name: TABLE categories; Type: COMMENT; Schema: catalog; Owner: -
--

COMMENT ON TABLE catalog.categories IS 'A node of the category tree. `path` holds the ids from the top to the node itself and is kept by a trigger.';


--
-- Name: currencies; Type: TABLE; Schema: catalog; Owner: -
--

CREATE TABLE catalog.currencies (
    code text NOT NULL,
    exponent smallint NOT NULL,
    CONSTRAINT currencies_code_form CHECK ((code ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT currencies_exponent_in_range CHECK (((exponent >= 0) AND (exponent <= 4)))
);


--
-- Name: TABLE currencies; Type: COMMENT; Schema: catalog; Owner: -
--

COMMENT ON TABLE catalog.currencies IS 'An ISO 4217 currency. `exponent` is the number of decimals of its minor unit: an amount of 1050 minor units is 10.50 where it is 2, and 1050 where it is 0.';


--
-- Name: markets; Type: TABLE; Schema: catalog; Owner: -
--

CREATE TABLE catalog.markets (
    country_code text NOT NULL,
    currency_code text NOT NULL,
    default_language text NOT NULL,
    required_languages text[],
    CONSTRAINT markets_country_code_form CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT markets_required_languages_not_empty CHECK ((cardinality(required_languages) > 0))
);


--
-- Name: TABLE markets; Type: COMMENT; Schema: catalog; Owner: -
--

COMMENT ON TABLE catalog.markets IS 'A country that offers are published in, and the languages that they must have there.';


--
-- Name: languages; Type: TABLE; Schema: i18n; Owner: -
--

CREATE TABLE i18n.languages (
    code text NOT NULL,
    name text NOT NULL,
    english_name text NOT NULL,
    direction i18n.text_direction DEFAULT 'ltr'::i18n.text_direction NOT NULL,
    fallback_code text,
    chain text[],
    match_length integer NOT NULL,
    text_search_config text DEFAULT 'simple'::text NOT NULL,
    is_active boolean DEFAULT false NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    CONSTRAINT languages_chain_begins_with_code CHECK ((chain[1] = code)),
    CONSTRAINT languages_match_length_within_chain CHECK (((match_length >= 1) AND (match_length <= cardinality(chain))))
);


--
-- Name: TABLE languages; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON TABLE i18n.languages IS 'A language content can be written in. `chain` is what a reader of this language alone is shown, in order; it is computed by `languageChainOf` of @pika/shared and stored so that SQL can apply it.';


--
-- Name: translations; Type: TABLE; Schema: i18n; Owner: -
--

CREATE TABLE i18n.translations (
    key text NOT NULL,
    language_code text NOT NULL,
    value text NOT NULL,
    domain text NOT NULL,
    verified boolean DEFAULT false NOT NULL,
    source_hash text,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT translations_domain_known CHECK ((domain = ANY (ARRAY['category'::text, 'business'::text, 'voucher'::text]))),
    CONSTRAINT translations_value_not_empty CHECK ((value <> ''::text))
);


--
-- Name: TABLE translations; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON TABLE i18n.translations IS 'One text in one language. Entities hold keys, never texts.';


--
-- Name: COLUMN translations.source_hash; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON COLUMN i18n.translations.source_hash IS 'SHA-256 of the source text that was translated: another one there now means that this is stale.';


--
-- Name: api_keys; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.api_keys (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    created_by uuid,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[],
    allowed_origins text[] DEFAULT ARRAY[]::text[],
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone,
    revoked_at timestamp(3) with time zone,
    CONSTRAINT api_keys_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_name_not_empty CHECK ((name <> ''::text)),
    CONSTRAINT api_keys_prefix_form CHECK ((prefix ~ '^pika_[a-z0-9]{8,16}$'::text)),
    CONSTRAINT api_keys_scopes_not_empty CHECK ((cardinality(scopes) > 0)),
    CONSTRAINT api_keys_secret_hash_length CHECK ((octet_length(secret_hash) = 32))
);

ALTER TABLE ONLY identity.api_keys FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE api_keys; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.api_keys IS 'A secret of a business''s own programs, shown once. `prefix` is its public beginning, by which it is found.';


--
-- Name: COLUMN api_keys.secret_hash; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.api_keys.secret_hash IS 'SHA-256; the secret has 256 bits of its own.';


--
-- Name: backup_codes; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.backup_codes (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    used_at timestamp(3) with time zone,
    CONSTRAINT backup_codes_code_hash_length CHECK ((octet_length(code_hash) = 32))
);

ALTER TABLE ONLY identity.backup_codes FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE backup_codes; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.backup_codes IS 'Ten codes for who lost the second factor, each good once.';


--
-- Name: credentials; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.credentials (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    password_changed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    email_verified_at timestamp(3) with time zone,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT credentials_password_hash_form CHECK ((password_hash ~~ '$argon2id$%'::text))
);

ALTER TABLE ONLY identity.credentials FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE credentials; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.credentials IS 'How a person logs in. `emailVerifiedAt` is NULL until the link was followed.';


--
-- Name: COLUMN credentials.password_hash; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.credentials.password_hash IS 'argon2id in PHC string format.';


--
-- Name: email_links; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.email_links (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    purpose identity.email_link_purpose NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    used_at timestamp(3) with time zone,
    CONSTRAINT email_links_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT email_links_token_hash_length CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY identity.email_links FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE email_links; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.email_links IS 'A link that was sent by e-mail and works once. Only the SHA-256 of its token is kept.';


--
-- Name: refresh_tokens; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.refresh_tokens (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    rotated_at timestamp(3) with time zone,
    successor_id uuid,
    CONSTRAINT refresh_tokens_expire_later CHECK ((expires_at > issued_at)),
    CONSTRAINT refresh_tokens_not_own_successor CHECK ((successor_id <> id)),
    CONSTRAINT refresh_tokens_successor_of_rotated CHECK (((successor_id IS NULL) OR (rotated_at IS NOT NULL))),
    CONSTRAINT refresh_tokens_token_hash_length CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY identity.refresh_tokens FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE refresh_tokens; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.refresh_tokens IS '`successorId` is the token it was exchanged for; a second exchange later than the grace revokes the session.';


--
-- Name: role_grants; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.role_grants (
    user_id uuid NOT NULL,
    role identity.platform_role NOT NULL,
    granted_by uuid,
    granted_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY identity.role_grants FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE role_grants; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.role_grants IS 'What a person may do beyond being a consumer; membership of businesses is `business.members`.';


--
-- Name: sessions; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_agent text,
    client_address inet,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_used_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    revoked_at timestamp(3) with time zone,
    revoke_reason text,
    CONSTRAINT sessions_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_revoked_with_reason CHECK (((revoked_at IS NULL) = (revoke_reason IS NULL)))
);

ALTER TABLE ONLY identity.sessions FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE sessions; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.sessions IS 'One device that is logged in: the family of its refresh tokens.';


--
-- Name: signing_keys; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.signing_keys (
    kid text NOT NULL,
    algorithm text NOT NULL,
    public_jwk jsonb NOT NULL,
    encrypted_private_key bytea NOT NULL,
    published_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    active_from timestamp(3) with time zone NOT NULL,
    retires_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT signing_keys_algorithm_known CHECK ((algorithm = 'EdDSA'::text)),
    CONSTRAINT signing_keys_public_jwk_is_public CHECK (((jsonb_typeof(public_jwk) = 'object'::text) AND (NOT (public_jwk ? 'd'::text)))),
    CONSTRAINT signing_keys_times_in_order CHECK (((published_at <= active_from) AND (active_from < retires_at)))
);


--
-- Name: TABLE signing_keys; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.signing_keys IS 'Keys that sign access tokens. Verifiers accept a key from `publishedAt` on, tokens are signed with it from `activeFrom` on, and it is forgotten after `retiresAt`.';


--
-- Name: COLUMN signing_keys.encrypted_private_key; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.signing_keys.encrypted_private_key IS 'AES-256-GCM under a key from the environment.';


--
-- Name: totp_factors; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.totp_factors (
    user_id uuid NOT NULL,
    encrypted_secret bytea NOT NULL,
    last_used_step bigint,
    confirmed_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY identity.totp_factors FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE totp_factors; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.totp_factors IS 'The second factor of a person (RFC 6238). `lastUsedStep` refuses a code that was used already.';


--
-- Name: COLUMN totp_factors.encrypted_secret; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.totp_factors.encrypted_secret IS 'AES-256-GCM under a key from the environment.';


--
-- Name: attempts; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.attempts (
    id uuid NOT NULL,
    voucher_id uuid,
    business_id uuid,
    location_id uuid,
    user_id uuid,
    staff_id uuid,
    channel marketplace.channel NOT NULL,
    violations text[],
    latitude double precision,
    longitude double precision,
    device text,
    request_id text,
    attempted_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT attempts_latitude_in_range CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT attempts_longitude_in_range CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT attempts_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL)))
);

ALTER TABLE ONLY marketplace.attempts FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE attempts; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.attempts IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';


--
-- Name: campaign_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.campaign_counters (
    campaign_id uuid NOT NULL,
    limit_total integer,
    budget_minor bigint,
    used_count integer DEFAULT 0 NOT NULL,
    discount_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT campaign_counters_discount_within_budget CHECK (((discount_minor >= 0) AND ((discount_minor <= budget_minor) IS NOT FALSE))),
    CONSTRAINT campaign_counters_used_count_within_limit CHECK (((used_count >= 0) AND ((used_count <= limit_total) IS NOT FALSE)))
);

ALTER TABLE ONLY marketplace.campaign_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE campaign_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.campaign_counters IS 'How much of a campaign''s limits its vouchers have used together.';


--
-- Name: COLUMN campaign_counters.limit_total; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.campaign_counters.limit_total IS 'Copied from the campaign, so that the row alone can refuse.';


--
-- Name: campaigns; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.campaigns (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    name text NOT NULL,
    starts_at timestamp(3) with time zone,
    ends_at timestamp(3) with time zone,
    limit_total integer,
    limit_per_user integer,
    budget_minor bigint,
    currency text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    CONSTRAINT campaigns_budget_positive CHECK ((budget_minor > 0)),
    CONSTRAINT campaigns_currency_with_budget CHECK (((currency IS NULL) = (budget_minor IS NULL))),
    CONSTRAINT campaigns_limits_positive CHECK ((((limit_total > 0) IS NOT FALSE) AND ((limit_per_user > 0) IS NOT FALSE))),
    CONSTRAINT campaigns_name_not_empty CHECK ((name <> ''::text)),
    CONSTRAINT campaigns_times_in_order CHECK ((ends_at > starts_at))
);

ALTER TABLE ONLY marketplace.campaigns FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE campaigns; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.campaigns IS 'Vouchers that share limits. `startsAt` is inclusive, `endsAt` is not.';


--
-- Name: claims; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.claims (
    id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    user_id uuid NOT NULL,
    source_id text DEFAULT ''::text NOT NULL,
    state marketplace.claim_state DEFAULT 'active'::marketplace.claim_state NOT NULL,
    claimed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT claims_expire_later CHECK ((expires_at > claimed_at))
);

ALTER TABLE ONLY marketplace.claims FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE claims; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.claims IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed.';


--
-- Name: holds; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.holds (
    id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    claim_id uuid,
    user_id uuid NOT NULL,
    key text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    released_at timestamp(3) with time zone,
    CONSTRAINT holds_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT holds_key_not_empty CHECK ((key <> ''::text))
);

ALTER TABLE ONLY marketplace.holds FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE holds; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.holds IS 'A short reservation. It counts until `expiresAt`, whether or not anybody has swept it away.';


--
-- Name: location_day_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.location_day_counters (
    voucher_id uuid NOT NULL,
    location_id uuid NOT NULL,
    day date NOT NULL,
    used_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT location_day_counters_used_count_not_negative CHECK ((used_count >= 0))
);

ALTER TABLE ONLY marketplace.location_day_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE location_day_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.location_day_counters IS 'How often a voucher was redeemed at a location on its local day.';


--
-- Name: redemptions; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.redemptions (
    id uuid NOT NULL,
    kind marketplace.redemption_kind DEFAULT 'redemption'::marketplace.redemption_kind NOT NULL,
    reverses_id uuid,
    voucher_id uuid NOT NULL,
    business_id uuid NOT NULL,
    location_id uuid,
    claim_id uuid,
    code_id uuid,
    user_id uuid,
    staff_id uuid,
    channel marketplace.channel NOT NULL,
    local_day date NOT NULL,
    discount_minor bigint DEFAULT 0 NOT NULL,
    currency text,
    request_id text,
    redeemed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT redemptions_currency_with_discount CHECK (((discount_minor = 0) OR (currency IS NOT NULL))),
    CONSTRAINT redemptions_discount_sign CHECK (
CASE kind
    WHEN 'rollback'::marketplace.redemption_kind THEN (discount_minor <= 0)
    ELSE (discount_minor >= 0)
END),
    CONSTRAINT redemptions_rollback_reverses CHECK (((kind = 'rollback'::marketplace.redemption_kind) = (reverses_id IS NOT NULL)))
);

ALTER TABLE ONLY marketplace.redemptions FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE redemptions; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.redemptions IS 'The ledger: one row for each redemption, and one more that reverses it where it was rolled back. Rows are never changed. `userId` is whose limits it counted against, `staffId` who scanned; `localDay` is the date at the location.';


--
-- Name: COLUMN redemptions.discount_minor; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.discount_minor IS 'Negative in a rollback.';


--
-- Name: search_words; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.search_words (
    language_code text NOT NULL,
    word text NOT NULL,
    frequency real DEFAULT 0 NOT NULL
);


--
-- Name: TABLE search_words; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.search_words IS 'The words that cards contain, for spelling correction; `frequency` is the part of all cards that hold the word, 0 for all but the commonest.';


--
-- Name: stale_vouchers; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.stale_vouchers (
    voucher_id uuid NOT NULL,
    queued_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: TABLE stale_vouchers; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.stale_vouchers IS 'Vouchers whose cards wait to be recomputed, because one change touched too many of them for one request.';


--
-- Name: user_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.user_counters (
    voucher_id uuid NOT NULL,
    user_id uuid NOT NULL,
    used_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT user_counters_used_count_not_negative CHECK ((used_count >= 0))
);

ALTER TABLE ONLY marketplace.user_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE user_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.user_counters IS 'How often a person has redeemed a voucher.';


--
-- Name: user_day_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.user_day_counters (
    voucher_id uuid NOT NULL,
    user_id uuid NOT NULL,
    day date NOT NULL,
    used_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT user_day_counters_used_count_not_negative CHECK ((used_count >= 0))
);

ALTER TABLE ONLY marketplace.user_day_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE user_day_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.user_day_counters IS 'How often a person has redeemed a voucher on a local day.';


--
-- Name: voucher_codes; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.voucher_codes (
    id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    kind marketplace.code_kind NOT NULL,
    code text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    revoked_at timestamp(3) with time zone,
    CONSTRAINT voucher_codes_code_form CHECK ((code ~ '^[A-Za-z0-9-]{6,64}$'::text))
);

ALTER TABLE ONLY marketplace.voucher_codes FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE voucher_codes; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.voucher_codes IS 'What is shown or typed at the counter to redeem a voucher that nobody has claimed.';


--
-- Name: voucher_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.voucher_counters (
    voucher_id uuid NOT NULL,
    limit_total integer,
    budget_minor bigint,
    used_count integer DEFAULT 0 NOT NULL,
    discount_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT voucher_counters_discount_within_budget CHECK (((discount_minor >= 0) AND ((discount_minor <= budget_minor) IS NOT FALSE))),
    CONSTRAINT voucher_counters_used_count_within_limit CHECK (((used_count >= 0) AND ((used_count <= limit_total) IS NOT FALSE)))
);

ALTER TABLE ONLY marketplace.voucher_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE voucher_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.voucher_counters IS 'How much of a voucher''s limits is used. `usedCount` can never pass `limitTotal`, whoever asks.';


--
-- Name: COLUMN voucher_counters.limit_total; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.voucher_counters.limit_total IS 'Copied from the voucher, so that the row alone can refuse.';


--
-- Name: voucher_locations; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.voucher_locations (
    voucher_id uuid NOT NULL,
    location_id uuid NOT NULL
);

ALTER TABLE ONLY marketplace.voucher_locations FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE voucher_locations; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.voucher_locations IS 'Where a voucher can be redeemed.';


--
-- Name: vouchers; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.vouchers (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    category_id uuid NOT NULL,
    title_key text NOT NULL,
    description_key text NOT NULL,
    terms_key text NOT NULL,
    source_language text NOT NULL,
    state marketplace.voucher_state DEFAULT 'draft'::marketplace.voucher_state NOT NULL,
    discount_type marketplace.discount_type NOT NULL,
    percent_off numeric(5,2),
    percent_cap_minor bigint,
    amount_off_minor bigint,
    free_item_quantity integer,
    fixed_price_minor bigint,
    gift_balance_minor bigint,
    currency text,
    valid_from date NOT NULL,
    valid_until date,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    budget_minor bigint,
    campaign_id uuid,
    geofence_meters integer,
    limit_per_location_day integer,
    limit_per_user integer,
    limit_per_user_day integer,
    limit_total integer,
    redeemable_hours int4multirange,
    rollback_window_minutes integer DEFAULT 1440 NOT NULL,
    stacking_group text,
    valid_days_after_claim integer,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT vouchers_budget_positive CHECK ((budget_minor > 0)),
    CONSTRAINT vouchers_cap_only_for_percentage CHECK (((percent_cap_minor IS NULL) OR ((discount_type = 'percentage'::marketplace.discount_type) AND (percent_cap_minor > 0)))),
    CONSTRAINT vouchers_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT vouchers_currency_with_amount CHECK (((currency IS NOT NULL) = (num_nonnulls(percent_cap_minor, amount_off_minor, fixed_price_minor, gift_balance_minor, budget_minor) > 0))),
    CONSTRAINT vouchers_geofence_meters_positive CHECK ((geofence_meters > 0)),
    CONSTRAINT vouchers_limits_positive CHECK ((((limit_total > 0) IS NOT FALSE) AND ((limit_per_user > 0) IS NOT FALSE) AND ((limit_per_user_day > 0) IS NOT FALSE) AND ((limit_per_location_day > 0) IS NOT FALSE))),
    CONSTRAINT vouchers_one_value_per_type CHECK (((num_nonnulls(percent_off, amount_off_minor, free_item_quantity, fixed_price_minor, gift_balance_minor) = 1) AND (
CASE discount_type
    WHEN 'percentage'::marketplace.discount_type THEN ((percent_off > (0)::numeric) AND (percent_off <= (100)::numeric))
    WHEN 'fixed_amount'::marketplace.discount_type THEN (amount_off_minor > 0)
    WHEN 'free_item'::marketplace.discount_type THEN (free_item_quantity > 0)
    WHEN 'fixed_price'::marketplace.discount_type THEN (fixed_price_minor >= 0)
    WHEN 'gift_balance'::marketplace.discount_type THEN (gift_balance_minor > 0)
    ELSE NULL::boolean
END IS TRUE))),
    CONSTRAINT vouchers_redeemable_hours_in_week CHECK ((redeemable_hours <@ '{[0,10080)}'::int4multirange)),
    CONSTRAINT vouchers_rollback_window_not_negative CHECK ((rollback_window_minutes >= 0)),
    CONSTRAINT vouchers_stacking_group_not_empty CHECK ((stacking_group <> ''::text)),
    CONSTRAINT vouchers_valid_days_after_claim_positive CHECK ((valid_days_after_claim > 0)),
    CONSTRAINT vouchers_validity_in_order CHECK ((valid_until >= valid_from))
);

ALTER TABLE ONLY marketplace.vouchers FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE vouchers; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.vouchers IS 'An offer. Exactly one value column is set, the one of its discount type. Amounts are minor units of `currency`. `validFrom` and `validUntil` are local dates at the redeeming location; `validUntil` is inclusive.';


--
-- Name: COLUMN vouchers.valid_until; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.valid_until IS 'Inclusive.';


--
-- Name: COLUMN vouchers.budget_minor; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.budget_minor IS 'Sum of discounts at most, in minor units of the currency.';


--
-- Name: COLUMN vouchers.redeemable_hours; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.redeemable_hours IS 'Minutes of the local week, as business.locations.weekly_hours; NULL: always.';


--
-- Name: COLUMN vouchers.stacking_group; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.stacking_group IS 'Vouchers of one group may be combined; NULL: this one stands alone.';


--
-- Name: COLUMN vouchers.valid_days_after_claim; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.valid_days_after_claim IS 'Days a claim lives from the moment it was made; NULL: as long as the voucher.';


--
-- Name: COLUMN vouchers.version; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.version IS 'Moves by one at each update: the ETag.';


--
-- Name: data_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.data_migrations (
    name text NOT NULL,
    cursor jsonb,
    rows_done bigint DEFAULT 0 NOT NULL,
    started_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    finished_at timestamp(3) with time zone,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT data_migrations_finished_without_cursor CHECK (((finished_at IS NULL) OR (cursor IS NULL))),
    CONSTRAINT data_migrations_rows_done_not_negative CHECK ((rows_done >= 0))
);


--
-- Name: TABLE data_migrations; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.data_migrations IS 'How far the data.sql of each migration has come; a batch and its line here are one transaction.';


--
-- Name: COLUMN data_migrations.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.data_migrations.name IS 'The folder of the migration.';


--
-- Name: COLUMN data_migrations.cursor; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.data_migrations.cursor IS 'What the last batch answered and the next one is given; NULL before the first and after the last.';


--
-- Name: COLUMN data_migrations.rows_done; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.data_migrations.rows_done IS 'Rows of all batches so far, as data.sql counts them.';


--
-- Name: COLUMN data_migrations.finished_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.data_migrations.finished_at IS 'When a batch answered no cursor; later migrations wait for that.';


--
-- Name: login_attempts; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.login_attempts (
    id uuid NOT NULL,
    email_hash bytea NOT NULL,
    client_address inet NOT NULL,
    outcome security.login_outcome NOT NULL,
    attempted_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT login_attempts_email_hash_length CHECK ((octet_length(email_hash) = 32))
);


--
-- Name: TABLE login_attempts; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON TABLE security.login_attempts IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';


--
-- Name: COLUMN login_attempts.email_hash; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON COLUMN security.login_attempts.email_hash IS 'HMAC-SHA-256 under a key from the environment.';


--
-- Name: addresses; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.addresses (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    label text NOT NULL,
    street text,
    city text,
    postal_code text,
    country_code text NOT NULL,
    latitude double precision,
    longitude double precision,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    CONSTRAINT addresses_country_code_form CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT addresses_label_not_empty CHECK ((label <> ''::text)),
    CONSTRAINT addresses_latitude_in_range CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT addresses_longitude_in_range CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT addresses_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL)))
);

ALTER TABLE ONLY users.addresses FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE addresses; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON TABLE users.addresses IS 'Where a person lives or works, in their own words; the position is theirs to give.';


--
-- Name: preferences; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.preferences (
    user_id uuid NOT NULL,
    email_activity boolean DEFAULT true NOT NULL,
    email_offers boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY users.preferences FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE preferences; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON TABLE users.preferences IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';


--
-- Name: users; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.users (
    id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    language_code text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp(3) with time zone,
    state users.user_state DEFAULT 'active'::users.user_state NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT users_email_lower_case CHECK ((email = lower(email)))
);

ALTER TABLE ONLY users.users FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE users; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON TABLE users.users IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';


--
-- Name: COLUMN users.email; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON COLUMN users.users.email IS 'In lower case.';


--
-- Name: COLUMN users.version; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON COLUMN users.users.version IS 'Moves by one at each update: the ETag.';


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: businesses businesses_pkey; Type: CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.businesses
    ADD CONSTRAINT businesses_pkey PRIMARY KEY (id);


--
-- Name: invitations invitations_pkey; Type: CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);


--
-- Name: locations locations_pkey; Type: CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (id);


--
-- Name: members members_pkey; Type: CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (business_id, user_id);


--
-- Name: special_days special_days_pkey; Type: CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.special_days
    ADD CONSTRAINT special_days_pkey PRIMARY KEY (location_id, day);


--
-- Name: categories categories_pkey; Type: CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);


--
-- Name: currencies currencies_pkey; Type: CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.currencies
    ADD CONSTRAINT currencies_pkey PRIMARY KEY (code);


--
-- Name: markets markets_pkey; Type: CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.markets
    ADD CONSTRAINT markets_pkey PRIMARY KEY (country_code);


--
-- Name: languages languages_pkey; Type: CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.languages
    ADD CONSTRAINT languages_pkey PRIMARY KEY (code);


--
-- Name: translations translations_pkey; Type: CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.translations
    ADD CONSTRAINT translations_pkey PRIMARY KEY (key, language_code);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: backup_codes backup_codes_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.backup_codes
    ADD CONSTRAINT backup_codes_pkey PRIMARY KEY (id);


--
-- Name: credentials credentials_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (user_id);


--
-- Name: email_links email_links_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.email_links
    ADD CONSTRAINT email_links_pkey PRIMARY KEY (id);


--
-- Name: refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id);


--
-- Name: role_grants role_grants_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.role_grants
    ADD CONSTRAINT role_grants_pkey PRIMARY KEY (user_id, role);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);


--
-- Name: totp_factors totp_factors_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.totp_factors
    ADD CONSTRAINT totp_factors_pkey PRIMARY KEY (user_id);


--
-- Name: attempts attempts_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (id);


--
-- Name: campaign_counters campaign_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaign_counters
    ADD CONSTRAINT campaign_counters_pkey PRIMARY KEY (campaign_id);


--
-- Name: campaigns campaigns_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (id);


--
-- Name: cards cards_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.cards
    ADD CONSTRAINT cards_pkey PRIMARY KEY (location_id, voucher_id);


--
-- Name: claims claims_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (id);


--
-- Name: holds holds_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);


--
-- Name: location_day_counters location_day_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.location_day_counters
    ADD CONSTRAINT location_day_counters_pkey PRIMARY KEY (voucher_id, location_id, day);


--
-- Name: location_facets location_facets_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.location_facets
    ADD CONSTRAINT location_facets_pkey PRIMARY KEY (facet_id, location_id);


--
-- Name: redemptions redemptions_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_pkey PRIMARY KEY (id);


--
-- Name: search_words search_words_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (language_code, word);


--
-- Name: stale_vouchers stale_vouchers_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.stale_vouchers
    ADD CONSTRAINT stale_vouchers_pkey PRIMARY KEY (voucher_id);


--
-- Name: user_counters user_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.user_counters
    ADD CONSTRAINT user_counters_pkey PRIMARY KEY (user_id, voucher_id);


--
-- Name: user_day_counters user_day_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.user_day_counters
    ADD CONSTRAINT user_day_counters_pkey PRIMARY KEY (user_id, voucher_id, day);


--
-- Name: voucher_codes voucher_codes_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_codes
    ADD CONSTRAINT voucher_codes_pkey PRIMARY KEY (id);


--
-- Name: voucher_counters voucher_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_counters
    ADD CONSTRAINT voucher_counters_pkey PRIMARY KEY (voucher_id);


--
-- Name: voucher_locations voucher_locations_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_locations
    ADD CONSTRAINT voucher_locations_pkey PRIMARY KEY (voucher_id, location_id);


--
-- Name: vouchers vouchers_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_pkey PRIMARY KEY (id);


--
-- Name: data_migrations data_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.data_migrations
    ADD CONSTRAINT data_migrations_pkey PRIMARY KEY (name);


--
-- Name: login_attempts login_attempts_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.login_attempts
    ADD CONSTRAINT login_attempts_pkey PRIMARY KEY (id);


--
-- Name: addresses addresses_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.addresses
    ADD CONSTRAINT addresses_pkey PRIMARY KEY (id);


--
-- Name: preferences preferences_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.preferences
    ADD CONSTRAINT preferences_pkey PRIMARY KEY (user_id);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: events_business_id_occurred_at_idx; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX events_business_id_occurred_at_idx ON analytics.events USING btree (business_id, occurred_at);


--
-- Name: events_voucher_id_type_occurred_at_idx; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX events_voucher_id_type_occurred_at_idx ON analytics.events USING btree (voucher_id, type, occurred_at);


--
-- Name: businesses_category_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_category_id_idx ON business.businesses USING btree (category_id);


--
-- Name: businesses_description_key_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX businesses_description_key_key ON business.businesses USING btree (description_key);


--
-- Name: businesses_living_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_living_idx ON business.businesses USING btree (owner_id, id) WHERE (deleted_at IS NULL);


--
-- Name: businesses_name_key_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX businesses_name_key_key ON business.businesses USING btree (name_key);


--
-- Name: businesses_other_names_key_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX businesses_other_names_key_key ON business.businesses USING btree (other_names_key);


--
-- Name: businesses_owner_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_owner_id_idx ON business.businesses USING btree (owner_id);


--
-- Name: businesses_possible_duplicate_of_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_possible_duplicate_of_idx ON business.businesses USING btree (possible_duplicate_of) WHERE (possible_duplicate_of IS NOT NULL);


--
-- Name: businesses_source_id_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX businesses_source_id_key ON business.businesses USING btree (source_id);


--
-- Name: businesses_source_language_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_source_language_idx ON business.businesses USING btree (source_language);


--
-- Name: invitations_business_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX invitations_business_id_idx ON business.invitations USING btree (business_id);


--
-- Name: invitations_token_hash_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX invitations_token_hash_key ON business.invitations USING btree (token_hash);


--
-- Name: locations_business_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX locations_business_id_idx ON business.locations USING btree (business_id);


--
-- Name: locations_living_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX locations_living_idx ON business.locations USING btree (business_id, id) WHERE (deleted_at IS NULL);


--
-- Name: locations_position_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX locations_position_idx ON business.locations USING gist (point(longitude, latitude));


--
-- Name: members_user_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX members_user_id_idx ON business.members USING btree (user_id);


--
-- Name: categories_name_key_key; Type: INDEX; Schema: catalog; Owner: -
--

CREATE UNIQUE INDEX categories_name_key_key ON catalog.categories USING btree (name_key);


--
-- Name: categories_parent_id_position_idx; Type: INDEX; Schema: catalog; Owner: -
--

CREATE INDEX categories_parent_id_position_idx ON catalog.categories USING btree (parent_id, "position");


--
-- Name: categories_path_idx; Type: INDEX; Schema: catalog; Owner: -
--

CREATE INDEX categories_path_idx ON catalog.categories USING gin (path);


--
-- Name: categories_slug_key; Type: INDEX; Schema: catalog; Owner: -
--

CREATE UNIQUE INDEX categories_slug_key ON catalog.categories USING btree (slug);


--
-- Name: categories_source_language_idx; Type: INDEX; Schema: catalog; Owner: -
--

CREATE INDEX categories_source_language_idx ON catalog.categories USING btree (source_language);


--
-- Name: markets_currency_code_idx; Type: INDEX; Schema: catalog; Owner: -
--

CREATE INDEX markets_currency_code_idx ON catalog.markets USING btree (currency_code);


--
-- Name: markets_default_language_idx; Type: INDEX; Schema: catalog; Owner: -
--

CREATE INDEX markets_default_language_idx ON catalog.markets USING btree (default_language);


--
-- Name: languages_fallback_code_idx; Type: INDEX; Schema: i18n; Owner: -
--

CREATE INDEX languages_fallback_code_idx ON i18n.languages USING btree (fallback_code);


--
-- Name: languages_one_default_key; Type: INDEX; Schema: i18n; Owner: -
--

CREATE UNIQUE INDEX languages_one_default_key ON i18n.languages USING btree (is_default) WHERE is_default;


--
-- Name: translations_language_code_idx; Type: INDEX; Schema: i18n; Owner: -
--

CREATE INDEX translations_language_code_idx ON i18n.translations USING btree (language_code);


--
-- Name: api_keys_business_id_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX api_keys_business_id_idx ON identity.api_keys USING btree (business_id);


--
-- Name: api_keys_living_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX api_keys_living_idx ON identity.api_keys USING btree (business_id, id) WHERE (revoked_at IS NULL);


--
-- Name: api_keys_prefix_key; Type: INDEX; Schema: identity; Owner: -
--

CREATE UNIQUE INDEX api_keys_prefix_key ON identity.api_keys USING btree (prefix);


--
-- Name: backup_codes_user_id_code_hash_key; Type: INDEX; Schema: identity; Owner: -
--

CREATE UNIQUE INDEX backup_codes_user_id_code_hash_key ON identity.backup_codes USING btree (user_id, code_hash);


--
-- Name: email_links_expires_at_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX email_links_expires_at_idx ON identity.email_links USING btree (expires_at);


--
-- Name: email_links_token_hash_key; Type: INDEX; Schema: identity; Owner: -
--

CREATE UNIQUE INDEX email_links_token_hash_key ON identity.email_links USING btree (token_hash);


--
-- Name: email_links_user_id_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX email_links_user_id_idx ON identity.email_links USING btree (user_id);


--
-- Name: refresh_tokens_expires_at_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX refresh_tokens_expires_at_idx ON identity.refresh_tokens USING btree (expires_at);


--
-- Name: refresh_tokens_session_id_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX refresh_tokens_session_id_idx ON identity.refresh_tokens USING btree (session_id);


--
-- Name: refresh_tokens_successor_id_key; Type: INDEX; Schema: identity; Owner: -
--

CREATE UNIQUE INDEX refresh_tokens_successor_id_key ON identity.refresh_tokens USING btree (successor_id);


--
-- Name: refresh_tokens_token_hash_key; Type: INDEX; Schema: identity; Owner: -
--

CREATE UNIQUE INDEX refresh_tokens_token_hash_key ON identity.refresh_tokens USING btree (token_hash);


--
-- Name: sessions_living_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX sessions_living_idx ON identity.sessions USING btree (user_id, last_used_at) WHERE (revoked_at IS NULL);


--
-- Name: sessions_user_id_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX sessions_user_id_idx ON identity.sessions USING btree (user_id);


--
-- Name: attempts_business_id_attempted_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX attempts_business_id_attempted_at_idx ON marketplace.attempts USING btree (business_id, attempted_at);


--
-- Name: attempts_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX attempts_location_id_idx ON marketplace.attempts USING btree (location_id);


--
-- Name: attempts_user_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX attempts_user_id_idx ON marketplace.attempts USING btree (user_id);


--
-- Name: attempts_voucher_id_attempted_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX attempts_voucher_id_attempted_at_idx ON marketplace.attempts USING btree (voucher_id, attempted_at);


--
-- Name: campaigns_business_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX campaigns_business_id_idx ON marketplace.campaigns USING btree (business_id);


--
-- Name: campaigns_currency_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX campaigns_currency_idx ON marketplace.campaigns USING btree (currency);


--
-- Name: campaigns_living_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX campaigns_living_idx ON marketplace.campaigns USING btree (business_id, id) WHERE (deleted_at IS NULL);


--
-- Name: cards_expires_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX cards_expires_at_idx ON marketplace.cards USING btree (expires_at);


--
-- Name: cards_search_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX cards_search_idx ON marketplace.cards USING gin (search) WITH (gin_pending_list_limit='128');


--
-- Name: cards_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX cards_voucher_id_idx ON marketplace.cards USING btree (voucher_id);


--
-- Name: cards_walk_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX cards_walk_idx ON marketplace.cards USING btree (location_id, voucher_id, category_id, expires_at, is_sole);


--
-- Name: claims_active_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX claims_active_idx ON marketplace.claims USING btree (user_id, id) WHERE (state = 'active'::marketplace.claim_state);


--
-- Name: claims_user_id_voucher_id_source_id_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX claims_user_id_voucher_id_source_id_key ON marketplace.claims USING btree (user_id, voucher_id, source_id);


--
-- Name: claims_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX claims_voucher_id_idx ON marketplace.claims USING btree (voucher_id);


--
-- Name: holds_claim_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX holds_claim_id_idx ON marketplace.holds USING btree (claim_id);


--
-- Name: holds_counting_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX holds_counting_idx ON marketplace.holds USING btree (voucher_id, expires_at) WHERE (released_at IS NULL);


--
-- Name: holds_expires_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX holds_expires_at_idx ON marketplace.holds USING btree (expires_at);


--
-- Name: holds_user_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX holds_user_id_idx ON marketplace.holds USING btree (user_id);


--
-- Name: holds_voucher_id_key_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX holds_voucher_id_key_key ON marketplace.holds USING btree (voucher_id, key);


--
-- Name: location_day_counters_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX location_day_counters_location_id_idx ON marketplace.location_day_counters USING btree (location_id);


--
-- Name: location_facets_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX location_facets_location_id_idx ON marketplace.location_facets USING btree (location_id);


--
-- Name: location_facets_position_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX location_facets_position_idx ON marketplace.location_facets USING gist (facet_id, "position");


--
-- Name: redemptions_business_id_redeemed_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_business_id_redeemed_at_idx ON marketplace.redemptions USING btree (business_id, redeemed_at);


--
-- Name: redemptions_claim_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_claim_id_idx ON marketplace.redemptions USING btree (claim_id);


--
-- Name: redemptions_code_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_code_id_idx ON marketplace.redemptions USING btree (code_id);


--
-- Name: redemptions_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_location_id_idx ON marketplace.redemptions USING btree (location_id);


--
-- Name: redemptions_reverses_id_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX redemptions_reverses_id_key ON marketplace.redemptions USING btree (reverses_id);


--
-- Name: redemptions_user_id_redeemed_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_user_id_redeemed_at_idx ON marketplace.redemptions USING btree (user_id, redeemed_at);


--
-- Name: redemptions_voucher_id_redeemed_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_voucher_id_redeemed_at_idx ON marketplace.redemptions USING btree (voucher_id, redeemed_at);


--
-- Name: search_words_word_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX search_words_word_idx ON marketplace.search_words USING gin (word public.gin_trgm_ops);


--
-- Name: user_counters_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX user_counters_voucher_id_idx ON marketplace.user_counters USING btree (voucher_id);


--
-- Name: user_day_counters_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX user_day_counters_voucher_id_idx ON marketplace.user_day_counters USING btree (voucher_id);


--
-- Name: voucher_codes_code_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX voucher_codes_code_key ON marketplace.voucher_codes USING btree (code);


--
-- Name: voucher_codes_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX voucher_codes_voucher_id_idx ON marketplace.voucher_codes USING btree (voucher_id);


--
-- Name: voucher_locations_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX voucher_locations_location_id_idx ON marketplace.voucher_locations USING btree (location_id);


--
-- Name: vouchers_business_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_business_id_idx ON marketplace.vouchers USING btree (business_id);


--
-- Name: vouchers_campaign_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_campaign_id_idx ON marketplace.vouchers USING btree (campaign_id);


--
-- Name: vouchers_category_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_category_id_idx ON marketplace.vouchers USING btree (category_id);


--
-- Name: vouchers_currency_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_currency_idx ON marketplace.vouchers USING btree (currency);


--
-- Name: vouchers_description_key_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX vouchers_description_key_key ON marketplace.vouchers USING btree (description_key);


--
-- Name: vouchers_living_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_living_idx ON marketplace.vouchers USING btree (business_id, id) WHERE (deleted_at IS NULL);


--
-- Name: vouchers_source_language_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_source_language_idx ON marketplace.vouchers USING btree (source_language);


--
-- Name: vouchers_terms_key_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX vouchers_terms_key_key ON marketplace.vouchers USING btree (terms_key);


--
-- Name: vouchers_title_key_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX vouchers_title_key_key ON marketplace.vouchers USING btree (title_key);


--
-- Name: login_attempts_attempted_at_idx; Type: INDEX; Schema: security; Owner: -
--

CREATE INDEX login_attempts_attempted_at_idx ON security.login_attempts USING btree (attempted_at);


--
-- Name: login_attempts_client_address_attempted_at_idx; Type: INDEX; Schema: security; Owner: -
--

CREATE INDEX login_attempts_client_address_attempted_at_idx ON security.login_attempts USING btree (client_address, attempted_at);


--
-- Name: login_attempts_email_hash_attempted_at_idx; Type: INDEX; Schema: security; Owner: -
--

CREATE INDEX login_attempts_email_hash_attempted_at_idx ON security.login_attempts USING btree (email_hash, attempted_at);


--
-- Name: addresses_living_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX addresses_living_idx ON users.addresses USING btree (user_id, id) WHERE (deleted_at IS NULL);


--
-- Name: addresses_user_id_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX addresses_user_id_idx ON users.addresses USING btree (user_id);


--
-- Name: users_email_key; Type: INDEX; Schema: users; Owner: -
--

CREATE UNIQUE INDEX users_email_key ON users.users USING btree (email);


--
-- Name: users_language_code_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_language_code_idx ON users.users USING btree (language_code);


--
-- Name: businesses businesses_status_transition; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER businesses_status_transition BEFORE UPDATE OF status ON business.businesses FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION audit.check_transition('status', 'pending>verified', 'pending>suspended', 'verified>suspended', 'suspended>verified');


--
-- Name: businesses businesses_updated; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER businesses_updated AFTER UPDATE ON business.businesses REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();


--
-- Name: locations locations_updated; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER locations_updated AFTER UPDATE ON business.locations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_locations();


--
-- Name: businesses touch_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON business.businesses FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: locations touch_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON business.locations FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: members touch_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON business.members FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row();


--
-- Name: categories categories_path; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER categories_path BEFORE INSERT OR UPDATE OF parent_id ON catalog.categories FOR EACH ROW EXECUTE FUNCTION catalog.set_category_path();


--
-- Name: categories categories_updated; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER categories_updated AFTER UPDATE ON catalog.categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();


--
-- Name: categories touch_row; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON catalog.categories FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row();


--
-- Name: languages languages_deleted; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER languages_deleted AFTER DELETE ON i18n.languages REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();


--
-- Name: languages languages_inserted; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER languages_inserted AFTER INSERT ON i18n.languages REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();


--
-- Name: languages languages_updated; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER languages_updated AFTER UPDATE ON i18n.languages REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();


--
-- Name: translations touch_row; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON i18n.translations FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row();


--
-- Name: translations translations_deleted; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER translations_deleted AFTER DELETE ON i18n.translations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();


--
-- Name: translations translations_inserted; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER translations_inserted AFTER INSERT ON i18n.translations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();


--
-- Name: translations translations_updated; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER translations_updated AFTER UPDATE ON i18n.translations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();


--
-- Name: credentials touch_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON identity.credentials FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row();


--
-- Name: cards cards_deleted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER cards_deleted AFTER DELETE ON marketplace.cards REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();


--
-- Name: cards cards_inserted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER cards_inserted AFTER INSERT ON marketplace.cards REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();


--
-- Name: cards cards_updated; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER cards_updated AFTER UPDATE ON marketplace.cards REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();


--
-- Name: claims claims_state_transition; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER claims_state_transition BEFORE UPDATE OF state ON marketplace.claims FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active');


--
-- Name: campaigns touch_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON marketplace.campaigns FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: claims touch_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON marketplace.claims FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: vouchers touch_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON marketplace.vouchers FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: voucher_locations voucher_locations_deleted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER voucher_locations_deleted AFTER DELETE ON marketplace.voucher_locations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();


--
-- Name: voucher_locations voucher_locations_inserted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER voucher_locations_inserted AFTER INSERT ON marketplace.voucher_locations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();


--
-- Name: voucher_locations voucher_locations_updated; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER voucher_locations_updated AFTER UPDATE ON marketplace.voucher_locations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();


--
-- Name: vouchers vouchers_inserted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_inserted AFTER INSERT ON marketplace.vouchers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();


--
-- Name: vouchers vouchers_state_transition; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_state_transition BEFORE UPDATE OF state ON marketplace.vouchers FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'draft>published', 'draft>archived', 'published>suspended', 'published>expired', 'published>archived', 'suspended>published', 'suspended>expired', 'suspended>archived', 'expired>archived');


--
-- Name: vouchers vouchers_updated; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_updated AFTER UPDATE ON marketplace.vouchers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();


--
-- Name: addresses touch_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON users.addresses FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: preferences touch_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON users.preferences FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: users touch_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON users.users FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row('version');


--
-- Name: users users_state_transition; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER users_state_transition BEFORE UPDATE OF state ON users.users FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'active>suspended', 'suspended>active', 'active>erased', 'suspended>erased');


--
-- Name: businesses businesses_category_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.businesses
    ADD CONSTRAINT businesses_category_id_fkey FOREIGN KEY (category_id) REFERENCES catalog.categories(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: businesses businesses_owner_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.businesses
    ADD CONSTRAINT businesses_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: businesses businesses_possible_duplicate_of_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.businesses
    ADD CONSTRAINT businesses_possible_duplicate_of_fkey FOREIGN KEY (possible_duplicate_of) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: businesses businesses_source_language_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.businesses
    ADD CONSTRAINT businesses_source_language_fkey FOREIGN KEY (source_language) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: invitations invitations_business_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.invitations
    ADD CONSTRAINT invitations_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: locations locations_business_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.locations
    ADD CONSTRAINT locations_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: members members_business_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.members
    ADD CONSTRAINT members_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: members members_user_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.members
    ADD CONSTRAINT members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: special_days special_days_location_id_fkey; Type: FK CONSTRAINT; Schema: business; Owner: -
--

ALTER TABLE ONLY business.special_days
    ADD CONSTRAINT special_days_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: categories categories_parent_id_fkey; Type: FK CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.categories
    ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES catalog.categories(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: categories categories_source_language_fkey; Type: FK CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.categories
    ADD CONSTRAINT categories_source_language_fkey FOREIGN KEY (source_language) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: markets markets_currency_code_fkey; Type: FK CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.markets
    ADD CONSTRAINT markets_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES catalog.currencies(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: markets markets_default_language_fkey; Type: FK CONSTRAINT; Schema: catalog; Owner: -
--

ALTER TABLE ONLY catalog.markets
    ADD CONSTRAINT markets_default_language_fkey FOREIGN KEY (default_language) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: languages languages_fallback_code_fkey; Type: FK CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.languages
    ADD CONSTRAINT languages_fallback_code_fkey FOREIGN KEY (fallback_code) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: translations translations_language_code_fkey; Type: FK CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.translations
    ADD CONSTRAINT translations_language_code_fkey FOREIGN KEY (language_code) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: api_keys api_keys_business_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.api_keys
    ADD CONSTRAINT api_keys_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: backup_codes backup_codes_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.backup_codes
    ADD CONSTRAINT backup_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: credentials credentials_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.credentials
    ADD CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: email_links email_links_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.email_links
    ADD CONSTRAINT email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_session_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity.sessions(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_successor_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.refresh_tokens
    ADD CONSTRAINT refresh_tokens_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES identity.refresh_tokens(id) ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: role_grants role_grants_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.role_grants
    ADD CONSTRAINT role_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: totp_factors totp_factors_user_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.totp_factors
    ADD CONSTRAINT totp_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: attempts attempts_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.attempts
    ADD CONSTRAINT attempts_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: attempts attempts_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.attempts
    ADD CONSTRAINT attempts_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: campaign_counters campaign_counters_campaign_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaign_counters
    ADD CONSTRAINT campaign_counters_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES marketplace.campaigns(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: campaigns campaigns_business_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaigns
    ADD CONSTRAINT campaigns_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: campaigns campaigns_currency_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaigns
    ADD CONSTRAINT campaigns_currency_fkey FOREIGN KEY (currency) REFERENCES catalog.currencies(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: cards cards_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.cards
    ADD CONSTRAINT cards_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: cards cards_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.cards
    ADD CONSTRAINT cards_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: claims claims_user_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: claims claims_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: holds holds_claim_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.holds
    ADD CONSTRAINT holds_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES marketplace.claims(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: holds holds_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.holds
    ADD CONSTRAINT holds_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: location_day_counters location_day_counters_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.location_day_counters
    ADD CONSTRAINT location_day_counters_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: location_day_counters location_day_counters_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.location_day_counters
    ADD CONSTRAINT location_day_counters_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: location_facets location_facets_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.location_facets
    ADD CONSTRAINT location_facets_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: redemptions redemptions_claim_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES marketplace.claims(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: redemptions redemptions_code_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_code_id_fkey FOREIGN KEY (code_id) REFERENCES marketplace.voucher_codes(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: redemptions redemptions_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: redemptions redemptions_reverses_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_reverses_id_fkey FOREIGN KEY (reverses_id) REFERENCES marketplace.redemptions(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: redemptions redemptions_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: stale_vouchers stale_vouchers_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.stale_vouchers
    ADD CONSTRAINT stale_vouchers_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: user_counters user_counters_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.user_counters
    ADD CONSTRAINT user_counters_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: user_day_counters user_day_counters_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.user_day_counters
    ADD CONSTRAINT user_day_counters_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: voucher_codes voucher_codes_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_codes
    ADD CONSTRAINT voucher_codes_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: voucher_counters voucher_counters_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_counters
    ADD CONSTRAINT voucher_counters_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: voucher_locations voucher_locations_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_locations
    ADD CONSTRAINT voucher_locations_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: voucher_locations voucher_locations_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_locations
    ADD CONSTRAINT voucher_locations_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: vouchers vouchers_business_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: vouchers vouchers_campaign_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES marketplace.campaigns(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: vouchers vouchers_category_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_category_id_fkey FOREIGN KEY (category_id) REFERENCES catalog.categories(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: vouchers vouchers_currency_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_currency_fkey FOREIGN KEY (currency) REFERENCES catalog.currencies(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: vouchers vouchers_source_language_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.vouchers
    ADD CONSTRAINT vouchers_source_language_fkey FOREIGN KEY (source_language) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: addresses addresses_user_id_fkey; Type: FK CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.addresses
    ADD CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: preferences preferences_user_id_fkey; Type: FK CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.preferences
    ADD CONSTRAINT preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: users users_language_code_fkey; Type: FK CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_language_code_fkey FOREIGN KEY (language_code) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: events app_select; Type: POLICY; Schema: analytics; Owner: -
--

CREATE POLICY app_select ON analytics.events FOR SELECT TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: events; Type: ROW SECURITY; Schema: analytics; Owner: -
--

ALTER TABLE analytics.events ENABLE ROW LEVEL SECURITY;

--
-- Name: events owner_all; Type: POLICY; Schema: analytics; Owner: -
--

CREATE POLICY owner_all ON analytics.events TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: events support_select; Type: POLICY; Schema: analytics; Owner: -
--

CREATE POLICY support_select ON analytics.events FOR SELECT TO pika_support USING (true);


--
-- Name: members app_delete; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_delete ON business.members FOR DELETE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: special_days app_delete; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_delete ON business.special_days FOR DELETE TO pika_app USING ((EXISTS ( SELECT
   FROM business.locations l
  WHERE ((l.id = special_days.location_id) AND (l.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: businesses app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.businesses FOR INSERT TO pika_app WITH CHECK (((owner_id = ( SELECT security.current_user_id() AS current_user_id)) AND (status = 'pending'::business.business_status)));


--
-- Name: invitations app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.invitations FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: locations app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.locations FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: members app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.members FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: special_days app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.special_days FOR INSERT TO pika_app WITH CHECK ((EXISTS ( SELECT
   FROM business.locations l
  WHERE ((l.id = special_days.location_id) AND (l.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: businesses app_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_select ON business.businesses FOR SELECT TO pika_app USING ((((status = 'verified'::business.business_status) AND (deleted_at IS NULL)) OR (id = ( SELECT security.current_business_id() AS current_business_id)) OR (owner_id = ( SELECT security.current_user_id() AS current_user_id))));


--
-- Name: invitations app_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_select ON business.invitations FOR SELECT TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: locations app_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_select ON business.locations FOR SELECT TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) OR ((deleted_at IS NULL) AND (EXISTS ( SELECT
   FROM business.businesses b
  WHERE (b.id = locations.business_id))))));


--
-- Name: members app_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_select ON business.members FOR SELECT TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) OR (user_id = ( SELECT security.current_user_id() AS current_user_id))));


--
-- Name: special_days app_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_select ON business.special_days FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM business.locations l
  WHERE (l.id = special_days.location_id))));


--
-- Name: businesses app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.businesses FOR UPDATE TO pika_app USING ((id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: invitations app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.invitations FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: locations app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.locations FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: members app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.members FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: special_days app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.special_days FOR UPDATE TO pika_app USING ((EXISTS ( SELECT
   FROM business.locations l
  WHERE ((l.id = special_days.location_id) AND (l.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: businesses; Type: ROW SECURITY; Schema: business; Owner: -
--

ALTER TABLE business.businesses ENABLE ROW LEVEL SECURITY;

--
-- Name: invitations; Type: ROW SECURITY; Schema: business; Owner: -
--

ALTER TABLE business.invitations ENABLE ROW LEVEL SECURITY;

--
-- Name: locations; Type: ROW SECURITY; Schema: business; Owner: -
--

ALTER TABLE business.locations ENABLE ROW LEVEL SECURITY;

--
-- Name: members; Type: ROW SECURITY; Schema: business; Owner: -
--

ALTER TABLE business.members ENABLE ROW LEVEL SECURITY;

--
-- Name: businesses owner_all; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY owner_all ON business.businesses TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: invitations owner_all; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY owner_all ON business.invitations TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: locations owner_all; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY owner_all ON business.locations TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: members owner_all; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY owner_all ON business.members TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: special_days owner_all; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY owner_all ON business.special_days TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: businesses public_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY public_select ON business.businesses FOR SELECT TO pika_public USING (((status = 'verified'::business.business_status) AND (deleted_at IS NULL)));


--
-- Name: locations public_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY public_select ON business.locations FOR SELECT TO pika_public USING (((deleted_at IS NULL) AND (EXISTS ( SELECT
   FROM business.businesses b
  WHERE (b.id = locations.business_id)))));


--
-- Name: special_days public_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY public_select ON business.special_days FOR SELECT TO pika_public USING ((EXISTS ( SELECT
   FROM business.locations l
  WHERE (l.id = special_days.location_id))));


--
-- Name: special_days; Type: ROW SECURITY; Schema: business; Owner: -
--

ALTER TABLE business.special_days ENABLE ROW LEVEL SECURITY;

--
-- Name: businesses support_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_select ON business.businesses FOR SELECT TO pika_support USING (true);


--
-- Name: invitations support_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_select ON business.invitations FOR SELECT TO pika_support USING (true);


--
-- Name: locations support_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_select ON business.locations FOR SELECT TO pika_support USING (true);


--
-- Name: members support_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_select ON business.members FOR SELECT TO pika_support USING (true);


--
-- Name: special_days support_select; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_select ON business.special_days FOR SELECT TO pika_support USING (true);


--
-- Name: businesses support_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_update ON business.businesses FOR UPDATE TO pika_support USING (true);


--
-- Name: locations support_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY support_update ON business.locations FOR UPDATE TO pika_support USING (true);


--
-- Name: api_keys; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: backup_codes app_delete; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_delete ON identity.backup_codes FOR DELETE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: totp_factors app_delete; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_delete ON identity.totp_factors FOR DELETE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: api_keys app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.api_keys FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: backup_codes app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.backup_codes FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: credentials app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.credentials FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: email_links app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.email_links FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: refresh_tokens app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.refresh_tokens FOR INSERT TO pika_app WITH CHECK ((EXISTS ( SELECT
   FROM identity.sessions s
  WHERE ((s.id = refresh_tokens.session_id) AND (s.user_id = ( SELECT security.current_user_id() AS current_user_id))))));


--
-- Name: sessions app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.sessions FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: totp_factors app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.totp_factors FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: api_keys app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.api_keys FOR SELECT TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: backup_codes app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.backup_codes FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: credentials app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.credentials FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: email_links app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.email_links FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: refresh_tokens app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.refresh_tokens FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM identity.sessions s
  WHERE ((s.id = refresh_tokens.session_id) AND (s.user_id = ( SELECT security.current_user_id() AS current_user_id))))));


--
-- Name: role_grants app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.role_grants FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: sessions app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.sessions FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: totp_factors app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.totp_factors FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: api_keys app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.api_keys FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: backup_codes app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.backup_codes FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: credentials app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.credentials FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: email_links app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.email_links FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: refresh_tokens app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.refresh_tokens FOR UPDATE TO pika_app USING ((EXISTS ( SELECT
   FROM identity.sessions s
  WHERE ((s.id = refresh_tokens.session_id) AND (s.user_id = ( SELECT security.current_user_id() AS current_user_id))))));


--
-- Name: sessions app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.sessions FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: totp_factors app_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_update ON identity.totp_factors FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: backup_codes; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.backup_codes ENABLE ROW LEVEL SECURITY;

--
-- Name: credentials; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.credentials ENABLE ROW LEVEL SECURITY;

--
-- Name: email_links; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.email_links ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.api_keys TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: backup_codes owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.backup_codes TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: credentials owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.credentials TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: email_links owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.email_links TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: refresh_tokens owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.refresh_tokens TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: role_grants owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.role_grants TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: sessions owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.sessions TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: totp_factors owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.totp_factors TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: refresh_tokens; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.refresh_tokens ENABLE ROW LEVEL SECURITY;

--
-- Name: role_grants; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.role_grants ENABLE ROW LEVEL SECURITY;

--
-- Name: sessions; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.sessions ENABLE ROW LEVEL SECURITY;

--
-- Name: role_grants support_delete; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_delete ON identity.role_grants FOR DELETE TO pika_support USING (( SELECT security.has_role('admin'::text) AS has_role));


--
-- Name: role_grants support_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_insert ON identity.role_grants FOR INSERT TO pika_support WITH CHECK (( SELECT security.has_role('admin'::text) AS has_role));


--
-- Name: api_keys support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.api_keys FOR SELECT TO pika_support USING (true);


--
-- Name: role_grants support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.role_grants FOR SELECT TO pika_support USING (true);


--
-- Name: sessions support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.sessions FOR SELECT TO pika_support USING (true);


--
-- Name: api_keys support_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_update ON identity.api_keys FOR UPDATE TO pika_support USING (true);


--
-- Name: sessions support_update; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_update ON identity.sessions FOR UPDATE TO pika_support USING (true);


--
-- Name: totp_factors; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.totp_factors ENABLE ROW LEVEL SECURITY;

--
-- Name: voucher_locations app_delete; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_delete ON marketplace.voucher_locations FOR DELETE TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_locations.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: campaigns app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.campaigns FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: claims app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.claims FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: holds app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.holds FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: voucher_codes app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.voucher_codes FOR INSERT TO pika_app WITH CHECK ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_codes.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: voucher_locations app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.voucher_locations FOR INSERT TO pika_app WITH CHECK (((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_locations.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))) AND (EXISTS ( SELECT
   FROM business.locations l
  WHERE ((l.id = voucher_locations.location_id) AND (l.business_id = ( SELECT security.current_business_id() AS current_business_id)))))));


--
-- Name: vouchers app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.vouchers FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: attempts app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.attempts FOR SELECT TO pika_app USING (((user_id = ( SELECT security.current_user_id() AS current_user_id)) OR (business_id = ( SELECT security.current_business_id() AS current_business_id))));


--
-- Name: campaign_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.campaign_counters FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.campaigns c
  WHERE ((c.id = campaign_counters.campaign_id) AND (c.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: campaigns app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.campaigns FOR SELECT TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: claims app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.claims FOR SELECT TO pika_app USING (((user_id = ( SELECT security.current_user_id() AS current_user_id)) OR (EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = claims.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id)))))));


--
-- Name: holds app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.holds FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: location_day_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.location_day_counters FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = location_day_counters.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: redemptions app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.redemptions FOR SELECT TO pika_app USING (((user_id = ( SELECT security.current_user_id() AS current_user_id)) OR (business_id = ( SELECT security.current_business_id() AS current_business_id))));


--
-- Name: user_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.user_counters FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: user_day_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.user_day_counters FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: voucher_codes app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.voucher_codes FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_codes.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: voucher_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.voucher_counters FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_counters.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: voucher_locations app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.voucher_locations FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE (v.id = voucher_locations.voucher_id))));


--
-- Name: vouchers app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.vouchers FOR SELECT TO pika_app USING ((((state = 'published'::marketplace.voucher_state) AND (deleted_at IS NULL)) OR (business_id = ( SELECT security.current_business_id() AS current_business_id))));


--
-- Name: campaigns app_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_update ON marketplace.campaigns FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: claims app_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_update ON marketplace.claims FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: holds app_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_update ON marketplace.holds FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: voucher_codes app_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_update ON marketplace.voucher_codes FOR UPDATE TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = voucher_codes.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id))))));


--
-- Name: vouchers app_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_update ON marketplace.vouchers FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: attempts; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.attempts ENABLE ROW LEVEL SECURITY;

--
-- Name: campaign_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.campaign_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: campaigns; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.campaigns ENABLE ROW LEVEL SECURITY;

--
-- Name: claims; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.claims ENABLE ROW LEVEL SECURITY;

--
-- Name: holds; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.holds ENABLE ROW LEVEL SECURITY;

--
-- Name: location_day_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.location_day_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: attempts owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.attempts TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: campaign_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.campaign_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: campaigns owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.campaigns TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: claims owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.claims TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: holds owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.holds TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: location_day_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.location_day_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: redemptions owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.redemptions TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: user_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.user_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: user_day_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.user_day_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: voucher_codes owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.voucher_codes TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: voucher_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.voucher_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: voucher_locations owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.voucher_locations TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: vouchers owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.vouchers TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: voucher_locations public_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY public_select ON marketplace.voucher_locations FOR SELECT TO pika_public USING ((EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE (v.id = voucher_locations.voucher_id))));


--
-- Name: vouchers public_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY public_select ON marketplace.vouchers FOR SELECT TO pika_public USING (((state = 'published'::marketplace.voucher_state) AND (deleted_at IS NULL)));


--
-- Name: redemptions; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.redemptions ENABLE ROW LEVEL SECURITY;

--
-- Name: attempts support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.attempts FOR SELECT TO pika_support USING (true);


--
-- Name: campaign_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.campaign_counters FOR SELECT TO pika_support USING (true);


--
-- Name: campaigns support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.campaigns FOR SELECT TO pika_support USING (true);


--
-- Name: claims support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.claims FOR SELECT TO pika_support USING (true);


--
-- Name: holds support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.holds FOR SELECT TO pika_support USING (true);


--
-- Name: location_day_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.location_day_counters FOR SELECT TO pika_support USING (true);


--
-- Name: redemptions support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.redemptions FOR SELECT TO pika_support USING (true);


--
-- Name: user_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.user_counters FOR SELECT TO pika_support USING (true);


--
-- Name: user_day_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.user_day_counters FOR SELECT TO pika_support USING (true);


--
-- Name: voucher_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.voucher_counters FOR SELECT TO pika_support USING (true);


--
-- Name: voucher_locations support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.voucher_locations FOR SELECT TO pika_support USING (true);


--
-- Name: vouchers support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.vouchers FOR SELECT TO pika_support USING (true);


--
-- Name: vouchers support_update; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_update ON marketplace.vouchers FOR UPDATE TO pika_support USING (true);


--
-- Name: user_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.user_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: user_day_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.user_day_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: voucher_codes; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.voucher_codes ENABLE ROW LEVEL SECURITY;

--
-- Name: voucher_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.voucher_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: voucher_locations; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.voucher_locations ENABLE ROW LEVEL SECURITY;

--
-- Name: vouchers; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.vouchers ENABLE ROW LEVEL SECURITY;

--
-- Name: addresses; Type: ROW SECURITY; Schema: users; Owner: -
--

ALTER TABLE users.addresses ENABLE ROW LEVEL SECURITY;

--
-- Name: addresses app_delete; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_delete ON users.addresses FOR DELETE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: addresses app_insert; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_insert ON users.addresses FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: preferences app_insert; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_insert ON users.preferences FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: users app_insert; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_insert ON users.users FOR INSERT TO pika_app WITH CHECK (((id = ( SELECT security.current_user_id() AS current_user_id)) AND (state = 'active'::users.user_state)));


--
-- Name: addresses app_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_select ON users.addresses FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: preferences app_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_select ON users.preferences FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: users app_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_select ON users.users FOR SELECT TO pika_app USING ((id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: addresses app_update; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_update ON users.addresses FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: preferences app_update; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_update ON users.preferences FOR UPDATE TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: users app_update; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY app_update ON users.users FOR UPDATE TO pika_app USING ((id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: addresses owner_all; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY owner_all ON users.addresses TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: preferences owner_all; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY owner_all ON users.preferences TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: users owner_all; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY owner_all ON users.users TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: preferences; Type: ROW SECURITY; Schema: users; Owner: -
--

ALTER TABLE users.preferences ENABLE ROW LEVEL SECURITY;

--
-- Name: addresses support_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY support_select ON users.addresses FOR SELECT TO pika_support USING (true);


--
-- Name: preferences support_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY support_select ON users.preferences FOR SELECT TO pika_support USING (true);


--
-- Name: users support_select; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY support_select ON users.users FOR SELECT TO pika_support USING (true);


--
-- Name: users support_update; Type: POLICY; Schema: users; Owner: -
--

CREATE POLICY support_update ON users.users FOR UPDATE TO pika_support USING (true);


--
-- Name: users; Type: ROW SECURITY; Schema: users; Owner: -
--

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY;

--
-- PostgreSQL database dump complete
--


