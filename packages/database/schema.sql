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
-- Name: pgboss; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA pgboss;


--
-- Name: SCHEMA pgboss; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA pgboss IS 'Scheduled jobs; tables of the library pg-boss, see docs/decisions/0008-jobs.md';


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
-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;


--
-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';


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
-- Name: TYPE event_type; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TYPE analytics.event_type IS 'The steps of the funnel.';


--
-- Name: operation; Type: TYPE; Schema: audit; Owner: -
--

CREATE TYPE audit.operation AS ENUM (
    'insert',
    'update',
    'delete',
    'truncate',
    'attach',
    'detach'
);


--
-- Name: TYPE operation; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON TYPE audit.operation IS 'What happened to a row, or to a whole table; `attach` and `detach` begin and end its audit.';


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
-- Name: TYPE member_role; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TYPE business.member_role IS 'From the most to the least that a member may do.';


--
-- Name: text_direction; Type: TYPE; Schema: i18n; Owner: -
--

CREATE TYPE i18n.text_direction AS ENUM (
    'ltr',
    'rtl'
);


--
-- Name: TYPE text_direction; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON TYPE i18n.text_direction IS 'How a language is written.';


--
-- Name: email_link_purpose; Type: TYPE; Schema: identity; Owner: -
--

CREATE TYPE identity.email_link_purpose AS ENUM (
    'verify_email',
    'reset_password'
);


--
-- Name: TYPE email_link_purpose; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TYPE identity.email_link_purpose IS 'What following a link proves or allows.';


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
-- Name: code_batch_state; Type: TYPE; Schema: marketplace; Owner: -
--

CREATE TYPE marketplace.code_batch_state AS ENUM (
    'waiting',
    'running',
    'done',
    'failed'
);


--
-- Name: TYPE code_batch_state; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.code_batch_state IS 'Where the making of codes is.';


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
-- Name: TYPE voucher_state; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TYPE marketplace.voucher_state IS 'Where an offer is in its life; the trigger `vouchers_state_transition` lists the ways.';


--
-- Name: job_state; Type: TYPE; Schema: pgboss; Owner: -
--

CREATE TYPE pgboss.job_state AS ENUM (
    'created',
    'retry',
    'active',
    'completed',
    'cancelled',
    'failed'
);


--
-- Name: login_outcome; Type: TYPE; Schema: security; Owner: -
--

CREATE TYPE security.login_outcome AS ENUM (
    'success',
    'wrong_password',
    'unknown_email',
    'wrong_code',
    'locked',
    'incomplete',
    'password_reset'
);


--
-- Name: TYPE login_outcome; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON TYPE security.login_outcome IS 'How a try to log in ended. `incomplete`: the password was right, the code or a verified e-mail address was missing; `password_reset`: no try, but a link was followed that clears the failures before it.';


--
-- Name: user_state; Type: TYPE; Schema: users; Owner: -
--

CREATE TYPE users.user_state AS ENUM (
    'active',
    'suspended',
    'erased'
);


--
-- Name: TYPE user_state; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON TYPE users.user_state IS '`erased` is the end: what told who it was is gone.';


--
-- Name: insert_events(jsonb); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.insert_events(p_events jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  INSERT INTO analytics.events (id, type, business_id, voucher_id, location_id, language_code, channel, weight, occurred_at)
  SELECT public.new_id(event."occurredAt"), event.type, voucher.business_id, voucher.id, event."locationId", event.language,
    event.channel, coalesce(event.weight, 1), event."occurredAt"
  FROM jsonb_to_recordset(p_events) AS event (
    type analytics.event_type, "voucherId" uuid, "locationId" uuid, language text, channel text, weight integer,
    "occurredAt" timestamptz
  )
  JOIN marketplace.vouchers voucher ON voucher.id = event."voucherId"
$$;


--
-- Name: apply_changes(jsonb, jsonb); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.apply_changes(p_record jsonb, p_changes jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  v_record jsonb := coalesce(p_record, '{}');
BEGIN
  IF p_changes ? 'secret' THEN
    v_record := v_record - ARRAY(SELECT jsonb_array_elements_text(p_changes -> 'secret'));
  END IF;
  IF p_changes #> '{hashed,new}' IS NOT NULL THEN
    v_record := v_record - ARRAY(SELECT jsonb_object_keys(p_changes #> '{hashed,new}'));
  END IF;
  IF p_changes #> '{personal,new}' IS NOT NULL THEN
    v_record := v_record - ARRAY(SELECT jsonb_object_keys(p_changes #> '{personal,new,values}'));
  END IF;
  RETURN v_record || coalesce(audit.reveal(p_changes, 'new'), '{}');
END
$$;


--
-- Name: archive_month(date); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.archive_month(p_month date) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $$
DECLARE
  v_month date := date_trunc('month', p_month);
  v_name text := 'entries_' || to_char(v_month, 'YYYY_MM');
  v_entries bigint;
  v_sealed bigint;
BEGIN
  IF to_regclass('audit.' || v_name) IS NULL THEN
    RAISE EXCEPTION 'there is no partition audit.%', v_name USING ERRCODE = 'undefined_table';
  END IF;
  LOCK TABLE audit.entries IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('SELECT count(*) FROM audit.%I', v_name) INTO v_entries;
  SELECT count(*) INTO v_sealed FROM audit.sealed_entries sealed
  WHERE sealed.recorded_at >= v_month AND sealed.recorded_at < v_month + interval '1 month';
  IF v_entries <> v_sealed THEN
    RAISE EXCEPTION 'audit.% holds % entries, of which % are sealed', v_name, v_entries, v_sealed
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO audit.archives (month, entries) VALUES (v_month, v_entries);
  EXECUTE format('ALTER TABLE audit.entries DETACH PARTITION audit.%I', v_name);
  EXECUTE format('ALTER TABLE audit.%I RENAME TO %I', v_name, 'archived_' || v_name);
  RETURN 'audit.archived_' || v_name;
END
$$;


--
-- Name: audit_table(regclass, text[], text[], text[], text); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.audit_table(audited regclass, secret text[] DEFAULT '{}'::text[], hashed text[] DEFAULT '{}'::text[], personal text[] DEFAULT '{}'::text[], subject_column text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET extra_float_digits TO '1'
    AS $_$
DECLARE
  v_keys text[] := audit.key_columns(audited);
  v_named text[] := array_remove(secret || hashed || personal || subject_column, NULL);
  v_rules jsonb;
  v_schema text;
  v_table text;
  v_was_audited boolean;
BEGIN
  IF v_keys IS NULL THEN
    RAISE EXCEPTION '% has no primary key', audited USING ERRCODE = 'invalid_table_definition';
  END IF;
  IF v_keys && (secret || hashed || personal) THEN
    RAISE EXCEPTION 'the key of % stands open in the log', audited USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF cardinality(personal) > 0 AND subject_column IS NULL THEN
    RAISE EXCEPTION 'the personal columns of % need a subject column', audited USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(v_named) AS name WHERE NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = audited AND a.attname = name AND NOT a.attisdropped)
  ) THEN
    RAISE EXCEPTION '% lacks one of the columns %', audited, v_named USING ERRCODE = 'undefined_column';
  END IF;
  IF cardinality(secret || hashed || personal) > 0 THEN
    v_rules := jsonb_build_object('secret', secret, 'hashed', hashed, 'personal', personal, 'subject', subject_column);
  END IF;

  v_was_audited := EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = audited AND t.tgname = 'audit_row');
  IF EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
    WHERE t.tgrelid = audited AND t.tgname = 'audit_row' AND t.tgenabled = 'A'
      AND t.tgargs = convert_to(v_keys::text, 'UTF8') || '\x00' || convert_to(coalesce(v_rules::text, ''), 'UTF8') || '\x00'
  ) THEN
    RETURN;
  END IF;
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %s '
    'FOR EACH ROW EXECUTE FUNCTION audit.record_change(%L, %L)', audited, v_keys, coalesce(v_rules::text, ''));
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate()', audited);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_row, ENABLE ALWAYS TRIGGER audit_truncate', audited);
  IF v_was_audited THEN
    RETURN;
  END IF;
  SELECT namespace.nspname, class.relname INTO v_schema, v_table
  FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = audited;
  PERFORM audit.write_entry(v_schema, v_table, 'attach', NULL, NULL, '{}');
  EXECUTE format('SELECT audit.write_change($1, $2, $3, $4, NULL, to_jsonb(held)) FROM ONLY %s AS held', audited)
    USING v_schema, v_table, v_keys, v_rules;
END
$_$;


--
-- Name: audited_tables(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.audited_tables() RETURNS TABLE(table_name text, secret text[], hashed text[], personal text[], subject_column text)
    LANGUAGE sql IMMUTABLE
    AS $$
  SELECT listed.table_name, listed.secret::text[], listed.hashed::text[], listed.personal::text[], listed.subject_column
  FROM (VALUES
    ('business.businesses', '{}', '{}', '{}', NULL),
    ('business.invitations', '{token_hash}', '{email}', '{}', NULL),
    ('business.locations', '{}', '{}', '{}', NULL),
    ('business.members', '{}', '{}', '{}', NULL),
    ('business.special_days', '{}', '{}', '{}', NULL),
    ('catalog.categories', '{}', '{}', '{}', NULL),
    ('catalog.currencies', '{}', '{}', '{}', NULL),
    ('catalog.markets', '{}', '{}', '{}', NULL),
    ('i18n.languages', '{}', '{}', '{}', NULL),
    ('i18n.translations', '{}', '{}', '{}', NULL),
    ('identity.api_keys', '{secret_hash}', '{}', '{}', NULL),
    ('identity.backup_codes', '{code_hash}', '{}', '{}', NULL),
    ('identity.credentials', '{password_hash}', '{}', '{}', NULL),
    ('identity.email_links', '{token_hash}', '{}', '{}', NULL),
    ('identity.role_grants', '{}', '{}', '{}', NULL),
    ('identity.sessions', '{}', '{}', '{user_agent,client_address,impersonation_reason}', 'user_id'),
    ('identity.signing_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('identity.totp_factors', '{encrypted_secret,last_used_step}', '{}', '{}', NULL),
    ('marketplace.campaigns', '{}', '{}', '{}', NULL),
    ('marketplace.claims', '{short_code}', '{}', '{}', NULL),
    ('marketplace.code_batches', '{}', '{}', '{}', NULL),
    ('marketplace.token_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('marketplace.voucher_locations', '{}', '{}', '{}', NULL),
    ('marketplace.vouchers', '{}', '{}', '{}', NULL),
    ('security.hash_keys', '{key}', '{}', '{}', NULL),
    ('security.subject_keys', '{key}', '{}', '{}', NULL),
    ('users.addresses', '{}', '{}', '{label,street,city,postal_code,latitude,longitude}', 'user_id'),
    ('users.preferences', '{}', '{}', '{}', NULL),
    ('users.users', '{}', '{}', '{email,display_name,state_reason}', 'id')
  ) AS listed (table_name, secret, hashed, personal, subject_column)
$$;


--
-- Name: canonical_fields(text[]); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.canonical_fields(p_fields text[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT string_agg(
    coalesce(int4send(octet_length(convert_to(field.value, 'UTF8'))) || convert_to(field.value, 'UTF8'), '\xffffffff'),
    ''::bytea ORDER BY field.ordinal
  )
  FROM unnest(p_fields) WITH ORDINALITY AS field (value, ordinal)
$$;


--
-- Name: canonical_key(jsonb); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.canonical_key(p_key jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
  SELECT encode(audit.canonical_fields(array_agg(part.text ORDER BY pair.key COLLATE "C", part.ordinal)), 'hex')
  FROM jsonb_each_text(p_key) AS pair
  CROSS JOIN LATERAL (VALUES (1, pair.key), (2, pair.value)) AS part (ordinal, text)
$$;


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
-- Name: current_actor(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.current_actor() RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  v_actor text := current_setting('app.actor', true);
  v_role text := current_setting('role');
BEGIN
  IF v_actor <> '' THEN
    RETURN v_actor;
  END IF;
  IF pg_has_role(CASE v_role WHEN 'none' THEN session_user ELSE v_role::name END, 'pika_owner', 'MEMBER') THEN
    RETURN 'database:' || session_user;
  END IF;
  RAISE EXCEPTION 'an audited write needs an actor'
    USING ERRCODE = 'PA001', HINT = 'Set app.actor for the transaction, as inTransaction does.';
END
$$;


--
-- Name: decrypt(text, bytea); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.decrypt(p_kept text, p_key bytea) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$
DECLARE
  v_bytes bytea := decode(p_kept, 'base64');
BEGIN
  RETURN convert_from(public.decrypt_iv(substr(v_bytes, 17), p_key, substr(v_bytes, 1, 16), 'aes'), 'UTF8');
END
$$;


--
-- Name: encrypt(text, bytea); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.encrypt(p_text text, p_key bytea) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
  v_iv bytea := public.gen_random_bytes(16);
BEGIN
  RETURN translate(encode(
    v_iv || public.encrypt_iv(convert_to(p_text, 'UTF8'), p_key, v_iv, 'aes'), 'base64'), E'\n', '');
END
$$;


--
-- Name: erase_subject(uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.erase_subject(p_subject_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_had_key boolean := EXISTS (
    SELECT FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id AND subject.key IS NOT NULL
  );
BEGIN
  INSERT INTO security.subject_keys AS subject (subject_id, key, erased_at) VALUES (p_subject_id, NULL, now())
  ON CONFLICT (subject_id) DO UPDATE SET key = NULL, erased_at = excluded.erased_at WHERE subject.key IS NOT NULL;
  RETURN v_had_key;
END
$$;


--
-- Name: exemptions(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.exemptions() RETURNS TABLE(table_name text, reason text)
    LANGUAGE sql IMMUTABLE
    AS $$
  VALUES
    ('analytics.events', 'evidence of its own: high-rate, only added to'),
    ('audit.archives', 'the log itself: append-only'),
    ('audit.entries', 'the log itself: append-only, sealed'),
    ('audit.sealed_entries', 'the log itself: append-only'),
    ('audit.seals', 'the log itself: append-only'),
    ('identity.api_key_uses', 'a time stamp that moves all day; the keys are audited'),
    ('identity.refresh_tokens', 'high-rate; their session is audited'),
    ('marketplace.attempts', 'evidence of its own: high-rate, only added to'),
    ('marketplace.campaign_counters', 'the sum of a ledger'),
    ('marketplace.campaign_user_counters', 'the sum of a ledger'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.code_uses', 'high-rate; each names its entry of the ledger'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
    ('marketplace.scan_verdicts', 'derived from marketplace.scans'),
    ('marketplace.scans', 'evidence of its own: never changed'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('marketplace.user_counters', 'the sum of a ledger'),
    ('marketplace.user_day_counters', 'the sum of a ledger'),
    ('marketplace.voucher_codes', 'made by the million: their batches are audited, and a revoked one names who'),
    ('marketplace.voucher_counters', 'the sum of a ledger'),
    ('public._prisma_migrations', 'the books of the migrations, written before there is a log'),
    ('public.consumed_events', 'high-rate memories of consumers'),
    ('public.data_migrations', 'the books of the migrations'),
    ('public.outbox_events', 'high-rate; each tells of an audited write or a ledger'),
    ('security.idempotency_keys', 'high-rate; each stands beside an audited write or a ledger'),
    ('security.login_attempts', 'evidence of its own: high-rate, each settled once')
$$;


--
-- Name: follow_list(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.follow_list() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  PERFORM audit.release_others(ARRAY(SELECT listed.table_name::regclass FROM audit.audited_tables() AS listed));
  PERFORM audit.audit_table(
    listed.table_name::regclass, listed.secret, listed.hashed, listed.personal, listed.subject_column
  )
  FROM (SELECT * FROM audit.audited_tables() ORDER BY table_name) AS listed;
END
$$;


--
-- Name: history(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.history(p_table text, p_key jsonb, p_as_of timestamp with time zone DEFAULT 'infinity'::timestamp with time zone) RETURNS TABLE(id bigint, recorded_at timestamp with time zone, transaction_id bigint, operation audit.operation, row_key jsonb, actor text, user_id uuid, business_id uuid, request_id text, client_address text, database_login text, old_values jsonb, new_values jsonb, withheld text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
  SELECT entry.id, entry.recorded_at, entry.transaction_id, entry.operation, entry.row_key, entry.actor,
    entry.user_id, entry.business_id, entry.request_id, audit.reveal_address(entry.client_address), entry.database_login,
    side.old, side.new,
    ARRAY(
      SELECT jsonb_array_elements_text(entry.changes::jsonb -> 'secret') AS name
      UNION
      SELECT jsonb_object_keys(hashed.value) FROM jsonb_each(entry.changes::jsonb -> 'hashed') AS hashed
      UNION
      SELECT name FROM jsonb_each(entry.changes::jsonb -> 'personal') AS personal
      CROSS JOIN LATERAL jsonb_object_keys(personal.value -> 'values') AS name
      WHERE NOT CASE personal.key WHEN 'old' THEN side.old ELSE side.new END ? name
      ORDER BY 1
    )
  FROM (
    SELECT DISTINCT ON ((step.entry).id) (step.entry).* FROM audit.trace(p_table, p_key, p_as_of) AS step
    ORDER BY (step.entry).id
  ) AS entry
  CROSS JOIN LATERAL (
    SELECT audit.reveal(entry.changes::jsonb, 'old') AS old, audit.reveal(entry.changes::jsonb, 'new') AS new
  ) AS side
  ORDER BY entry.id
$$;


--
-- Name: keep_business(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.keep_business() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  RAISE EXCEPTION '%.% never changes hands', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;


--
-- Name: key_columns(regclass); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.key_columns(p_table regclass) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$
  SELECT array_agg(attribute.attname::text ORDER BY key.ordinal)
  FROM pg_catalog.pg_index index
  CROSS JOIN LATERAL unnest(index.indkey::smallint[]) WITH ORDINALITY AS key (attnum, ordinal)
  JOIN pg_catalog.pg_attribute attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = key.attnum
  WHERE index.indrelid = p_table AND index.indisprimary
$$;


--
-- Name: keyed_hash(text); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.keyed_hash(p_value text) RETURNS text
    LANGUAGE sql STABLE STRICT
    AS $$
  SELECT encode(public.hmac(convert_to(p_value, 'UTF8'), key.key, 'sha256'), 'hex')
  FROM security.hash_keys key WHERE key.purpose = 'audit'
$$;


--
-- Name: make_partitions(integer); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.make_partitions(months_ahead integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $$
DECLARE
  v_this_month timestamptz := date_trunc('month', now());
  v_wanted timestamptz[];
  v_month timestamptz;
  v_made integer := 0;
  v_has_rows boolean;
  v_name text;
BEGIN
  LOCK TABLE audit.entries IN SHARE UPDATE EXCLUSIVE MODE;
  SELECT EXISTS (SELECT FROM audit.entries_default) INTO v_has_rows;
  IF v_has_rows THEN
    LOCK TABLE audit.entries IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE audit.entries DETACH PARTITION audit.entries_default;
    ALTER TABLE audit.entries_default RENAME TO entries_moving;
  END IF;
  v_wanted := ARRAY(SELECT generate_series(v_this_month, v_this_month + months_ahead * interval '1 month', '1 month'));
  IF v_has_rows THEN
    v_wanted := v_wanted || ARRAY(SELECT DISTINCT date_trunc('month', e.recorded_at) FROM audit.entries_moving e);
  END IF;
  FOR v_month IN SELECT DISTINCT wanted FROM unnest(v_wanted) AS wanted ORDER BY wanted LOOP
    v_name := 'entries_' || to_char(v_month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('audit.' || v_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE audit.%I (LIKE audit.entries INCLUDING ALL)', v_name);
    EXECUTE format('ALTER TABLE audit.entries ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, v_month, v_month + interval '1 month');
    EXECUTE format('CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', v_name);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied', v_name);
    v_made := v_made + 1;
  END LOOP;
  IF v_has_rows THEN
    CREATE TABLE audit.entries_default (LIKE audit.entries INCLUDING ALL);
    ALTER TABLE audit.entries ATTACH PARTITION audit.entries_default DEFAULT;
    CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries_default
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
    ALTER TABLE audit.entries_default
      ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied;
    INSERT INTO audit.entries SELECT * FROM audit.entries_moving;
    DROP TABLE audit.entries_moving;
  END IF;
  RETURN v_made;
END
$$;


--
-- Name: own_history(integer); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.own_history(p_limit integer) RETURNS TABLE(content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    AS $$
  SELECT jsonb_build_object(
    'recorded_at', entry.recorded_at, 'table', own.table_name, 'key', own.row_key, 'operation', entry.operation,
    'by_you', entry.actor = 'user:' || security.current_user_id()::text,
    'client_address', CASE WHEN entry.actor = 'user:' || security.current_user_id()::text THEN entry.client_address END,
    'old', entry.old_values, 'new', entry.new_values, 'withheld', entry.withheld
  )
  FROM (
    SELECT table_name, row_key FROM users.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM identity.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM business.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM marketplace.own_rows(p_limit)
  ) AS own
  JOIN audit.audited_tables() AS audited ON audited.table_name = own.table_name
  CROSS JOIN LATERAL audit.history(own.table_name, own.row_key) AS entry
  WHERE own.table_name <> 'business.businesses' AND entry.operation IN ('insert', 'update', 'delete')
  ORDER BY entry.id DESC
  LIMIT p_limit
$$;


--
-- Name: protect(jsonb, jsonb, uuid, uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.protect(p_changes jsonb, p_rules jsonb, p_old_subject uuid, p_new_subject uuid) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
  v_secret jsonb := '[]';
  v_hashed jsonb := '{}';
  v_personal jsonb := '{}';
  v_side text;
  v_values jsonb;
  v_part jsonb;
  v_column text;
  v_subject uuid;
  v_key bytea;
BEGIN
  FOREACH v_side IN ARRAY '{old,new}'::text[] LOOP
    v_values := p_changes -> v_side;
    CONTINUE WHEN v_values IS NULL;
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'secret') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_secret := v_secret || to_jsonb(v_column);
      v_values := v_values - v_column;
    END LOOP;
    v_part := '{}';
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'hashed') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_part := v_part || jsonb_build_object(v_column, audit.keyed_hash(v_values ->> v_column));
      v_values := v_values - v_column;
    END LOOP;
    IF v_part <> '{}' THEN
      v_hashed := v_hashed || jsonb_build_object(v_side, v_part);
    END IF;
    v_part := '{}';
    v_subject := CASE v_side WHEN 'old' THEN p_old_subject ELSE p_new_subject END;
    v_key := NULL;
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'personal') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_key := coalesce(v_key, audit.subject_key(v_subject));
      IF v_values -> v_column = 'null' THEN
        v_part := v_part || jsonb_build_object(v_column, NULL);
      ELSIF v_key IS NULL THEN
        v_secret := v_secret || to_jsonb(v_column);
      ELSE
        v_part := v_part || jsonb_build_object(v_column, audit.encrypt((v_values -> v_column)::text, v_key));
      END IF;
      v_values := v_values - v_column;
    END LOOP;
    IF v_part <> '{}' THEN
      v_personal := v_personal || jsonb_build_object(v_side, jsonb_build_object('subject', v_subject, 'values', v_part));
    END IF;
    p_changes := p_changes || jsonb_build_object(v_side, v_values);
  END LOOP;
  RETURN p_changes
    || CASE WHEN v_secret = '[]' THEN '{}' ELSE jsonb_build_object('secret', (
        SELECT jsonb_agg(DISTINCT name ORDER BY name) FROM jsonb_array_elements_text(v_secret) AS name
      )) END
    || CASE WHEN v_hashed = '{}' THEN '{}' ELSE jsonb_build_object('hashed', v_hashed) END
    || CASE WHEN v_personal = '{}' THEN '{}' ELSE jsonb_build_object('personal', v_personal) END;
END
$$;


--
-- Name: record_as_of(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.record_as_of(p_table text, p_key jsonb, p_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
DECLARE
  v_step record;
  v_record jsonb;
BEGIN
  FOR v_step IN
    SELECT (step.entry).operation, (step.entry).changes::jsonb AS changes, step.is_departure
    FROM audit.trace(p_table, p_key, p_at) AS step
    WHERE NOT step.is_former_life
    ORDER BY (step.entry).id, step.is_departure
  LOOP
    CASE
      WHEN v_step.is_departure OR v_step.operation IN ('delete', 'truncate', 'attach', 'detach') THEN v_record := NULL;
      WHEN v_step.operation = 'insert' THEN v_record := audit.apply_changes(NULL, v_step.changes);
      ELSE v_record := audit.apply_changes(v_record, v_step.changes);
    END CASE;
  END LOOP;
  RETURN v_record;
END
$$;


--
-- Name: record_change(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET "IntervalStyle" TO 'postgres'
    SET extra_float_digits TO '1'
    SET bytea_output TO 'hex'
    AS $$
BEGIN
  PERFORM audit.write_change(
    TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]::text[], nullif(TG_ARGV[1], '')::jsonb, to_jsonb(OLD), to_jsonb(NEW)
  );
  RETURN NULL;
END
$$;


--
-- Name: record_truncate(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.record_truncate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  PERFORM audit.write_entry(TG_TABLE_SCHEMA, TG_TABLE_NAME, 'truncate', NULL, NULL, '{}');
  RETURN NULL;
END
$$;


--
-- Name: refuse_change(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;


--
-- Name: release_others(regclass[]); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.release_others(kept regclass[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_table regclass;
BEGIN
  FOR v_table IN
    SELECT t.tgrelid::regclass FROM pg_catalog.pg_trigger t
    WHERE t.tgname = 'audit_row' AND t.tgfoid = 'audit.record_change'::regproc AND t.tgrelid <> ALL (kept)
    ORDER BY t.tgrelid::regclass::text
  LOOP
    PERFORM audit.release_table(v_table);
  END LOOP;
END
$$;


--
-- Name: release_table(regclass); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.release_table(audited regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  EXECUTE format('DROP TRIGGER audit_row ON %s', audited);
  EXECUTE format('DROP TRIGGER audit_truncate ON %s', audited);
  PERFORM audit.write_entry(namespace.nspname, class.relname, 'detach', NULL, NULL, '{}')
  FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = audited;
END
$$;


--
-- Name: replay(text, timestamp with time zone); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.replay(p_table text, p_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone) RETURNS TABLE(row_key jsonb, record jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    AS $$
  WITH RECURSIVE
  entry AS MATERIALIZED (
    SELECT e.id, e.operation, e.row_key, e.former_key, e.changes
    FROM audit.entries e
    WHERE e.schema_name = split_part(p_table, '.', 1) AND e.table_name = split_part(p_table, '.', 2)
      AND e.recorded_at <= p_at
  ),
  began AS (
    SELECT coalesce(max(id), 0) AS id FROM entry WHERE operation IN ('truncate', 'attach', 'detach')
  ),
  touch AS (
    SELECT entry.row_key AS key, entry.id, entry.operation, entry.former_key, entry.changes, false AS is_departure
    FROM entry WHERE entry.id > (SELECT began.id FROM began)
    UNION ALL
    SELECT entry.former_key, entry.id, entry.operation, NULL, NULL, true
    FROM entry WHERE entry.id > (SELECT began.id FROM began) AND entry.former_key IS NOT NULL
  ),
  marked AS (
    SELECT touch.*,
      max(touch.id) FILTER (WHERE touch.operation = 'insert' OR touch.former_key IS NOT NULL) OVER so_far AS base_id,
      lead(touch.id) OVER so_far IS NULL AND NOT touch.is_departure AND touch.operation <> 'delete' AS is_living
    FROM touch WINDOW so_far AS (PARTITION BY touch.key ORDER BY touch.id)
  ),
  piece AS MATERIALIZED (
    SELECT marked.key, marked.base_id, bool_or(marked.is_living) AS is_living,
      max(marked.id) FILTER (WHERE marked.is_departure) AS departure_id,
      (array_agg(marked.former_key ORDER BY marked.id))[1] AS former_key,
      array_agg(marked.changes::jsonb ORDER BY marked.id) FILTER (WHERE NOT marked.is_departure) AS changes
    FROM marked GROUP BY marked.key, marked.base_id
  ),
  life AS (
    SELECT piece.key AS living_key, piece.base_id, piece.former_key, piece.changes FROM piece WHERE piece.is_living
    UNION ALL
    SELECT life.living_key, piece.base_id, piece.former_key, piece.changes
    FROM life JOIN piece ON piece.key = life.former_key AND piece.departure_id = life.base_id
  )
  SELECT life.living_key, audit.fold(change.changes ORDER BY life.base_id, change.ordinal)
  FROM life CROSS JOIN LATERAL unnest(life.changes) WITH ORDINALITY AS change (changes, ordinal)
  GROUP BY life.living_key
$$;


--
-- Name: reveal(jsonb, text); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.reveal(p_changes jsonb, p_side text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  v_sealed jsonb := p_changes #> ARRAY['personal', p_side];
  v_values jsonb := p_changes -> p_side;
  v_key bytea;
  v_column text;
  v_kept text;
BEGIN
  IF v_sealed IS NULL THEN
    RETURN v_values;
  END IF;
  SELECT subject.key INTO v_key FROM security.subject_keys subject
  WHERE subject.subject_id = (v_sealed ->> 'subject')::uuid;
  FOR v_column, v_kept IN SELECT sealed.key, sealed.value FROM jsonb_each_text(v_sealed -> 'values') AS sealed LOOP
    IF v_kept IS NULL THEN
      v_values := v_values || jsonb_build_object(v_column, NULL);
    ELSIF v_key IS NOT NULL THEN
      v_values := v_values || jsonb_build_object(v_column, audit.decrypt(v_kept, v_key)::jsonb);
    END IF;
  END LOOP;
  RETURN v_values;
END
$$;


--
-- Name: reveal_address(text); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.reveal_address(p_kept text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF p_kept NOT LIKE 'sealed:%' OR p_kept IS NULL THEN
    RETURN p_kept;
  END IF;
  RETURN (
    SELECT audit.decrypt(split_part(p_kept, ':', 3), subject.key) FROM security.subject_keys subject
    WHERE subject.subject_id = split_part(p_kept, ':', 2)::uuid
  );
END
$$;


SET default_tablespace = '';

--
-- Name: entries; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.entries (
    id bigint NOT NULL,
    recorded_at timestamp(6) with time zone DEFAULT clock_timestamp() NOT NULL,
    transaction_id bigint NOT NULL,
    schema_name text NOT NULL,
    table_name text NOT NULL,
    operation audit.operation NOT NULL,
    row_key jsonb,
    former_key jsonb,
    changes json NOT NULL,
    actor text NOT NULL,
    user_id uuid,
    business_id uuid,
    request_id text,
    client_address text,
    database_login text NOT NULL,
    CONSTRAINT entries_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT entries_former_key_check CHECK (((former_key IS NULL) OR ((operation = 'update'::audit.operation) AND (former_key <> row_key)))),
    CONSTRAINT entries_row_key_check CHECK (((row_key IS NULL) = (operation = ANY (ARRAY['truncate'::audit.operation, 'attach'::audit.operation, 'detach'::audit.operation]))))
)
PARTITION BY RANGE (recorded_at);


--
-- Name: TABLE entries; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON TABLE audit.entries IS 'One write of one row, or one TRUNCATE of one table; partitioned by month of `recordedAt`. Append-only. `rowKey` is the primary key after the write, `formerKey` the one before where the write changed it. `changes` is `{"old": {…}, "new": {…}, "secret": [columns], "hashed": {…}, "personal": {…}}`; of an update, the changed columns alone. It is json, not jsonb, so that its text, which is sealed, is kept as it was written. `attach` and `detach` say from when and until when a table is audited; what it held at `attach` follows as inserts.';


--
-- Name: COLUMN entries.client_address; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON COLUMN audit.entries.client_address IS 'Of a person encrypted under their key, as `audit.seal_address` says; else in clear.';


--
-- Name: row_hash(audit.entries); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.row_hash(p_entry audit.entries) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT sha256(audit.canonical_fields(ARRAY[
    'pika-audit-1',
    p_entry.id::text,
    (extract(epoch FROM p_entry.recorded_at) * 1000000)::bigint::text,
    p_entry.transaction_id::text,
    p_entry.schema_name,
    p_entry.table_name,
    p_entry.operation::text,
    audit.canonical_key(p_entry.row_key),
    audit.canonical_key(p_entry.former_key),
    p_entry.changes::text,
    p_entry.actor,
    p_entry.user_id::text,
    p_entry.business_id::text,
    p_entry.request_id,
    p_entry.client_address,
    p_entry.database_login
  ]))
$$;


--
-- Name: seal(integer); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.seal(limit_max integer DEFAULT 10000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_last audit.seals;
  v_snapshot pg_snapshot;
  v_horizon bigint;
  v_entry record;
  v_position bigint;
  v_chain bytea;
BEGIN
  PERFORM FROM audit.seals WHERE number = 0 FOR UPDATE;
  SELECT * INTO STRICT v_last FROM audit.seals ORDER BY number DESC LIMIT 1;
  v_snapshot := pg_current_snapshot();
  v_horizon := pg_snapshot_xmin(v_snapshot)::text::bigint;
  IF v_last.last_transaction_id >= pg_snapshot_xmax(v_snapshot)::text::bigint THEN
    RAISE EXCEPTION 'the transactions of this server are numbered below those of the audit log'
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'The log was restored into a new cluster: stop it and raise its epoch with pg_resetwal --epoch.';
  END IF;
  v_position := v_last.last_position;
  v_chain := v_last.root;
  FOR v_entry IN
    SELECT entry.transaction_id, entry.id, entry.recorded_at, audit.row_hash(entry) AS hash
    FROM audit.entries AS entry
    WHERE (entry.transaction_id, entry.id) > (v_last.last_transaction_id, v_last.last_entry_id)
      AND entry.transaction_id < v_horizon
    ORDER BY entry.transaction_id, entry.id
    LIMIT limit_max
  LOOP
    v_position := v_position + 1;
    v_chain := sha256(v_chain || v_entry.hash);
    INSERT INTO audit.sealed_entries (position, transaction_id, entry_id, recorded_at, row_hash, chain_hash)
    VALUES (v_position, v_entry.transaction_id, v_entry.id, v_entry.recorded_at, v_entry.hash, v_chain);
  END LOOP;
  IF v_position > v_last.last_position THEN
    INSERT INTO audit.seals (number, first_position, last_position, last_transaction_id, last_entry_id, root)
    VALUES (v_last.number + 1, v_last.last_position + 1, v_position, v_entry.transaction_id, v_entry.id, v_chain);
  END IF;
  RETURN v_position - v_last.last_position;
END
$$;


--
-- Name: seal_address(text, text, uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.seal_address(p_address text, p_actor text, p_row_subject_id uuid) RETURNS text
    LANGUAGE plpgsql
    AS $_$
DECLARE
  v_person_id uuid;
  v_key bytea;
BEGIN
  IF p_address IS NULL THEN
    RETURN NULL;
  END IF;
  v_person_id := CASE
    WHEN p_actor = 'anonymous' THEN p_row_subject_id
    ELSE substring(p_actor FROM '^user:(?:.* by user:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid
  END;
  IF v_person_id IS NULL THEN
    RETURN p_address;
  END IF;
  v_key := audit.subject_key(v_person_id);
  IF v_key IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN 'sealed:' || v_person_id::text || ':' || audit.encrypt(p_address, v_key);
END
$_$;


--
-- Name: subject_key(uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.subject_key(p_subject_id uuid) RETURNS bytea
    LANGUAGE plpgsql
    AS $$
DECLARE
  v_key bytea;
BEGIN
  IF p_subject_id IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT subject.key INTO v_key FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id;
  IF NOT FOUND THEN
    INSERT INTO security.subject_keys (subject_id, key) VALUES (p_subject_id, public.gen_random_bytes(32))
    ON CONFLICT DO NOTHING;
    SELECT subject.key INTO v_key FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id;
  END IF;
  RETURN v_key;
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
  NEW.updated_at := OLD.updated_at;
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version;
  END IF;
  IF NEW IS DISTINCT FROM OLD THEN
    NEW.updated_at := now();
    IF TG_NARGS = 1 THEN
      NEW.version := OLD.version + 1;
    END IF;
  END IF;
  RETURN NEW;
END
$$;


--
-- Name: trace(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.trace(p_table text, p_key jsonb, p_at timestamp with time zone) RETURNS TABLE(entry audit.entries, is_departure boolean, is_former_life boolean)
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  v_schema text := split_part(p_table, '.', 1);
  v_table text := split_part(p_table, '.', 2);
  v_key jsonb := p_key;
  v_before bigint := 9223372036854775807;
  v_arrival record;
BEGIN
  RETURN QUERY SELECT e, false, false FROM audit.entries e
  WHERE e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at
    AND e.operation IN ('truncate', 'attach', 'detach');
  LOOP
    SELECT e.id, e.former_key INTO v_arrival FROM audit.entries e
    WHERE e.row_key = v_key AND (e.operation = 'insert' OR e.former_key IS NOT NULL)
      AND e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at AND e.id < v_before
    ORDER BY e.id DESC LIMIT 1;
    RETURN QUERY SELECT e, e.row_key <> v_key, e.id < coalesce(v_arrival.id, 0) FROM audit.entries e
    WHERE (e.row_key = v_key OR e.former_key = v_key)
      AND e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at AND e.id < v_before;
    EXIT WHEN v_arrival.former_key IS NULL;
    v_key := v_arrival.former_key;
    v_before := v_arrival.id;
  END LOOP;
END
$$;


--
-- Name: write_change(text, text, text[], jsonb, jsonb, jsonb); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.write_change(p_schema text, p_table text, p_keys text[], p_rules jsonb, p_old jsonb, p_new jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  v_operation audit.operation;
  v_changes jsonb;
  v_key jsonb := '{}';
  v_former_key jsonb;
  v_column text;
  v_old_subject uuid := p_old ->> (p_rules ->> 'subject');
  v_new_subject uuid := p_new ->> (p_rules ->> 'subject');
BEGIN
  FOREACH v_column IN ARRAY p_keys LOOP
    v_key := v_key || jsonb_build_object(v_column, coalesce(p_new, p_old) -> v_column);
  END LOOP;
  IF p_old IS NULL THEN
    v_operation := 'insert';
    v_changes := jsonb_build_object('new', p_new);
  ELSIF p_new IS NULL THEN
    v_operation := 'delete';
    v_changes := jsonb_build_object('old', p_old);
  ELSE
    v_operation := 'update';
    IF p_old = p_new THEN
      v_changes := '{"old": {}, "new": {}}';
    ELSE
      SELECT jsonb_build_object(
        'old', coalesce(jsonb_object_agg(changed.key, p_old -> changed.key), '{}'),
        'new', coalesce(jsonb_object_agg(changed.key, changed.value), '{}')
      ) INTO v_changes
      FROM jsonb_each(p_new) AS changed
      WHERE p_old -> changed.key IS DISTINCT FROM changed.value
        OR (v_old_subject IS DISTINCT FROM v_new_subject AND p_rules -> 'personal' ? changed.key);
      IF v_changes -> 'new' ?| p_keys THEN
        v_former_key := '{}';
        FOREACH v_column IN ARRAY p_keys LOOP
          v_former_key := v_former_key || jsonb_build_object(v_column, p_old -> v_column);
        END LOOP;
      END IF;
    END IF;
  END IF;
  IF p_rules IS NOT NULL THEN
    v_changes := audit.protect(v_changes, p_rules, v_old_subject, v_new_subject);
  END IF;
  PERFORM audit.write_entry(
    p_schema, p_table, v_operation, v_key, v_former_key, v_changes, coalesce(v_new_subject, v_old_subject));
END
$$;


--
-- Name: write_entry(text, text, audit.operation, jsonb, jsonb, jsonb, uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.write_entry(p_schema text, p_table text, p_operation audit.operation, p_key jsonb, p_former_key jsonb, p_changes jsonb, p_subject_id uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  v_actor text := audit.current_actor();
BEGIN
  INSERT INTO audit.entries (
    transaction_id, schema_name, table_name, operation, row_key, former_key, changes,
    actor, user_id, business_id, request_id, client_address, database_login
  ) VALUES (
    pg_current_xact_id()::text::bigint, p_schema, p_table, p_operation, p_key, p_former_key, p_changes,
    v_actor,
    nullif(current_setting('app.user_id', true), '')::uuid,
    nullif(current_setting('app.business_id', true), '')::uuid,
    nullif(current_setting('app.request_id', true), ''),
    audit.seal_address(nullif(current_setting('app.client_address', true), ''), v_actor, p_subject_id),
    session_user
  );
END
$$;


--
-- Name: accept_invitation(bytea, timestamp with time zone); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.accept_invitation(p_token_hash bytea, p_now timestamp with time zone) RETURNS TABLE(verdict text, business_id uuid, role business.member_role)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
DECLARE
  v_user_id uuid := security.current_user_id();
  v_invitation business.invitations;
  v_role business.member_role;
BEGIN
  SELECT invitation.* INTO v_invitation FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  JOIN users.users person ON person.id = v_user_id AND person.email = invitation.email AND person.state = 'active'
  WHERE invitation.token_hash = p_token_hash AND invitation.revoked_at IS NULL
  FOR NO KEY UPDATE OF invitation;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;
  SELECT member.role INTO v_role FROM business.members member
  WHERE member.business_id = v_invitation.business_id AND member.user_id = v_user_id;
  IF v_invitation.accepted_at IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_role IS NULL THEN 'unknown' ELSE 'accepted' END, v_invitation.business_id, v_role;
    RETURN;
  END IF;

  -- The locks make wait who demotes, removes or suspends the inviter.
  PERFORM FROM business.businesses business
  JOIN users.users inviter ON inviter.id = v_invitation.invited_by AND inviter.state = 'active'
  WHERE business.id = v_invitation.business_id AND business.owner_id = inviter.id
  FOR SHARE;
  IF NOT FOUND THEN
    PERFORM FROM business.members member
    JOIN users.users inviter ON inviter.id = member.user_id AND inviter.state = 'active'
    WHERE member.business_id = v_invitation.business_id AND member.user_id = v_invitation.invited_by
      AND (member.role = 'owner' OR member.role = 'manager' AND v_invitation.role = 'redeemer')
    FOR SHARE;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::business.member_role;
      RETURN;
    END IF;
  END IF;
  IF v_invitation.expires_at <= p_now THEN
    RETURN QUERY SELECT 'expired', NULL::uuid, NULL::business.member_role;
    RETURN;
  ELSIF NOT EXISTS (
    SELECT FROM identity.credentials credential
    WHERE credential.user_id = v_user_id AND credential.email_verified_at IS NOT NULL
  ) THEN
    RETURN QUERY SELECT 'emailNotVerified', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;

  UPDATE business.invitations SET accepted_at = p_now WHERE id = v_invitation.id;
  INSERT INTO business.members AS member (business_id, user_id, role)
  VALUES (v_invitation.business_id, v_user_id, v_invitation.role)
  ON CONFLICT (business_id, user_id) DO UPDATE SET role = excluded.role WHERE member.role > excluded.role;
  RETURN QUERY SELECT 'accepted', v_invitation.business_id, least(v_role, v_invitation.role);
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
-- Name: forget_person(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.forget_person(p_user_id uuid, p_email text, p_now timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_owned uuid[];
  v_sole uuid[];
BEGIN
  v_owned := ARRAY(
    SELECT business.id FROM business.businesses business
    WHERE business.deleted_at IS NULL AND (business.owner_id = p_user_id OR business.id IN (
      SELECT member.business_id FROM business.members member WHERE member.user_id = p_user_id AND member.role = 'owner'))
    ORDER BY business.id FOR NO KEY UPDATE OF business
  );
  v_sole := ARRAY(
    SELECT owned.id FROM unnest(v_owned) AS owned (id)
    WHERE NOT EXISTS (
      SELECT FROM business.members other
      WHERE other.business_id = owned.id AND other.role = 'owner' AND other.user_id <> p_user_id)
  );
  IF cardinality(v_sole) > 0 THEN
    RETURN v_sole;
  END IF;
  UPDATE business.businesses business SET owner_id = (
    SELECT other.user_id FROM business.members other
    WHERE other.business_id = business.id AND other.role = 'owner' AND other.user_id <> p_user_id
    ORDER BY other.created_at, other.user_id LIMIT 1)
  WHERE business.owner_id = p_user_id;
  DELETE FROM business.members WHERE user_id = p_user_id;
  UPDATE business.invitations
  SET email = id::text || '@erased.invalid',
    revoked_at = CASE WHEN accepted_at IS NULL THEN coalesce(revoked_at, p_now) END
  WHERE email = p_email;
  UPDATE business.invitations SET revoked_at = p_now
  WHERE invited_by = p_user_id AND accepted_at IS NULL AND revoked_at IS NULL;
  RETURN '{}';
END
$$;


--
-- Name: invitation_to_send(uuid, timestamp with time zone); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.invitation_to_send(p_id uuid, p_now timestamp with time zone) RETURNS TABLE(email text, language_code text, business_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT invitation.email, person.language_code, name.value
  FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  LEFT JOIN users.users person ON person.email = invitation.email AND person.state = 'active'
  LEFT JOIN i18n.translations name ON name.key = business.name_key AND name.language_code = business.source_language
  WHERE invitation.id = p_id AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
    AND invitation.expires_at > p_now
$$;


--
-- Name: inviters_of(text); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.inviters_of(p_email text) RETURNS uuid[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT coalesce(array_agg(DISTINCT invitation.invited_by), '{}')
  FROM business.invitations invitation WHERE invitation.email = p_email AND invitation.invited_by IS NOT NULL
$$;


SET default_table_access_method = heap;

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
    CONSTRAINT businesses_logo_url_form CHECK ((logo_url ~* '^https?://'::text)),
    CONSTRAINT businesses_not_duplicate_of_itself CHECK ((possible_duplicate_of <> id)),
    CONSTRAINT businesses_source_id_not_empty CHECK ((source_id <> ''::text)),
    CONSTRAINT businesses_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at) AND (isfinite(closed_at) IS NOT FALSE) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT businesses_version_positive CHECK ((version > 0)),
    CONSTRAINT businesses_website_form CHECK ((website ~* '^https?://'::text))
);

ALTER TABLE ONLY business.businesses FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE businesses; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.businesses IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';


--
-- Name: is_active(business.businesses); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.is_active(p_business business.businesses) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT p_business.status = 'verified' AND p_business.deleted_at IS NULL AND p_business.closed_at IS NULL
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
-- Name: keep_last_owner(); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.keep_last_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_heir uuid;
BEGIN
  PERFORM FROM business.businesses business
  WHERE business.id = OLD.business_id AND business.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT member.user_id INTO v_heir FROM business.members member
  WHERE member.business_id = OLD.business_id AND member.role = 'owner'
  ORDER BY member.created_at, member.user_id LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a business keeps one owner at least' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'members_last_owner', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  UPDATE business.businesses SET owner_id = v_heir WHERE id = OLD.business_id AND owner_id = OLD.user_id;
  RETURN NULL;
END
$$;


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
-- Name: memberships_of(uuid); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.memberships_of(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT coalesce(jsonb_object_agg(oldest.business_id, oldest.role), '{}')
  FROM (
    SELECT member.business_id, member.role
    FROM business.members member
    JOIN business.businesses business ON business.id = member.business_id AND business.deleted_at IS NULL
    WHERE member.user_id = p_user_id
    ORDER BY member.created_at, member.business_id
    LIMIT 100
  ) oldest
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
-- Name: own_rows(integer); Type: FUNCTION; Schema: business; Owner: -
--

CREATE FUNCTION business.own_rows(p_limit integer) RETURNS TABLE(table_name text, row_key jsonb, content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
  (SELECT 'business.businesses', jsonb_build_object('id', own.id),
     jsonb_build_object('id', own.id, 'owner_id', own.owner_id, 'status', own.status, 'phone', own.phone,
       'website', own.website, 'created_at', own.created_at, 'deleted_at', own.deleted_at)
   FROM business.businesses own WHERE own.owner_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'business.members', jsonb_build_object('business_id', own.business_id, 'user_id', own.user_id), to_jsonb(own)
   FROM business.members own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'business.invitations', jsonb_build_object('id', own.id), to_jsonb(own) - 'token_hash'
   FROM business.invitations own JOIN users.users person ON person.email = own.email
   WHERE person.id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
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
  RETURN coalesce((
    SELECT min(v_midnight - step)
    FROM unnest('{00:00,00:30,01:00,02:00}'::interval[]) AS step
    WHERE ((v_midnight - step) AT TIME ZONE p_time_zone)::date = p_day
  ), v_midnight);
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
-- Name: set_translation_owner(); Type: FUNCTION; Schema: i18n; Owner: -
--

CREATE FUNCTION i18n.set_translation_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_holder uuid;
BEGIN
  IF EXISTS (SELECT FROM catalog.categories c WHERE c.name_key = NEW.key) THEN
    NEW.business_id := NULL;
    RETURN NEW;
  END IF;
  SELECT b.id INTO v_holder FROM business.businesses b
  WHERE b.name_key = NEW.key OR b.other_names_key = NEW.key OR b.description_key = NEW.key
  FOR UPDATE;
  IF NOT FOUND THEN
    SELECT v.business_id INTO v_holder FROM marketplace.vouchers v
    WHERE v.title_key = NEW.key OR v.description_key = NEW.key OR v.terms_key = NEW.key;
  END IF;
  IF v_holder IS NOT NULL OR (TG_OP = 'UPDATE' AND NEW.business_id IS NOT DISTINCT FROM OLD.business_id) THEN
    NEW.business_id := v_holder;
  END IF;
  RETURN NEW;
END
$$;


--
-- Name: claims_of(uuid); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.claims_of(p_user_id uuid) RETURNS TABLE(roles text[], businesses jsonb, language_code text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT
    ARRAY(SELECT held.role::text FROM identity.role_grants held WHERE held.user_id = person.id ORDER BY held.role),
    business.memberships_of(person.id),
    person.language_code
  FROM users.users person
  WHERE person.id = p_user_id AND person.state = 'active' AND person.deleted_at IS NULL
$$;


--
-- Name: erase_person(timestamp with time zone, bytea); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.erase_person(p_now timestamp with time zone, p_email_hash bytea) RETURNS TABLE(verdict text, session_ids uuid[], business_ids uuid[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_user_id uuid := security.current_user_id();
  v_email text;
  v_inviter_ids uuid[];
BEGIN
  SELECT person.email INTO v_email FROM users.users person
  WHERE person.id = v_user_id AND person.state <> 'erased' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', '{}'::uuid[], '{}'::uuid[];
    RETURN;
  END IF;
  v_inviter_ids := business.inviters_of(v_email);
  business_ids := business.forget_person(v_user_id, v_email, p_now);
  IF cardinality(business_ids) > 0 THEN
    RETURN QUERY SELECT 'soleOwner', '{}'::uuid[], business_ids;
    RETURN;
  END IF;
  PERFORM audit.erase_subject(v_user_id);
  session_ids := ARRAY(
    SELECT session.id FROM identity.sessions session WHERE session.user_id = v_user_id AND session.revoked_at IS NULL);
  PERFORM marketplace.forget_person(v_user_id);
  PERFORM users.forget_person(v_user_id, p_now);
  DELETE FROM identity.role_grants WHERE user_id = v_user_id;
  DELETE FROM identity.credentials WHERE user_id = v_user_id;
  DELETE FROM identity.email_links WHERE user_id = v_user_id;
  DELETE FROM identity.totp_factors WHERE user_id = v_user_id;
  DELETE FROM identity.backup_codes WHERE user_id = v_user_id;
  DELETE FROM identity.refresh_tokens token USING identity.sessions session
  WHERE session.id = token.session_id AND session.user_id = v_user_id;
  -- The rows stay: other processes learn from them that these sessions are over.
  UPDATE identity.sessions SET user_agent = NULL, client_address = NULL
  WHERE user_id = v_user_id OR impersonated_by = v_user_id;
  DELETE FROM security.login_attempts attempt WHERE attempt.email_hash = p_email_hash;
  PERFORM security.forget_person(v_user_id, v_email, v_inviter_ids);
  RETURN QUERY SELECT 'erased', session_ids, '{}'::uuid[];
END
$$;


--
-- Name: find_api_key(text); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.find_api_key(p_prefix text) RETURNS TABLE(id uuid, business_id uuid, secret_hash bytea, scopes text[], allowed_origins text[], expires_at timestamp with time zone, last_used_at timestamp with time zone, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT key.id, key.business_id, key.secret_hash, key.scopes, key.allowed_origins, key.expires_at, used.last_used_at,
    key.revoked_at IS NULL AND business.status <> 'suspended' AND business.deleted_at IS NULL
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN identity.api_key_uses used ON used.api_key_id = key.id
  WHERE key.prefix = p_prefix
$$;


--
-- Name: find_credential(text); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.find_credential(p_email text) RETURNS TABLE(user_id uuid, password_hash text, is_active boolean, is_verified boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT person.id, credential.password_hash, person.state = 'active' AND person.deleted_at IS NULL,
    credential.email_verified_at IS NOT NULL
  FROM users.users person
  JOIN identity.credentials credential ON credential.user_id = person.id
  WHERE person.email = p_email
$$;


--
-- Name: find_email_link(bytea, identity.email_link_purpose, timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.find_email_link(p_token_hash bytea, p_purpose identity.email_link_purpose, p_now timestamp with time zone) RETURNS TABLE(id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT link.id, link.user_id
  FROM identity.email_links link
  JOIN users.users person ON person.id = link.user_id
  WHERE link.token_hash = p_token_hash AND link.purpose = p_purpose AND link.used_at IS NULL AND link.expires_at > p_now
    AND person.state = 'active' AND person.deleted_at IS NULL
$$;


--
-- Name: insert_signing_key(text, jsonb, bytea, timestamp with time zone, timestamp with time zone, timestamp with time zone, interval, text); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.insert_signing_key(p_kid text, p_public_jwk jsonb, p_encrypted_private_key bytea, p_published_at timestamp with time zone, p_active_from timestamp with time zone, p_retires_at timestamp with time zone, p_overlap interval, p_newest text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_newest text;
BEGIN
  LOCK TABLE identity.signing_keys IN SHARE ROW EXCLUSIVE MODE;
  SELECT signing.kid INTO v_newest FROM identity.signing_keys signing
  ORDER BY signing.active_from DESC, signing.kid DESC LIMIT 1;
  IF v_newest IS DISTINCT FROM p_newest THEN
    RETURN false;
  END IF;
  DELETE FROM identity.signing_keys signing
  WHERE signing.active_from >= p_active_from OR signing.retires_at < p_published_at - interval '1 day';
  UPDATE identity.signing_keys signing
  SET retires_at = greatest(p_active_from + p_overlap, signing.active_from + interval '1 millisecond')
  WHERE signing.retires_at > p_active_from + p_overlap;
  INSERT INTO identity.signing_keys (kid, algorithm, public_jwk, encrypted_private_key, published_at, active_from, retires_at)
  VALUES (p_kid, 'EdDSA', p_public_jwk, p_encrypted_private_key, p_published_at, p_active_from, p_retires_at);
  RETURN true;
END
$$;


--
-- Name: is_session_alive(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.is_session_alive(p_session_id uuid, p_user_id uuid, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT EXISTS (
    SELECT FROM identity.sessions session
    JOIN users.users person ON person.id = session.user_id
    WHERE session.id = p_session_id AND session.user_id = p_user_id
      AND session.revoked_at IS NULL AND session.expires_at > p_now
      AND person.state = 'active' AND person.deleted_at IS NULL
  )
$$;


--
-- Name: keep_last_admin(); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.keep_last_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF TG_TABLE_SCHEMA = 'users' THEN
    IF NOT EXISTS (SELECT FROM identity.role_grants held WHERE held.user_id = NEW.id AND held.role = 'admin') THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('identity.keep_last_admin', 0));
  IF NOT EXISTS (
    SELECT FROM identity.role_grants held
    JOIN users.users person ON person.id = held.user_id AND person.state = 'active' AND person.deleted_at IS NULL
    WHERE held.role = 'admin'
  ) THEN
    RAISE EXCEPTION 'one admin stays' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'role_grants_last_admin', SCHEMA = 'identity', TABLE = 'role_grants';
  END IF;
  RETURN NULL;
END
$$;


--
-- Name: list_revoked_sessions(timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.list_revoked_sessions(p_since timestamp with time zone) RETURNS TABLE(id uuid, revoked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT session.id, session.revoked_at FROM identity.sessions session WHERE session.revoked_at > p_since
$$;


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
    CONSTRAINT signing_keys_encrypted_private_key_length CHECK ((octet_length(encrypted_private_key) > 28)),
    CONSTRAINT signing_keys_kid_not_empty CHECK ((kid <> ''::text)),
    CONSTRAINT signing_keys_public_jwk_is_public CHECK (((jsonb_typeof(public_jwk) = 'object'::text) AND (public_jwk ?& '{kty,crv,x}'::text[]) AND (NOT (public_jwk ?| '{d,k,p,q,dp,dq,qi,oth}'::text[])))),
    CONSTRAINT signing_keys_times_finite CHECK ((isfinite(published_at) AND isfinite(active_from) AND isfinite(retires_at))),
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
-- Name: list_signing_keys(); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.list_signing_keys() RETURNS SETOF identity.signing_keys
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT signing.* FROM identity.signing_keys signing ORDER BY signing.active_from, signing.kid
$$;


--
-- Name: list_verification_keys(timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.list_verification_keys(p_now timestamp with time zone) RETURNS TABLE(kid text, public_jwk jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT signing.kid, signing.public_jwk FROM identity.signing_keys signing
  WHERE signing.retires_at > p_now
  ORDER BY signing.active_from, signing.kid
$$;


--
-- Name: note_api_key_use(uuid, timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.note_api_key_use(p_id uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  INSERT INTO identity.api_key_uses AS used (api_key_id, last_used_at)
  SELECT key.id, p_now FROM identity.api_keys key WHERE key.id = p_id
  ON CONFLICT (api_key_id) DO UPDATE SET last_used_at = excluded.last_used_at
  WHERE used.last_used_at <= excluded.last_used_at - interval '1 minute'
$$;


--
-- Name: own_claims(); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.own_claims() RETURNS TABLE(roles text[], businesses jsonb, language_code text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT own.roles, own.businesses, own.language_code FROM identity.claims_of(security.current_user_id()) own
$$;


--
-- Name: own_rows(integer); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.own_rows(p_limit integer) RETURNS TABLE(table_name text, row_key jsonb, content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
  (SELECT 'identity.credentials', jsonb_build_object('user_id', own.user_id), to_jsonb(own) - 'password_hash'
   FROM identity.credentials own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.email_links', jsonb_build_object('id', own.id), to_jsonb(own) - 'token_hash'
   FROM identity.email_links own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.totp_factors', jsonb_build_object('user_id', own.user_id),
     to_jsonb(own) - '{encrypted_secret,last_used_step}'::text[]
   FROM identity.totp_factors own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.backup_codes', jsonb_build_object('id', own.id), to_jsonb(own) - 'code_hash'
   FROM identity.backup_codes own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.sessions', jsonb_build_object('id', own.id), to_jsonb(own)
   FROM identity.sessions own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.refresh_tokens', jsonb_build_object('id', token.id), to_jsonb(token) - 'token_hash'
   FROM identity.refresh_tokens token JOIN identity.sessions own ON own.id = token.session_id
   WHERE own.user_id = security.current_user_id() ORDER BY token.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.role_grants', jsonb_build_object('user_id', own.user_id, 'role', own.role), to_jsonb(own)
   FROM identity.role_grants own WHERE own.user_id = security.current_user_id())
$$;


--
-- Name: prune_email_links(timestamp with time zone, integer); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.prune_email_links(p_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  WITH expired AS (
    SELECT link.id FROM identity.email_links link
    WHERE link.expires_at < p_before
    ORDER BY link.expires_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM identity.email_links link USING expired WHERE link.id = expired.id
    RETURNING link.id
  )
  SELECT count(*)::integer FROM pruned
$$;


--
-- Name: prune_refresh_tokens(timestamp with time zone, integer); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.prune_refresh_tokens(p_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  WITH expired AS (
    SELECT token.id FROM identity.refresh_tokens token
    WHERE token.expires_at < p_before
    ORDER BY token.expires_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM identity.refresh_tokens token USING expired WHERE token.id = expired.id
    RETURNING token.id
  )
  SELECT count(*)::integer FROM pruned
$$;


--
-- Name: revoke_api_key(uuid, timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.revoke_api_key(p_id uuid, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_role text;
BEGIN
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END INTO v_role
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE key.id = p_id;
  IF v_role IS NULL THEN
    RETURN 'unknown';
  ELSIF v_role NOT IN ('owner', 'manager') THEN
    RETURN 'denied';
  END IF;
  UPDATE identity.api_keys SET revoked_at = p_now WHERE id = p_id AND revoked_at IS NULL;
  RETURN CASE WHEN FOUND THEN 'revoked' ELSE 'unknown' END;
END
$$;


--
-- Name: revoke_sessions_of_user(); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.revoke_sessions_of_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  UPDATE identity.sessions SET revoked_at = clock_timestamp(), revoke_reason = 'user_' || NEW.state::text
  WHERE (user_id = NEW.id OR impersonated_by = NEW.id) AND revoked_at IS NULL;
  RETURN NULL;
END
$$;


--
-- Name: rotate_refresh_token(bytea, uuid, bytea, timestamp with time zone, interval, interval); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.rotate_refresh_token(p_token_hash bytea, p_successor_id uuid, p_successor_hash bytea, p_now timestamp with time zone, p_grace interval, p_idle interval) RETURNS TABLE(verdict text, session_id uuid, user_id uuid, token_id uuid, issued_at timestamp with time zone, roles text[], businesses jsonb, language_code text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_session identity.sessions;
  v_token identity.refresh_tokens;
  v_successor identity.refresh_tokens;
BEGIN
  SELECT session.* INTO v_session FROM identity.sessions session
  WHERE session.id = (
    SELECT token.session_id FROM identity.refresh_tokens token WHERE token.token_hash = p_token_hash
  )
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    verdict := 'unknown';
    RETURN NEXT;
    RETURN;
  END IF;

  -- Read after the lock: who waited for it sees what the one before did.
  SELECT token.* INTO v_token FROM identity.refresh_tokens token WHERE token.token_hash = p_token_hash;
  SELECT successor.* INTO v_successor FROM identity.refresh_tokens successor WHERE successor.id = v_token.successor_id;
  SELECT own.roles, own.businesses, own.language_code INTO roles, businesses, language_code
  FROM identity.claims_of(v_session.user_id) own;
  verdict := CASE
    WHEN v_token.id IS NULL THEN 'unknown'
    WHEN v_session.revoked_at IS NOT NULL THEN 'revoked'
    WHEN v_session.expires_at <= p_now THEN 'expired'
    WHEN roles IS NULL THEN 'inactive'
    WHEN v_token.rotated_at + p_grace < p_now OR v_successor.rotated_at IS NOT NULL THEN 'reused'
    WHEN v_token.expires_at <= p_now THEN 'expired'
    WHEN v_token.rotated_at IS NULL THEN 'rotated'
    WHEN v_successor.token_hash = p_successor_hash THEN 'repeated'
    ELSE 'unknown'
  END;
  session_id := v_session.id;
  user_id := v_session.user_id;

  IF verdict = 'rotated' THEN
    INSERT INTO identity.refresh_tokens (id, session_id, token_hash, issued_at, expires_at)
    VALUES (p_successor_id, v_session.id, p_successor_hash, p_now, least(p_now + p_idle, v_session.expires_at));
    UPDATE identity.refresh_tokens SET rotated_at = p_now, successor_id = p_successor_id
    WHERE id = v_token.id AND rotated_at IS NULL;
    -- At most once an hour, because each change of a session is written to the audit log.
    UPDATE identity.sessions SET last_used_at = p_now
    WHERE id = v_session.id AND last_used_at < p_now - interval '1 hour';
    token_id := p_successor_id;
    issued_at := p_now;
  ELSIF verdict = 'repeated' THEN
    token_id := v_successor.id;
    issued_at := v_successor.issued_at;
  ELSE
    roles := NULL;
    businesses := NULL;
    language_code := NULL;
    IF verdict = 'reused' THEN
      UPDATE identity.sessions SET revoked_at = p_now, revoke_reason = 'refresh_token_reused' WHERE id = v_session.id;
    END IF;
  END IF;
  RETURN NEXT;
END
$$;


--
-- Name: start_impersonation(uuid, uuid, text, text, inet, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: identity; Owner: -
--

CREATE FUNCTION identity.start_impersonation(p_session_id uuid, p_user_id uuid, p_reason text, p_user_agent text, p_client_address inet, p_now timestamp with time zone, p_expires_at timestamp with time zone) RETURNS TABLE(is_operator boolean, businesses jsonb, language_code text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_roles text[];
BEGIN
  PERFORM FROM users.users person WHERE person.id IN (p_user_id, security.current_user_id()) ORDER BY person.id FOR SHARE;
  -- An access token says what its person was when it was issued.
  IF NOT EXISTS (SELECT FROM identity.claims_of(security.current_user_id()) own WHERE own.roles && '{support,admin}') THEN
    RAISE EXCEPTION 'operators alone act as others' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT own.roles, own.businesses, own.language_code INTO v_roles, businesses, language_code
  FROM identity.claims_of(p_user_id) own;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  is_operator := cardinality(v_roles) > 0;
  IF NOT is_operator THEN
    INSERT INTO identity.sessions (
      id, user_id, impersonated_by, impersonation_reason, user_agent, client_address, created_at, last_used_at, expires_at
    ) VALUES (
      p_session_id, p_user_id, security.current_user_id(), p_reason, p_user_agent, p_client_address, p_now, p_now,
      p_expires_at
    );
  END IF;
  RETURN NEXT;
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
-- Name: business_of(text, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.business_of(p_kind text, p_id uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
  SELECT CASE p_kind
    WHEN 'voucher' THEN (SELECT v.business_id FROM marketplace.vouchers v WHERE v.id = p_id AND v.deleted_at IS NULL)
    WHEN 'campaign' THEN (SELECT c.business_id FROM marketplace.campaigns c WHERE c.id = p_id AND c.deleted_at IS NULL)
    WHEN 'redemption' THEN (SELECT r.business_id FROM marketplace.redemptions r WHERE r.id = p_id)
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
    claim_limit_per_user integer,
    claim_limit_total integer,
    content_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT vouchers_budget_positive CHECK ((budget_minor > 0)),
    CONSTRAINT vouchers_cap_only_for_percentage CHECK (((percent_cap_minor IS NULL) OR ((discount_type = 'percentage'::marketplace.discount_type) AND (percent_cap_minor > 0)))),
    CONSTRAINT vouchers_claim_limits_positive CHECK ((((claim_limit_total > 0) IS NOT FALSE) AND ((claim_limit_per_user > 0) IS NOT FALSE))),
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
    CONSTRAINT vouchers_redeemable_hours_not_empty CHECK ((NOT isempty(redeemable_hours))),
    CONSTRAINT vouchers_rollback_window_not_negative CHECK ((rollback_window_minutes >= 0)),
    CONSTRAINT vouchers_stacking_group_not_empty CHECK ((stacking_group <> ''::text)),
    CONSTRAINT vouchers_times_finite CHECK ((isfinite(valid_from) AND (isfinite(valid_until) IS NOT FALSE) AND isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT vouchers_valid_days_after_claim_positive CHECK ((valid_days_after_claim > 0)),
    CONSTRAINT vouchers_validity_in_order CHECK ((valid_until >= valid_from)),
    CONSTRAINT vouchers_version_positive CHECK ((version > 0))
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
-- Name: COLUMN vouchers.claim_limit_total; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.vouchers.claim_limit_total IS 'How many claims there may be at once, released ones not counted.';


--
-- Name: claim_violations(marketplace.vouchers, uuid, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.claim_violations(p_voucher marketplace.vouchers, p_user_id uuid, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
DECLARE
  v_violations jsonb;
  v_counter marketplace.voucher_counters;
  v_campaign marketplace.campaigns;
  v_used bigint;
BEGIN
  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = p_voucher.campaign_id;
  v_violations := marketplace.over_violations(p_voucher, v_campaign, p_at);

  SELECT counter.* INTO STRICT v_counter FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher.id;
  IF v_counter.used_count >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut',
      'limit', p_voucher.limit_total, 'used', v_counter.used_count);
  END IF;
  IF p_voucher.limit_per_user IS NOT NULL THEN
    SELECT counter.used_count INTO v_used FROM marketplace.user_counters counter
    WHERE counter.voucher_id = p_voucher.id AND counter.user_id = p_user_id;
    IF v_used >= p_voucher.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'user.limitReached',
        'limit', p_voucher.limit_per_user, 'used', v_used);
    END IF;
  END IF;
  IF v_counter.claimed_count >= p_voucher.claim_limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'claim.limitReached',
      'limit', p_voucher.claim_limit_total, 'used', v_counter.claimed_count);
  END IF;
  IF p_voucher.claim_limit_per_user IS NOT NULL THEN
    SELECT count(*) INTO v_used FROM marketplace.claims claim
    WHERE claim.voucher_id = p_voucher.id AND claim.user_id = p_user_id AND claim.state <> 'released';
    IF v_used >= p_voucher.claim_limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'claim.userLimitReached',
        'limit', p_voucher.claim_limit_per_user, 'used', v_used);
    END IF;
  END IF;
  RETURN v_violations;
END
$$;


--
-- Name: claim_voucher(uuid, text, uuid, text[], text, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.claim_voucher(p_voucher_id uuid, p_source_id text, p_claim_id uuid, p_short_codes text[], p_language text, p_at timestamp with time zone, OUT verdict text, OUT claim_id uuid, OUT violations jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_claim marketplace.claims;
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody claims';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  SELECT claim.* INTO v_claim FROM marketplace.claims claim
  WHERE claim.user_id = v_user_id AND claim.voucher_id = p_voucher_id AND claim.source_id = p_source_id FOR UPDATE;

  IF v_claim.id IS NOT NULL AND (v_claim.state <> 'released' OR v_claim.expires_at <= p_at) THEN
    verdict := 'existing';
    claim_id := v_claim.id;
    RETURN;
  ELSIF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  violations := marketplace.claim_violations(v_voucher, v_user_id, p_at);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'claimed';
  IF v_claim.id IS NOT NULL THEN
    claim_id := v_claim.id;
    UPDATE marketplace.claims claim SET state = 'active' WHERE claim.id = v_claim.id;
  ELSE
    claim_id := p_claim_id;
    INSERT INTO marketplace.claims (id, voucher_id, user_id, source_id, claimed_at, expires_at, short_code, balance_minor, updated_at)
    SELECT p_claim_id, v_voucher.id, v_user_id, p_source_id, p_at,
      least(p_at + make_interval(hours => 24 * v_voucher.valid_days_after_claim), marketplace.voucher_ends_at(v_voucher.id)),
      (
        SELECT code FROM unnest(p_short_codes) AS code
        WHERE NOT EXISTS (SELECT FROM marketplace.claims other WHERE other.short_code = code) LIMIT 1
      ),
      v_voucher.gift_balance_minor, p_at;
  END IF;
  INSERT INTO analytics.events (id, type, business_id, voucher_id, language_code, occurred_at)
  VALUES (public.new_id(p_at), 'claimed', v_voucher.business_id, v_voucher.id, p_language, p_at);
END
$$;


--
-- Name: claimed_text(uuid, text[], integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.claimed_text(p_voucher_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT marketplace.voucher_text(p_voucher_id, p_chain, p_match_length)
  WHERE EXISTS (
    SELECT FROM marketplace.claims claim
    WHERE claim.user_id = security.current_user_id() AND claim.voucher_id = p_voucher_id
  )
$$;


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
-- Name: count_claim(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.count_claim() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_step constant integer := CASE WHEN TG_OP <> 'DELETE' AND NEW.state <> 'released' THEN 1 ELSE 0 END
    - CASE WHEN TG_OP <> 'INSERT' AND OLD.state <> 'released' THEN 1 ELSE 0 END;
BEGIN
  IF v_step <> 0 THEN
    UPDATE marketplace.voucher_counters counter SET claimed_count = counter.claimed_count + v_step
    WHERE counter.voucher_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.voucher_id ELSE NEW.voucher_id END;
  END IF;
  RETURN NULL;
END
$$;


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
    amount_minor bigint,
    api_key_id uuid,
    reason text,
    scan_nonce uuid,
    campaign_id uuid,
    CONSTRAINT redemptions_amount_not_negative CHECK ((amount_minor >= 0)),
    CONSTRAINT redemptions_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT redemptions_currency_with_discount CHECK (((discount_minor = 0) OR (currency IS NOT NULL))),
    CONSTRAINT redemptions_discount_sign CHECK (
CASE kind
    WHEN 'rollback'::marketplace.redemption_kind THEN (discount_minor <= 0)
    ELSE (discount_minor >= 0)
END),
    CONSTRAINT redemptions_not_own_rollback CHECK ((reverses_id <> id)),
    CONSTRAINT redemptions_one_scanner CHECK ((num_nonnulls(staff_id, api_key_id) < 2)),
    CONSTRAINT redemptions_reason_of_rollback CHECK (((kind = 'rollback'::marketplace.redemption_kind) OR (reason IS NULL))),
    CONSTRAINT redemptions_rollback_reverses CHECK (((kind = 'rollback'::marketplace.redemption_kind) = (reverses_id IS NOT NULL))),
    CONSTRAINT redemptions_times_finite CHECK ((isfinite(local_day) AND isfinite(redeemed_at)))
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
-- Name: COLUMN redemptions.amount_minor; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.amount_minor IS 'What was to be paid, as far as it was told.';


--
-- Name: COLUMN redemptions.api_key_id; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.api_key_id IS 'The key of the business that redeemed, where no person did.';


--
-- Name: COLUMN redemptions.reason; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.reason IS 'Why it was rolled back.';


--
-- Name: COLUMN redemptions.scan_nonce; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.scan_nonce IS 'The offline scan that this entry counts; of a rollback: that the fold of scans took back what it counted.';


--
-- Name: COLUMN redemptions.campaign_id; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.redemptions.campaign_id IS 'Whose limits it counted against, beside the voucher''s own.';


--
-- Name: count_in_all(marketplace.redemptions, integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.count_in_all(p_entry marketplace.redemptions, p_step integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_discount constant bigint := abs(p_entry.discount_minor) * p_step;
BEGIN
  IF p_entry.campaign_id IS NOT NULL THEN
    UPDATE marketplace.campaign_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
    WHERE campaign_id = p_entry.campaign_id
      AND (p_step < 0 OR (
        (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
    IF NOT FOUND THEN
      RAISE serialization_failure USING MESSAGE = 'the campaign has less left than was decided on';
    END IF;
  END IF;
  UPDATE marketplace.voucher_counters SET used_count = used_count + p_step, discount_minor = discount_minor + v_discount
  WHERE voucher_id = p_entry.voucher_id
    AND (p_step < 0 OR (
      (used_count < limit_total) IS NOT FALSE AND (discount_minor + v_discount <= budget_minor) IS NOT FALSE));
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'the voucher has less left than was decided on';
  END IF;
END
$$;


--
-- Name: count_names(marketplace.redemptions); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.count_names(p_entry marketplace.redemptions) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  SELECT ARRAY[
    'used ' || p_entry.voucher_id,
    'spent ' || p_entry.voucher_id,
    'user ' || p_entry.voucher_id || p_entry.user_id,
    'user day ' || p_entry.voucher_id || p_entry.user_id || (p_entry.local_day - '2000-01-01'::date),
    'place day ' || p_entry.voucher_id || p_entry.location_id || (p_entry.local_day - '2000-01-01'::date),
    'campaign used ' || p_entry.campaign_id,
    'campaign spent ' || p_entry.campaign_id,
    'campaign user ' || p_entry.campaign_id || p_entry.user_id,
    'claim ' || p_entry.claim_id,
    'code ' || p_entry.code_id,
    'balance spent ' || p_entry.claim_id
  ]
$$;


--
-- Name: decide(uuid, uuid, uuid, uuid, uuid, double precision, double precision, bigint, text, uuid[], text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.decide(p_voucher_id uuid, p_claim_id uuid, p_code_id uuid, p_user_id uuid, p_location_id uuid, p_latitude double precision, p_longitude double precision, p_amount_minor bigint, p_currency text, p_combined_with uuid[], p_hold_key text, p_shown_until timestamp with time zone, p_at timestamp with time zone, OUT violations jsonb, OUT location_id uuid, OUT local_day date, OUT claim_id uuid, OUT hold_id uuid, OUT discount_minor bigint, OUT currency text, OUT balance_minor bigint, OUT rollback_until timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
DECLARE
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_claim marketplace.claims;
  v_place record;
  v_others record;
  v_counter record;
  v_is_business_active boolean;
  v_code record;
  v_used bigint[] := '{0,0,0,0,0,0,0,0}';
  v_held bigint[] := '{0,0,0,0,0,0,0,0}';
  v_distance double precision;
  v_instant timestamptz;
  v_local timestamp;
BEGIN
  violations := '[]';
  SELECT voucher.* INTO STRICT v_voucher FROM marketplace.vouchers voucher WHERE voucher.id = p_voucher_id;
  SELECT business.is_active(business) INTO STRICT v_is_business_active
  FROM business.businesses business WHERE business.id = v_voucher.business_id;

  -- The claim: the one asked for, or the consumer's own that ends first.
  IF p_claim_id IS NOT NULL THEN
    SELECT claim.* INTO STRICT v_claim FROM marketplace.claims claim WHERE claim.id = p_claim_id;
  ELSIF p_user_id IS NOT NULL AND p_code_id IS NULL THEN
    SELECT claim.* INTO v_claim FROM marketplace.claims claim
    WHERE claim.user_id = p_user_id AND claim.voucher_id = p_voucher_id AND claim.state = 'active'
      AND (claim.expires_at IS NULL OR claim.expires_at > p_at)
    ORDER BY claim.expires_at NULLS LAST, claim.id LIMIT 1;
  END IF;
  claim_id := v_claim.id;

  -- States.
  IF v_voucher.state <> 'published' AND NOT (v_voucher.state = 'expired') THEN
    violations := violations || jsonb_build_object('code', CASE v_voucher.state
      WHEN 'suspended' THEN 'voucher.suspended' WHEN 'archived' THEN 'voucher.archived' ELSE 'voucher.notPublished' END);
  END IF;
  IF NOT v_is_business_active THEN
    violations := violations || '{"code": "business.inactive"}'::jsonb;
  END IF;

  -- The place: the one asked for, or the only one.
  IF p_location_id IS NULL THEN
    SELECT location.id, location.time_zone, location.weekly_hours, location.latitude, location.longitude, true AS is_valid
    INTO v_place
    FROM marketplace.voucher_locations link
    JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
      AND location.business_id = v_voucher.business_id
    WHERE link.voucher_id = p_voucher_id
      AND (
        SELECT count(*) FROM marketplace.voucher_locations other
        JOIN business.locations living ON living.id = other.location_id AND living.deleted_at IS NULL
          AND living.business_id = v_voucher.business_id
        WHERE other.voucher_id = p_voucher_id
      ) = 1;
  ELSE
    SELECT location.id, location.time_zone, location.weekly_hours, location.latitude, location.longitude,
      EXISTS (
        SELECT FROM marketplace.voucher_locations link WHERE link.voucher_id = p_voucher_id AND link.location_id = location.id
      ) AS is_valid
    INTO v_place
    FROM business.locations location
    WHERE location.id = p_location_id AND location.deleted_at IS NULL AND location.business_id = v_voucher.business_id;
  END IF;
  IF v_place.id IS NULL OR NOT v_place.is_valid THEN
    violations := violations || jsonb_build_object('code',
      CASE WHEN p_location_id IS NULL THEN 'location.required' ELSE 'location.notValid' END);
  ELSE
    location_id := v_place.id;
    v_local := p_at AT TIME ZONE v_place.time_zone;
    local_day := v_local::date;
    IF local_day < v_voucher.valid_from THEN
      v_instant := business.start_of_day(v_voucher.valid_from, v_place.time_zone);
      IF p_at < v_instant THEN
        violations := violations || jsonb_build_object('code', 'voucher.notYetValid', 'validFrom', marketplace.instant_text(v_instant));
      END IF;
    END IF;
    v_instant := NULL;
    IF local_day >= v_voucher.valid_until THEN
      v_instant := business.start_of_day(v_voucher.valid_until + 1, v_place.time_zone);
    END IF;
    IF p_at >= v_instant THEN
      violations := violations || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_instant));
    ELSIF v_voucher.state = 'expired' THEN
      violations := violations || '{"code": "voucher.expired"}'::jsonb;
    END IF;
    IF NOT v_voucher.redeemable_hours @> (
      (extract(isodow FROM v_local)::integer - 1) * 1440 + extract(hour FROM v_local)::integer * 60 + extract(minute FROM v_local)::integer
    ) THEN
      SELECT state.opens_at INTO v_instant
      FROM business.opening_state(NULL, v_place.time_zone, v_voucher.redeemable_hours, p_at) AS state;
      violations := violations || jsonb_build_object('code', 'voucher.outsideHours', 'opensAt', marketplace.instant_text(v_instant));
    END IF;
    IF NOT business.is_open(v_place.id, v_place.time_zone, v_place.weekly_hours, p_at) THEN
      SELECT state.opens_at INTO v_instant
      FROM business.opening_state(v_place.id, v_place.time_zone, v_place.weekly_hours, p_at) AS state;
      violations := violations || jsonb_build_object('code', 'location.closed', 'opensAt', marketplace.instant_text(v_instant));
    END IF;
    IF v_voucher.geofence_meters IS NOT NULL THEN
      v_distance := public.ST_Distance(
        marketplace.point_at(v_place.latitude, v_place.longitude), marketplace.point_at(p_latitude, p_longitude));
      IF v_distance IS NULL THEN
        violations := violations || '{"code": "position.required"}'::jsonb;
      ELSIF v_distance > v_voucher.geofence_meters THEN
        violations := violations || jsonb_build_object('code', 'position.tooFar',
          'distanceMeters', round(v_distance::numeric, 1), 'limitMeters', v_voucher.geofence_meters);
      END IF;
    END IF;
  END IF;

  -- What is shown: a claim that is alive, a code that is not used up.
  IF v_claim.id IS NULL THEN
    IF v_voucher.valid_days_after_claim IS NOT NULL OR v_voucher.discount_type = 'gift_balance' THEN
      violations := violations || '{"code": "claim.required"}'::jsonb;
    END IF;
  ELSIF v_claim.state = 'redeemed' THEN
    SELECT max(entry.redeemed_at) INTO v_instant
    FROM marketplace.redemptions entry WHERE entry.claim_id = v_claim.id AND entry.kind = 'redemption';
    violations := violations || jsonb_build_object('code', 'claim.redeemed', 'redeemedAt', marketplace.instant_text(v_instant));
  ELSIF v_claim.state = 'released' THEN
    violations := violations || '{"code": "claim.released"}'::jsonb;
  ELSIF v_claim.state = 'expired' OR v_claim.expires_at <= p_at THEN
    violations := violations || jsonb_build_object('code', 'claim.expired', 'expiresAt', marketplace.instant_text(v_claim.expires_at));
  END IF;
  IF p_shown_until <= p_at THEN
    violations := violations || jsonb_build_object('code', 'code.expired', 'expiresAt', marketplace.instant_text(p_shown_until));
  END IF;
  IF p_code_id IS NOT NULL THEN
    SELECT code.revoked_at, used.used_at INTO STRICT v_code
    FROM marketplace.voucher_codes code
    LEFT JOIN marketplace.code_uses used ON used.code_id = code.id
    WHERE code.id = p_code_id;
    IF v_code.revoked_at <= p_at THEN
      violations := violations || jsonb_build_object('code', 'code.revoked', 'revokedAt', marketplace.instant_text(v_code.revoked_at));
    END IF;
    IF v_code.used_at IS NOT NULL THEN
      violations := violations || jsonb_build_object('code', 'code.used', 'usedAt', marketplace.instant_text(v_code.used_at));
    END IF;
  END IF;

  IF v_voucher.campaign_id IS NOT NULL THEN
    SELECT campaign.* INTO STRICT v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
    IF p_at < v_campaign.starts_at THEN
      violations := violations || jsonb_build_object('code', 'campaign.notStarted', 'startsAt', marketplace.instant_text(v_campaign.starts_at));
    ELSIF p_at >= v_campaign.ends_at OR v_campaign.deleted_at IS NOT NULL THEN
      violations := violations || jsonb_build_object('code', 'campaign.ended',
        'endsAt', marketplace.instant_text(least(v_campaign.ends_at, v_campaign.deleted_at)));
    END IF;
  END IF;

  -- Money.
  currency := coalesce(v_voucher.currency, p_currency);
  balance_minor := v_claim.balance_minor;
  discount_minor := marketplace.discount_of(v_voucher, p_amount_minor, balance_minor);
  IF v_voucher.discount_type = 'gift_balance' AND balance_minor = 0 THEN
    violations := violations || '{"code": "balance.exhausted"}'::jsonb;
  END IF;
  IF discount_minor IS NULL
    AND (v_voucher.discount_type = 'gift_balance' OR v_voucher.budget_minor IS NOT NULL OR v_campaign.budget_minor IS NOT NULL)
  THEN
    violations := violations || '{"code": "amount.required"}'::jsonb;
  END IF;
  IF p_currency <> coalesce(v_voucher.currency, v_campaign.currency) THEN
    violations := violations || jsonb_build_object('code', 'amount.currencyMismatch', 'currency', coalesce(v_voucher.currency, v_campaign.currency));
  END IF;

  -- Limits. An absent row of a person or a day has counted nothing.
  SELECT counter.used_count, counter.discount_minor INTO STRICT v_counter
  FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher_id;
  v_used[1] := v_counter.used_count;
  v_used[2] := v_counter.discount_minor;
  IF v_voucher.limit_per_location_day IS NOT NULL AND location_id IS NOT NULL THEN
    v_used[5] := coalesce((
      SELECT counter.used_count FROM marketplace.location_day_counters counter
      WHERE counter.voucher_id = p_voucher_id AND counter.location_id = v_place.id AND counter.day = v_local::date
    ), 0);
  END IF;
  IF v_campaign.id IS NOT NULL THEN
    SELECT counter.used_count, counter.discount_minor INTO STRICT v_counter
    FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id;
    v_used[6] := v_counter.used_count;
    v_used[7] := v_counter.discount_minor;
  END IF;
  IF p_user_id IS NOT NULL THEN
    IF v_voucher.limit_per_user IS NOT NULL THEN
      v_used[3] := coalesce((
        SELECT counter.used_count FROM marketplace.user_counters counter
        WHERE counter.user_id = p_user_id AND counter.voucher_id = p_voucher_id
      ), 0);
    END IF;
    IF v_voucher.limit_per_user_day IS NOT NULL AND location_id IS NOT NULL THEN
      v_used[4] := coalesce((
        SELECT counter.used_count FROM marketplace.user_day_counters counter
        WHERE counter.user_id = p_user_id AND counter.voucher_id = p_voucher_id AND counter.day = v_local::date
      ), 0);
    END IF;
    IF v_campaign.limit_per_user IS NOT NULL THEN
      v_used[8] := coalesce((
        SELECT counter.used_count FROM marketplace.campaign_user_counters counter
        WHERE counter.user_id = p_user_id AND counter.campaign_id = v_campaign.id
      ), 0);
    END IF;
  END IF;

  -- Holds of others count like redemptions as long as they live; the consumer's own is what is redeemed now.
  IF v_voucher.limit_total IS NOT NULL OR v_voucher.limit_per_user IS NOT NULL OR v_campaign.limit_total IS NOT NULL
    OR v_campaign.limit_per_user IS NOT NULL OR p_hold_key IS NOT NULL
  THEN
    SELECT hold.id INTO hold_id FROM marketplace.holds hold
    WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at
      AND CASE WHEN p_hold_key IS NULL THEN hold.user_id = p_user_id
        ELSE hold.key = p_hold_key AND (p_user_id IS NULL OR hold.user_id = p_user_id) END
    ORDER BY hold.expires_at, hold.id LIMIT 1;
    SELECT count(*) FILTER (WHERE hold.voucher_id = p_voucher_id) AS total,
      count(*) FILTER (WHERE hold.voucher_id = p_voucher_id AND hold.user_id = p_user_id) AS by_user,
      count(*) AS campaign_total,
      count(*) FILTER (WHERE hold.user_id = p_user_id) AS campaign_by_user
    INTO v_others
    FROM marketplace.holds hold
    WHERE hold.voucher_id = ANY (CASE WHEN v_campaign.id IS NULL THEN ARRAY[p_voucher_id]
        ELSE ARRAY(SELECT sister.id FROM marketplace.vouchers sister WHERE sister.campaign_id = v_campaign.id) END)
      AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.id IS DISTINCT FROM decide.hold_id;
    v_held[1] := v_others.total;
    v_held[3] := v_others.by_user;
    v_held[6] := v_others.campaign_total;
    v_held[8] := v_others.campaign_by_user;
  END IF;

  violations := violations || marketplace.limit_violations(
    v_voucher, v_campaign, v_used, v_held, p_user_id IS NOT NULL, coalesce(discount_minor, 0), local_day, v_place.time_zone);

  IF cardinality(p_combined_with) > 0 AND (v_voucher.stacking_group IS NULL OR EXISTS (
    SELECT FROM unnest(p_combined_with) AS wanted (id)
    LEFT JOIN marketplace.vouchers other ON other.id = wanted.id
    WHERE other.stacking_group IS DISTINCT FROM v_voucher.stacking_group
  )) THEN
    violations := violations || '{"code": "voucher.notCombinable"}'::jsonb;
  END IF;
  rollback_until := p_at + make_interval(mins => v_voucher.rollback_window_minutes);
END
$$;


--
-- Name: discount_of(marketplace.vouchers, bigint, bigint); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.discount_of(p_voucher marketplace.vouchers, p_amount_minor bigint, p_balance_minor bigint) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
BEGIN
  RETURN CASE p_voucher.discount_type
    WHEN 'percentage' THEN least(round(p_amount_minor * p_voucher.percent_off / 100)::bigint,
      CASE WHEN p_amount_minor IS NOT NULL THEN p_voucher.percent_cap_minor END)
    WHEN 'fixed_amount' THEN least(p_voucher.amount_off_minor, p_amount_minor)
    WHEN 'free_item' THEN p_amount_minor
    WHEN 'fixed_price' THEN greatest(p_amount_minor - p_voucher.fixed_price_minor, CASE WHEN p_amount_minor IS NOT NULL THEN 0 END)
    ELSE CASE WHEN p_amount_minor IS NOT NULL THEN least(p_amount_minor, p_balance_minor) END
  END;
END
$$;


--
-- Name: enter_redemptions(marketplace.redemptions[], text[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.enter_redemptions(p_entries marketplace.redemptions[], p_languages text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT entry.* FROM unnest(p_entries) AS entry;
  INSERT INTO marketplace.location_day_counters AS counter (voucher_id, location_id, day, used_count)
  SELECT entry.voucher_id, entry.location_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.location_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.location_id, entry.local_day
  ON CONFLICT (voucher_id, location_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_counters AS counter (voucher_id, user_id, used_count)
  SELECT entry.voucher_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id
  ON CONFLICT (user_id, voucher_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_day_counters AS counter (voucher_id, user_id, day, used_count)
  SELECT entry.voucher_id, entry.user_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id, entry.local_day
  ON CONFLICT (user_id, voucher_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.campaign_user_counters AS counter (campaign_id, user_id, used_count)
  SELECT entry.campaign_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.campaign_id IS NOT NULL AND entry.user_id IS NOT NULL
  GROUP BY entry.campaign_id, entry.user_id
  ON CONFLICT (user_id, campaign_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.code_uses (code_id, redemption_id, used_at)
  SELECT entry.code_id, entry.id, entry.redeemed_at
  FROM unnest(p_entries) AS entry
  WHERE (SELECT code.kind FROM marketplace.voucher_codes code WHERE code.id = entry.code_id) <> 'static';
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  SELECT 'redemption', (told.entry).id::text, 'redemption.redeemed',
    marketplace.redemption_event(told.entry) || jsonb_build_object('language', p_languages[place]), (told.entry).request_id
  FROM generate_subscripts(p_entries, 1) AS place
  CROSS JOIN LATERAL (SELECT p_entries[place] AS entry OFFSET 0) AS told;
END
$$;


--
-- Name: expire_vouchers(timestamp with time zone, integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.expire_vouchers(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_count integer;
BEGIN
  WITH over AS MATERIALIZED (
    SELECT v.id
    FROM marketplace.vouchers v
    WHERE v.state IN ('published', 'suspended') AND v.deleted_at IS NULL
      -- Nowhere is it a later day than at UTC+14.
      AND v.valid_until < (p_now AT TIME ZONE 'Etc/GMT-14')::date
      AND CASE
        WHEN EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id
        ) THEN NOT EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id AND business.start_of_day(v.valid_until + 1, l.time_zone) > p_now
        )
        ELSE business.start_of_day(v.valid_until + 1, 'Etc/GMT+12') <= p_now
      END
    ORDER BY v.id
    LIMIT p_limit
    FOR NO KEY UPDATE OF v SKIP LOCKED
  )
  UPDATE marketplace.vouchers v SET state = 'expired' FROM over WHERE v.id = over.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;


--
-- Name: find_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid, integer, boolean, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.find_nearby(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category text, p_business_id uuid, p_words text, p_languages text[], p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, p_batch integer, p_only_redeemable boolean, p_user_id uuid, OUT category_known boolean, OUT batch integer, OUT location_ids uuid[], OUT voucher_ids uuid[], OUT distances double precision[]) RETURNS record
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


--
-- Name: find_nearby_words(double precision, double precision, double precision, double precision[], uuid[], uuid, tsquery, double precision, timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid, boolean, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.find_nearby_words(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category_ids uuid[], p_business_id uuid, p_query tsquery, p_ball double precision, p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, p_only_redeemable boolean, p_user_id uuid, OUT location_ids uuid[], OUT voucher_ids uuid[], OUT distances double precision[]) RETURNS record
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


--
-- Name: fold_scans(uuid[], timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.fold_scans(p_voucher_ids uuid[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_moved jsonb := '{}';
  v_names text[];
  v_steps bigint[];
  v_amounts bigint[];
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_scan marketplace.scans;
  v_claim marketplace.claims;
  v_live marketplace.redemptions;
  v_entry marketplace.redemptions;
  v_entries marketplace.redemptions[] := '{}';
  v_displaced marketplace.redemptions[] := '{}';
  v_claims uuid[] := '{}';
  v_zone text;
  v_day date;
  v_discount bigint;
  v_balance bigint;
  v_violations jsonb;
BEGIN
  FOR v_live IN
    SELECT entry.* FROM marketplace.redemptions entry
    WHERE entry.voucher_id = ANY (p_voucher_ids) AND entry.scan_nonce IS NOT NULL AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
  LOOP
    v_names := marketplace.count_names(v_live);
    v_moved := v_moved || (
      SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) - CASE WHEN name LIKE '%spent %' THEN v_live.discount_minor ELSE 1 END)
      FROM unnest(v_names) AS name WHERE name IS NOT NULL
    );
  END LOOP;

  FOR v_scan IN
    SELECT scan.* FROM marketplace.scans scan
    WHERE scan.voucher_id = ANY (p_voucher_ids) AND NOT EXISTS (
      SELECT FROM marketplace.redemptions entry
      JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id AND reversal.scan_nonce IS NULL
      WHERE entry.scan_nonce = scan.nonce
    )
    ORDER BY scan.scanned_at, scan.nonce
  LOOP
    SELECT voucher.* INTO STRICT v_voucher FROM marketplace.vouchers voucher WHERE voucher.id = v_scan.voucher_id;
    SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
    SELECT claim.* INTO v_claim FROM marketplace.claims claim WHERE claim.id = v_scan.claim_id;
    SELECT location.time_zone INTO STRICT v_zone FROM business.locations location WHERE location.id = v_scan.location_id;
    v_day := (v_scan.scanned_at AT TIME ZONE v_zone)::date;
    v_violations := '[]';

    v_entry := NULL;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'redemption';
    v_entry.voucher_id := v_scan.voucher_id;
    v_entry.business_id := v_scan.business_id;
    v_entry.campaign_id := v_voucher.campaign_id;
    v_entry.location_id := v_scan.location_id;
    v_entry.claim_id := v_scan.claim_id;
    v_entry.code_id := v_scan.code_id;
    v_entry.user_id := v_scan.user_id;
    v_entry.staff_id := v_scan.staff_id;
    v_entry.api_key_id := v_scan.api_key_id;
    v_entry.channel := 'offline';
    v_entry.local_day := v_day;
    v_entry.currency := coalesce(v_voucher.currency, v_scan.currency);
    v_entry.amount_minor := v_scan.amount_minor;
    v_entry.scan_nonce := v_scan.nonce;
    v_entry.redeemed_at := v_scan.scanned_at;
    v_names := marketplace.count_names(v_entry);
    v_steps := ARRAY(SELECT coalesce((v_moved ->> name)::bigint, 0) FROM unnest(v_names) WITH ORDINALITY AS listed (name, place) ORDER BY place);

    IF v_scan.scanned_at < business.start_of_day(v_voucher.valid_from, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.notYetValid"}'::jsonb;
    END IF;
    IF v_scan.scanned_at >= business.start_of_day(v_voucher.valid_until + 1, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.expired"}'::jsonb;
    END IF;
    IF v_claim.expires_at <= v_scan.scanned_at THEN
      v_violations := v_violations || '{"code": "claim.expired"}'::jsonb;
    END IF;
    v_balance := v_claim.balance_minor - v_steps[11];
    v_discount := marketplace.discount_of(v_voucher, v_scan.amount_minor, v_balance);
    v_entry.discount_minor := coalesce(v_discount, 0);
    IF v_claim.balance_minor IS NOT NULL THEN
      IF v_balance <= 0 THEN
        v_violations := v_violations || '{"code": "balance.exhausted"}'::jsonb;
      END IF;
    ELSIF v_claim.id IS NOT NULL AND v_steps[9] + (
      SELECT count(*) FROM marketplace.redemptions entry
      WHERE entry.claim_id = v_claim.id AND entry.kind = 'redemption'
        AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
    ) > 0 THEN
      v_violations := v_violations || '{"code": "claim.redeemed"}'::jsonb;
    END IF;
    IF EXISTS (SELECT FROM marketplace.voucher_codes code WHERE code.id = v_scan.code_id AND code.kind <> 'static')
      AND v_steps[10] + (SELECT count(*) FROM marketplace.code_uses used WHERE used.code_id = v_scan.code_id) > 0
    THEN
      v_violations := v_violations || '{"code": "code.used"}'::jsonb;
    END IF;
    v_violations := v_violations || marketplace.limit_violations(
      v_voucher, v_campaign,
      ARRAY[
        v_steps[1] + (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[2] + (SELECT counter.discount_minor FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[3] + coalesce((SELECT counter.used_count FROM marketplace.user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id), 0),
        v_steps[4] + coalesce((SELECT counter.used_count FROM marketplace.user_day_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id AND counter.day = v_day), 0),
        v_steps[5] + coalesce((SELECT counter.used_count FROM marketplace.location_day_counters counter
          WHERE counter.voucher_id = v_scan.voucher_id AND counter.location_id = v_scan.location_id AND counter.day = v_day), 0),
        v_steps[6] + (SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[7] + (SELECT counter.discount_minor FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[8] + coalesce((SELECT counter.used_count FROM marketplace.campaign_user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.campaign_id = v_campaign.id), 0)
      ],
      '{0,0,0,0,0,0,0,0}', v_scan.user_id IS NOT NULL, v_entry.discount_minor, v_day, v_zone);

    SELECT entry.* INTO v_live FROM marketplace.redemptions entry
    WHERE entry.scan_nonce = v_scan.nonce AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id);
    IF jsonb_array_length(v_violations) = 0 THEN
      v_moved := v_moved || (
        SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) + CASE WHEN name LIKE '%spent %' THEN v_entry.discount_minor ELSE 1 END)
        FROM unnest(v_names) AS name WHERE name IS NOT NULL
      );
      IF v_live.id IS NULL OR v_live.discount_minor <> v_entry.discount_minor THEN
        v_entries := v_entries || v_entry;
        v_claims := v_claims || v_scan.claim_id;
      END IF;
    END IF;
    IF v_live.id IS NOT NULL AND (jsonb_array_length(v_violations) > 0 OR v_live.discount_minor <> v_entry.discount_minor) THEN
      v_displaced := v_displaced || v_live;
      v_claims := v_claims || v_scan.claim_id;
    END IF;
    INSERT INTO marketplace.scan_verdicts AS verdict (nonce, violations, folded_at)
    VALUES (v_scan.nonce, ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(v_violations) AS violation), p_at)
    ON CONFLICT (nonce) DO UPDATE SET violations = excluded.violations, folded_at = excluded.folded_at
    WHERE verdict.violations <> excluded.violations;
  END LOOP;

  FOREACH v_live IN ARRAY v_displaced LOOP
    v_entry := v_live;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'rollback';
    v_entry.reverses_id := v_live.id;
    v_entry.discount_minor := -v_live.discount_minor;
    v_entry.redeemed_at := p_at;
    PERFORM marketplace.take_back(v_entry);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_live.discount_minor
    WHERE claim.id = v_live.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  FOREACH v_entry IN ARRAY v_entries LOOP
    PERFORM marketplace.count_in_all(v_entry, 1);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor - v_entry.discount_minor
    WHERE claim.id = v_entry.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  PERFORM marketplace.enter_redemptions(v_entries, '{}');
  UPDATE marketplace.claims claim SET state = due.state
  FROM (
    SELECT touched.id, CASE
      WHEN touched.balance_minor > 0 THEN 'active'
      WHEN touched.balance_minor = 0 THEN 'redeemed'
      WHEN EXISTS (
        SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = touched.id AND entry.kind = 'redemption'
          AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
      ) THEN 'redeemed'
      ELSE 'active' END::marketplace.claim_state AS state
    FROM marketplace.claims touched WHERE touched.id = ANY (v_claims)
  ) AS due
  WHERE claim.id = due.id AND claim.state IN ('active', 'redeemed') AND claim.state <> due.state;
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
-- Name: follow_limits(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.follow_limits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF TG_TABLE_NAME = 'vouchers' THEN
    INSERT INTO marketplace.voucher_counters AS counter (voucher_id, limit_total, budget_minor, claim_limit_total)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor, NEW.claim_limit_total)
    ON CONFLICT (voucher_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor,
      claim_limit_total = NEW.claim_limit_total;
  ELSE
    INSERT INTO marketplace.campaign_counters AS counter (campaign_id, limit_total, budget_minor)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor)
    ON CONFLICT (campaign_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor;
  END IF;
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
-- Name: forget_person(uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.forget_person(p_user_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  SELECT marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim WHERE claim.user_id = p_user_id));
  DELETE FROM marketplace.holds WHERE user_id = p_user_id;
  DELETE FROM marketplace.claims claim WHERE claim.user_id = p_user_id
    AND NOT EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id)
    AND NOT EXISTS (SELECT FROM marketplace.scans scan WHERE scan.claim_id = claim.id);
  UPDATE marketplace.claims SET state = 'released' WHERE user_id = p_user_id AND state = 'active';
  UPDATE marketplace.attempts SET user_id = NULL, claim_id = NULL, latitude = NULL, longitude = NULL,
    accuracy_meters = NULL, device = NULL
  WHERE user_id = p_user_id
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
-- Name: hold_voucher(uuid, uuid, text, integer, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.hold_voucher(p_voucher_id uuid, p_hold_id uuid, p_key text, p_ttl_seconds integer, p_at timestamp with time zone, OUT verdict text, OUT hold_id uuid, OUT created_at timestamp with time zone, OUT expires_at timestamp with time zone, OUT violations jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_user_id constant uuid := security.current_user_id();
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_hold marketplace.holds;
  v_used bigint[];
  v_held bigint[];
BEGIN
  IF v_user_id IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody holds';
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[p_voucher_id]);
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  IF v_voucher.id IS NULL THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  SELECT hold.* INTO v_hold FROM marketplace.holds hold
  WHERE hold.voucher_id = p_voucher_id AND hold.key = p_key;
  IF v_hold.released_at IS NULL AND v_hold.expires_at > p_at THEN
    verdict := CASE WHEN v_hold.user_id = v_user_id THEN 'existing' ELSE 'taken' END;
    hold_id := v_hold.id;
    created_at := v_hold.created_at;
    expires_at := v_hold.expires_at;
    RETURN;
  END IF;

  SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
  violations := marketplace.over_violations(v_voucher, v_campaign, p_at);

  -- In the places of marketplace.limit_violations. A hold has no day and no amount: those limits are for who redeems.
  SELECT ARRAY[
    (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = p_voucher_id),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.user_counters counter
      WHERE counter.voucher_id = p_voucher_id AND counter.user_id = v_user_id
    ), 0),
    0, 0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id
    ), 0),
    0,
    coalesce((
      SELECT counter.used_count FROM marketplace.campaign_user_counters counter
      WHERE counter.campaign_id = v_campaign.id AND counter.user_id = v_user_id
    ), 0)
  ]::bigint[] INTO v_used;
  SELECT ARRAY[
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id),
    0,
    count(*) FILTER (WHERE hold.voucher_id = p_voucher_id AND hold.user_id = v_user_id),
    0, 0,
    count(*),
    0,
    count(*) FILTER (WHERE hold.user_id = v_user_id)
  ]::bigint[] INTO v_held
  FROM marketplace.holds hold
  WHERE hold.voucher_id = ANY (CASE WHEN v_campaign.id IS NULL THEN ARRAY[p_voucher_id]
      ELSE ARRAY(SELECT sister.id FROM marketplace.vouchers sister WHERE sister.campaign_id = v_campaign.id) END)
    AND hold.released_at IS NULL AND hold.expires_at > p_at;
  v_voucher.budget_minor := NULL;
  v_voucher.limit_per_user_day := NULL;
  v_voucher.limit_per_location_day := NULL;
  v_campaign.budget_minor := NULL;
  violations := violations || marketplace.limit_violations(v_voucher, v_campaign, v_used, v_held, true, 0, NULL, NULL);
  IF violations <> '[]' THEN
    verdict := 'refused';
    RETURN;
  END IF;

  verdict := 'held';
  created_at := p_at;
  expires_at := p_at + make_interval(secs => p_ttl_seconds);
  INSERT INTO marketplace.holds AS hold (id, voucher_id, user_id, key, created_at, expires_at)
  VALUES (p_hold_id, p_voucher_id, v_user_id, p_key, p_at, expires_at)
  ON CONFLICT (voucher_id, key) DO UPDATE
  SET user_id = excluded.user_id, created_at = excluded.created_at, expires_at = excluded.expires_at, released_at = NULL
  RETURNING hold.id INTO hold_id;
END
$$;


--
-- Name: insert_token_key(text, jsonb, bytea, timestamp with time zone, timestamp with time zone, timestamp with time zone, interval, text); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.insert_token_key(p_kid text, p_public_jwk jsonb, p_encrypted_private_key bytea, p_published_at timestamp with time zone, p_active_from timestamp with time zone, p_retires_at timestamp with time zone, p_overlap interval, p_newest text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_newest text;
BEGIN
  LOCK TABLE marketplace.token_keys IN SHARE ROW EXCLUSIVE MODE;
  SELECT signing.kid INTO v_newest FROM marketplace.token_keys signing
  ORDER BY signing.active_from DESC, signing.kid DESC LIMIT 1;
  IF v_newest IS DISTINCT FROM p_newest THEN
    RETURN false;
  END IF;
  DELETE FROM marketplace.token_keys signing
  WHERE signing.active_from >= p_active_from OR signing.retires_at < p_published_at - interval '1 day';
  UPDATE marketplace.token_keys signing
  SET retires_at = greatest(p_active_from + p_overlap, signing.active_from + interval '1 millisecond')
  WHERE signing.retires_at > p_active_from + p_overlap;
  INSERT INTO marketplace.token_keys (kid, public_jwk, encrypted_private_key, published_at, active_from, retires_at)
  VALUES (p_kid, p_public_jwk, p_encrypted_private_key, p_published_at, p_active_from, p_retires_at);
  RETURN true;
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
-- Name: is_nearest(uuid, uuid, double precision, public.geography, double precision[], timestamp with time zone, timestamp with time zone, boolean, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.is_nearest(p_voucher_id uuid, p_location_id uuid, p_distance double precision, p_point public.geography, p_bounds double precision[], p_open_at timestamp with time zone, p_at timestamp with time zone, p_only_redeemable boolean, p_user_id uuid) RETURNS boolean
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
      AND (NOT p_only_redeemable OR marketplace.is_redeemable(p_voucher_id, location.id, p_user_id, p_at))
  );
END
$$;


--
-- Name: is_redeemable(uuid, uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.is_redeemable(p_voucher_id uuid, p_location_id uuid, p_user_id uuid, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM marketplace.cards card
    JOIN business.locations location ON location.id = card.location_id
    CROSS JOIN LATERAL marketplace.reasons_not_now(
      card.voucher_id, location.id, location.time_zone,
      business.is_open(location.id, location.time_zone, location.weekly_hours, p_at), card.valid_from, p_user_id, p_at
    ) AS refusal
    WHERE card.location_id = p_location_id AND card.voucher_id = p_voucher_id AND refusal.reasons = ''
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
-- Name: keep_discount(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.keep_discount() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_is_used boolean;
BEGIN
  SELECT counter.used_count > 0 OR counter.claimed_count > 0 OR counter.discount_minor > 0 INTO v_is_used
  FROM marketplace.voucher_counters counter WHERE counter.voucher_id = NEW.id
  FOR UPDATE;
  IF v_is_used OR EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.voucher_id = NEW.id)
    OR EXISTS (SELECT FROM marketplace.claims claim WHERE claim.voucher_id = NEW.id) THEN
    RAISE EXCEPTION 'marketplace.vouchers % is in use', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;


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
    CONSTRAINT campaigns_times_finite CHECK (((isfinite(starts_at) IS NOT FALSE) AND (isfinite(ends_at) IS NOT FALSE) AND isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT campaigns_times_in_order CHECK ((ends_at > starts_at)),
    CONSTRAINT campaigns_version_positive CHECK ((version > 0))
);

ALTER TABLE ONLY marketplace.campaigns FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE campaigns; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.campaigns IS 'Vouchers that share limits. `startsAt` is inclusive, `endsAt` is not.';


--
-- Name: limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.limit_violations(p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_used bigint[], p_held bigint[], p_has_user boolean, p_discount_minor bigint, p_local_day date, p_time_zone text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
DECLARE
  v_violations jsonb := '[]';
BEGIN
  IF p_used[1] + p_held[1] >= p_voucher.limit_total THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.soldOut', 'limit', p_voucher.limit_total, 'used', p_used[1]);
  END IF;
  IF p_used[2] + p_discount_minor > p_voucher.budget_minor THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.budgetExhausted',
      'budgetMinor', p_voucher.budget_minor, 'usedMinor', p_used[2], 'currency', p_voucher.currency);
  END IF;
  IF p_has_user AND p_used[3] + p_held[3] >= p_voucher.limit_per_user THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.limitReached', 'limit', p_voucher.limit_per_user, 'used', p_used[3]);
  END IF;
  IF p_has_user AND p_used[4] >= p_voucher.limit_per_user_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'user.dailyLimitReached', 'limit', p_voucher.limit_per_user_day,
      'used', p_used[4], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_used[5] >= p_voucher.limit_per_location_day THEN
    v_violations := v_violations || jsonb_build_object('code', 'location.dailyLimitReached', 'limit', p_voucher.limit_per_location_day,
      'used', p_used[5], 'resetsAt', marketplace.instant_text(business.start_of_day(p_local_day + 1, p_time_zone)));
  END IF;
  IF p_campaign.id IS NOT NULL THEN
    IF p_used[6] + p_held[6] >= p_campaign.limit_total THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.soldOut', 'limit', p_campaign.limit_total, 'used', p_used[6]);
    END IF;
    IF p_used[7] + p_discount_minor > p_campaign.budget_minor THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.budgetExhausted',
        'budgetMinor', p_campaign.budget_minor, 'usedMinor', p_used[7], 'currency', p_campaign.currency);
    END IF;
    IF p_has_user AND p_used[8] + p_held[8] >= p_campaign.limit_per_user THEN
      v_violations := v_violations || jsonb_build_object('code', 'campaign.userLimitReached', 'limit', p_campaign.limit_per_user, 'used', p_used[8]);
    END IF;
  END IF;
  IF NOT p_has_user AND (
    p_voucher.limit_per_user IS NOT NULL OR p_voucher.limit_per_user_day IS NOT NULL OR p_campaign.limit_per_user IS NOT NULL
  ) THEN
    v_violations := v_violations || '{"code": "user.required"}'::jsonb;
  END IF;
  RETURN v_violations;
END
$$;


--
-- Name: list_revoked_tokens(integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.list_revoked_tokens(p_seconds integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO ''
    AS $$
  SELECT claim.id FROM marketplace.claims claim WHERE claim.state <> 'active' AND claim.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM marketplace.vouchers voucher
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE (voucher.state <> 'published' OR voucher.deleted_at IS NOT NULL) AND voucher.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM business.businesses business
  JOIN marketplace.vouchers voucher ON voucher.business_id = business.id
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE NOT business.is_active(business) AND business.updated_at >= now() - make_interval(secs => p_seconds)
$$;


--
-- Name: token_keys; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.token_keys (
    kid text NOT NULL,
    public_jwk jsonb NOT NULL,
    encrypted_private_key bytea NOT NULL,
    published_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    active_from timestamp(3) with time zone NOT NULL,
    retires_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT token_keys_times_in_order CHECK ((isfinite(published_at) AND (published_at <= active_from) AND (active_from < retires_at) AND isfinite(retires_at)))
);

ALTER TABLE ONLY marketplace.token_keys FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE token_keys; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.token_keys IS 'A key that signs the tokens of QR codes. The private half is sealed under a secret that the database does not have.';


--
-- Name: list_token_keys(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.list_token_keys() RETURNS SETOF marketplace.token_keys
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT signing.* FROM marketplace.token_keys signing ORDER BY signing.active_from, signing.kid
$$;


--
-- Name: lock_counters(uuid[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.lock_counters(p_voucher_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_campaign_ids constant uuid[] := ARRAY(
    SELECT voucher.campaign_id FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL
  );
BEGIN
  PERFORM counter.campaign_id FROM marketplace.campaign_counters counter
  WHERE counter.campaign_id = ANY (v_campaign_ids)
  ORDER BY counter.campaign_id FOR NO KEY UPDATE;
  PERFORM counter.voucher_id FROM marketplace.voucher_counters counter
  WHERE counter.voucher_id = ANY (p_voucher_ids)
  ORDER BY counter.voucher_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT FROM marketplace.vouchers voucher
    WHERE voucher.id = ANY (p_voucher_ids) AND voucher.campaign_id IS NOT NULL AND voucher.campaign_id <> ALL (v_campaign_ids)
  ) THEN
    RAISE serialization_failure USING MESSAGE = 'a voucher has moved to another campaign';
  END IF;
END
$$;


--
-- Name: lock_own_claim(uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.lock_own_claim(p_claim_id uuid) RETURNS TABLE(version integer, state marketplace.claim_state)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim
    WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id()
  ));
  RETURN QUERY
  SELECT claim.version, claim.state FROM marketplace.claims claim
  WHERE claim.id = p_claim_id AND claim.user_id = security.current_user_id() FOR UPDATE;
END
$$;


--
-- Name: make_codes(integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.make_codes(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
DECLARE
  c_alphabet constant text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  c_numbers constant bigint := 9034497000000000000;
  v_digits text[];
  v_batch marketplace.code_batches;
  v_wanted integer;
  v_made integer;
BEGIN
  SELECT * INTO v_batch FROM marketplace.code_batches batch
  WHERE batch.state IN ('waiting', 'running')
  ORDER BY batch.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  IF NOT EXISTS (
    SELECT FROM marketplace.vouchers v
    WHERE v.id = v_batch.voucher_id AND v.deleted_at IS NULL AND v.state NOT IN ('expired', 'archived')
  ) THEN
    UPDATE marketplace.code_batches SET state = 'failed', finished_at = now() WHERE id = v_batch.id;
    RETURN p_limit;
  END IF;

  v_wanted := least(p_limit, v_batch.requested_count - v_batch.made_count);
  -- Spelt out for this length: an aggregate for each code takes four times as long. Nothing of it was typed by anybody.
  v_digits := ARRAY(
    SELECT format('(number%s / %s %% 30)::integer', place / 12, (30::numeric ^ (place % 12))::bigint)
    FROM generate_series(0, v_batch.length - 1) AS place
  );
  EXECUTE format(
    $query$
      INSERT INTO marketplace.voucher_codes (id, voucher_id, batch_id, kind, code)
      SELECT
        -- A UUID of version 7.
        encode(set_bit(set_bit(overlay(
          uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
        ), 52, 1), 53, 1), 'hex')::uuid,
        $1, $2, $3, $4 || drawn.body || substr($5, 1 + drawn.checked, 1)
      FROM (
        SELECT %s AS body, (31 - (%s) %% 31) %% 31 AS checked
        FROM (
          SELECT
            ('x' || encode(substring(bytes FROM 1 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number0,
            ('x' || encode(substring(bytes FROM 9 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number1,
            ('x' || encode(substring(bytes FROM 17 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number2
          FROM (SELECT public.gen_random_bytes(24) AS bytes FROM generate_series(1, $6) OFFSET 0) AS source
          OFFSET 0
        ) AS numbers
        WHERE greatest(number0, number1, number2) < $7
        OFFSET 0
      ) AS drawn
      WHERE drawn.checked < 30
      LIMIT $8
      ON CONFLICT (code) DO NOTHING
    $query$,
    (SELECT string_agg(format('substr($5, 1 + %s, 1)', digit), ' || ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place)),
    (SELECT string_agg(format('%s * %s', digit, v_batch.length + 2 - place), ' + ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place))
  ) USING v_batch.voucher_id, v_batch.id, v_batch.kind, v_batch.prefix, c_alphabet, v_wanted + v_wanted / 8 + 64, c_numbers,
    v_wanted;
  GET DIAGNOSTICS v_made = ROW_COUNT;

  UPDATE marketplace.code_batches batch
  SET made_count = batch.made_count + v_made,
    state = CASE WHEN batch.made_count + v_made = batch.requested_count THEN 'done' ELSE 'running' END::marketplace.code_batch_state,
    finished_at = CASE WHEN batch.made_count + v_made = batch.requested_count THEN now() END
  WHERE batch.id = v_batch.id;
  RETURN p_limit;
END
$_$;


--
-- Name: merge_scans(jsonb, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.merge_scans(p_requests jsonb, p_at timestamp with time zone) RETURNS TABLE(ordinal integer, verdict text, violations text[], redemption_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_voucher_ids uuid[];
BEGIN
  v_voucher_ids := ARRAY(
    SELECT sister.id
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN marketplace.vouchers sister ON sister.id = target.voucher_id OR sister.campaign_id = target.campaign_id
    WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
    GROUP BY sister.id
  );
  PERFORM marketplace.lock_counters(v_voucher_ids);
  INSERT INTO marketplace.scans (nonce, voucher_id, business_id, location_id, claim_id, code_id, user_id, staff_id, api_key_id,
    amount_minor, currency, device, scanned_at, received_at)
  SELECT request.nonce, target.voucher_id, target.business_id, location.id, target.claim_id, target.code_id, target.user_id,
    CASE WHEN target.api_key_id IS NULL THEN target.staff_id END, target.api_key_id, request."amountMinor", request.currency,
    request.device, request."scannedAt", p_at
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "amountMinor" bigint, currency text, device text, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  JOIN business.locations location ON location.id = request."locationId" AND location.business_id = target.business_id
  WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
  ORDER BY request.nonce
  ON CONFLICT (nonce) DO NOTHING;
  PERFORM marketplace.fold_scans(v_voucher_ids, p_at);

  RETURN QUERY
  SELECT target.ordinal,
    CASE
      WHEN scan.nonce IS NULL THEN 'notFound'
      WHEN scan.voucher_id <> target.voucher_id OR scan.claim_id IS DISTINCT FROM target.claim_id
        OR scan.code_id IS DISTINCT FROM target.code_id OR scan.location_id <> request."locationId"
        OR scan.scanned_at <> request."scannedAt" THEN 'nonceReused'
      WHEN live.is_withdrawn THEN 'withdrawn'
      WHEN folded.violations = '{}' THEN 'within'
      ELSE 'overUse' END,
    folded.violations, live.id
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  LEFT JOIN marketplace.scans scan ON scan.nonce = request.nonce AND scan.business_id = target.business_id
  LEFT JOIN marketplace.scan_verdicts folded ON folded.nonce = scan.nonce
  LEFT JOIN LATERAL (
    SELECT entry.id, reversal.id IS NOT NULL AS is_withdrawn
    FROM marketplace.redemptions entry
    LEFT JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id
    WHERE entry.scan_nonce = scan.nonce AND entry.kind = 'redemption' AND (reversal.id IS NULL OR reversal.scan_nonce IS NULL)
    LIMIT 1
  ) AS live ON true
  ORDER BY target.ordinal;
END
$$;


--
-- Name: note_revocation(); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.note_revocation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL THEN
    NEW.revoked_at := OLD.revoked_at;
    NEW.revoked_by := OLD.revoked_by;
  ELSE
    NEW.revoked_by := audit.current_actor();
  END IF;
  RETURN NEW;
END
$$;


--
-- Name: over_violations(marketplace.vouchers, marketplace.campaigns, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.over_violations(p_voucher marketplace.vouchers, p_campaign marketplace.campaigns, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
DECLARE
  v_violations jsonb := '[]';
  v_ends_at constant timestamptz := marketplace.voucher_ends_at(p_voucher.id);
BEGIN
  IF p_voucher.state IN ('suspended', 'archived') THEN
    v_violations := v_violations || jsonb_build_object('code', 'voucher.' || p_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = p_voucher.business_id AND business.is_active(business)
  ) THEN
    v_violations := v_violations || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_voucher.state = 'expired' OR v_ends_at <= p_at THEN
    v_violations := v_violations || jsonb_build_object(
      'code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_ends_at));
  END IF;
  IF p_campaign.ends_at <= p_at OR p_campaign.deleted_at IS NOT NULL THEN
    v_violations := v_violations || jsonb_build_object('code', 'campaign.ended',
      'endsAt', marketplace.instant_text(least(p_campaign.ends_at, p_campaign.deleted_at)));
  END IF;
  RETURN v_violations;
END
$$;


--
-- Name: own_claims(uuid, timestamp with time zone, double precision, double precision); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.own_claims(p_claim_id uuid, p_at timestamp with time zone, p_latitude double precision, p_longitude double precision) RETURNS TABLE(id uuid, voucher_id uuid, voucher_state marketplace.voucher_state, source_id text, state marketplace.claim_state, short_code text, balance_minor bigint, claimed_at timestamp with time zone, expires_at timestamp with time zone, redeemed_at timestamp with time zone, version integer, valid_from timestamp with time zone, voucher_expires_at timestamp with time zone, location_id uuid, latitude double precision, longitude double precision, street text, city text, country_code text, distance_meters double precision, time_zone text, is_open boolean, opens_at timestamp with time zone, reasons text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT claim.id, claim.voucher_id, voucher.state, claim.source_id,
    CASE WHEN claim.state = 'active' AND claim.expires_at <= p_at THEN 'expired'::marketplace.claim_state ELSE claim.state END,
    claim.short_code, claim.balance_minor, claim.claimed_at, claim.expires_at, redeemed.at, claim.version,
    validity.starts_at, validity.ends_at, place.id, place.latitude, place.longitude, place.street, place.city,
    place.country_code, coalesce(place.distance, 'infinity'), place.time_zone, opening.is_open, opening.opens_at,
    array_remove(ARRAY[
      CASE claim.state WHEN 'redeemed' THEN 'claim.redeemed' WHEN 'released' THEN 'claim.released'
        WHEN 'expired' THEN 'claim.expired' ELSE CASE WHEN claim.expires_at <= p_at THEN 'claim.expired' END END,
      CASE voucher.state WHEN 'suspended' THEN 'voucher.suspended' WHEN 'archived' THEN 'voucher.archived'
        WHEN 'draft' THEN 'voucher.notPublished' END,
      CASE WHEN NOT merchant.is_active THEN 'business.inactive' END,
      CASE WHEN validity.ends_at <= p_at OR voucher.state = 'expired' THEN 'voucher.expired' END
    ], NULL) || ARRAY(SELECT jsonb_array_elements_text(('[' || refusal.reasons || ']')::jsonb))
  FROM marketplace.claims claim
  JOIN marketplace.vouchers voucher ON voucher.id = claim.voucher_id
  CROSS JOIN LATERAL (
    SELECT business.is_active(business) AS is_active
    FROM business.businesses business WHERE business.id = voucher.business_id
  ) AS merchant
  LEFT JOIN LATERAL (
    SELECT max(entry.redeemed_at) AS at FROM marketplace.redemptions entry
    WHERE entry.claim_id = claim.id AND entry.kind = 'redemption' AND claim.state = 'redeemed'
  ) AS redeemed ON true
  LEFT JOIN LATERAL (
    SELECT location.*, near.distance,
      count(*) OVER () AS places
    FROM marketplace.voucher_locations link
    JOIN business.locations location
      ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT public.ST_Distance(
        marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
      ) AS distance
    ) AS near
    WHERE link.voucher_id = voucher.id
    ORDER BY near.distance, location.id
    LIMIT 1
  ) AS place ON place.places = 1 OR place.distance IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT min(business.start_of_day(voucher.valid_from, location.time_zone)) AS starts_at,
      max(business.start_of_day(voucher.valid_until + 1, location.time_zone)) AS ends_at
    FROM marketplace.voucher_locations link
    JOIN business.locations location
      ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
    WHERE link.voucher_id = voucher.id AND (place.id IS NULL OR location.id = place.id)
  ) AS validity
  LEFT JOIN LATERAL business.opening_state(place.id, place.time_zone, place.weekly_hours, p_at) AS opening
    ON place.id IS NOT NULL
  CROSS JOIN LATERAL marketplace.reasons_not_now(
    voucher.id, place.id, place.time_zone, opening.is_open, validity.starts_at, claim.user_id, p_at
  ) AS refusal
  WHERE claim.user_id = security.current_user_id() AND (p_claim_id IS NULL OR claim.id = p_claim_id);
END
$$;


--
-- Name: own_rows(integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.own_rows(p_limit integer) RETURNS TABLE(table_name text, row_key jsonb, content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
  (SELECT 'marketplace.claims', jsonb_build_object('id', own.id), to_jsonb(own) - 'short_code'
   FROM marketplace.claims own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.holds', jsonb_build_object('id', own.id), to_jsonb(own) - 'key'
   FROM marketplace.holds own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.redemptions', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.redemptions own WHERE own.user_id = security.current_user_id() ORDER BY own.redeemed_at DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.attempts', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.attempts own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_counters', jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id), to_jsonb(own)
   FROM marketplace.user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_day_counters',
     jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id, 'day', own.day), to_jsonb(own)
   FROM marketplace.user_day_counters own WHERE own.user_id = security.current_user_id() ORDER BY own.day DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.campaign_user_counters',
     jsonb_build_object('user_id', own.user_id, 'campaign_id', own.campaign_id), to_jsonb(own)
   FROM marketplace.campaign_user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.scans', jsonb_build_object('nonce', own.nonce),
     to_jsonb(own) - '{staff_id,api_key_id,device}'::text[] || jsonb_build_object('violations', verdict.violations)
   FROM marketplace.scans own LEFT JOIN marketplace.scan_verdicts verdict ON verdict.nonce = own.nonce
   WHERE own.user_id = security.current_user_id() ORDER BY own.scanned_at DESC LIMIT p_limit)
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
-- Name: reasons_not_now(uuid, uuid, text, boolean, timestamp with time zone, uuid, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.reasons_not_now(p_voucher_id uuid, p_location_id uuid, p_time_zone text, p_is_open boolean, p_valid_from timestamp with time zone, p_user_id uuid, p_at timestamp with time zone) RETURNS TABLE(reasons text)
    LANGUAGE sql STABLE ROWS 1
    AS $$
  SELECT concat_ws(',',
    CASE WHEN p_valid_from > p_at THEN '"voucher.notYetValid"' END,
    CASE WHEN voucher.redeemable_hours IS NOT NULL AND NOT voucher.redeemable_hours @> (
        (extract(isodow FROM p_at AT TIME ZONE p_time_zone)::integer - 1) * 1440
        + extract(hour FROM p_at AT TIME ZONE p_time_zone)::integer * 60
        + extract(minute FROM p_at AT TIME ZONE p_time_zone)::integer
      ) THEN '"voucher.outsideHours"' END,
    CASE WHEN NOT p_is_open THEN '"location.closed"' END,
    CASE WHEN voucher.campaign_id IS NOT NULL THEN (
      SELECT CASE WHEN p_at < campaign.starts_at THEN '"campaign.notStarted"'
        WHEN p_at >= campaign.ends_at OR campaign.deleted_at IS NOT NULL THEN '"campaign.ended"' END
      FROM marketplace.campaigns campaign WHERE campaign.id = voucher.campaign_id
    ) END,
    CASE WHEN voucher.limit_total IS NOT NULL AND counter.used_count + (
        SELECT count(*) - coalesce(max((hold.user_id = p_user_id)::integer), 0) FROM marketplace.holds hold
        WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at
      ) >= voucher.limit_total THEN '"voucher.soldOut"' END,
    CASE WHEN counter.discount_minor >= voucher.budget_minor THEN '"voucher.budgetExhausted"' END,
    CASE WHEN p_user_id IS NOT NULL AND voucher.limit_per_user IS NOT NULL AND coalesce((
        SELECT own.used_count FROM marketplace.user_counters own
        WHERE own.user_id = p_user_id AND own.voucher_id = p_voucher_id
      ), 0) + (
        SELECT greatest(count(*) - 1, 0) FROM marketplace.holds hold
        WHERE hold.voucher_id = p_voucher_id AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.user_id = p_user_id
      ) >= voucher.limit_per_user THEN '"user.limitReached"' END,
    CASE WHEN p_user_id IS NOT NULL AND voucher.limit_per_user_day IS NOT NULL AND (
        SELECT own.used_count FROM marketplace.user_day_counters own
        WHERE own.user_id = p_user_id AND own.voucher_id = p_voucher_id AND own.day = (p_at AT TIME ZONE p_time_zone)::date
      ) >= voucher.limit_per_user_day THEN '"user.dailyLimitReached"' END,
    CASE WHEN voucher.limit_per_location_day IS NOT NULL AND (
        SELECT place.used_count FROM marketplace.location_day_counters place
        WHERE place.voucher_id = p_voucher_id AND place.location_id = p_location_id
          AND place.day = (p_at AT TIME ZONE p_time_zone)::date
      ) >= voucher.limit_per_location_day THEN '"location.dailyLimitReached"' END,
    CASE WHEN voucher.campaign_id IS NOT NULL THEN (
      SELECT nullif(concat_ws(',',
        CASE WHEN campaign.limit_total IS NOT NULL AND shared.used_count + (
            SELECT count(*) - coalesce(max((hold.user_id = p_user_id AND hold.voucher_id = p_voucher_id)::integer), 0)
            FROM marketplace.vouchers sister
            JOIN marketplace.holds hold
              ON hold.voucher_id = sister.id AND hold.released_at IS NULL AND hold.expires_at > p_at
            WHERE sister.campaign_id = voucher.campaign_id
          ) >= campaign.limit_total THEN '"campaign.soldOut"' END,
        CASE WHEN shared.discount_minor >= campaign.budget_minor THEN '"campaign.budgetExhausted"' END,
        CASE WHEN p_user_id IS NOT NULL AND campaign.limit_per_user IS NOT NULL AND coalesce((
            SELECT own.used_count FROM marketplace.campaign_user_counters own
            WHERE own.user_id = p_user_id AND own.campaign_id = voucher.campaign_id
          ), 0) + (
            SELECT count(*) - coalesce(max((hold.voucher_id = p_voucher_id)::integer), 0)
            FROM marketplace.vouchers sister
            JOIN marketplace.holds hold
              ON hold.voucher_id = sister.id AND hold.released_at IS NULL AND hold.expires_at > p_at AND hold.user_id = p_user_id
            WHERE sister.campaign_id = voucher.campaign_id
          ) >= campaign.limit_per_user THEN '"campaign.userLimitReached"' END), '')
      FROM marketplace.campaigns campaign
      JOIN marketplace.campaign_counters shared ON shared.campaign_id = campaign.id
      WHERE campaign.id = voucher.campaign_id
    ) END
  )
  FROM marketplace.vouchers voucher
  LEFT JOIN marketplace.voucher_counters counter ON counter.voucher_id = voucher.id
  WHERE voucher.id = p_voucher_id
$$;


--
-- Name: redeem(jsonb); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.redeem(p_requests jsonb) RETURNS TABLE(ordinal integer, verdict text, outcome jsonb, context jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
  asked record;
  decided record;
  v_entry marketplace.redemptions;
  v_entries marketplace.redemptions[] := '{}';
  v_languages text[] := '{}';
  v_attempt marketplace.attempts;
  v_attempts marketplace.attempts[] := '{}';
  v_answer security.idempotency_keys;
  v_answers security.idempotency_keys[] := '{}';
BEGIN
  PERFORM marketplace.lock_counters(ARRAY(
    SELECT target.voucher_id FROM marketplace.resolve_requests(p_requests) AS target WHERE target.is_known));

  FOR asked IN
    SELECT target.*, request.*, claimed.verdict AS key_verdict, claimed.headers, claimed.body,
      row_number() OVER same_key > 1 AS is_key_again,
      row_number() OVER same_key > 1
        OR (target.user_id IS NOT NULL AND row_number() OVER same_user > 1)
        OR (target.code_id IS NOT NULL AND row_number() OVER same_code > 1)
        OR lag((SELECT voucher.limit_per_location_day FROM marketplace.vouchers voucher WHERE voucher.id = target.voucher_id))
          OVER (ORDER BY target.ordinal) IS NOT NULL AS reads_unwritten
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN jsonb_to_recordset(p_requests) AS request (
      ordinal integer, actor text, "clientAddress" text, operation text, key text, fingerprint text, context jsonb,
      "userId" uuid, "requestId" text, "locationId" uuid, latitude double precision, longitude double precision,
      "accuracyMeters" double precision, "amountMinor" bigint, currency text, "combinedWith" uuid[], "holdKey" text,
      "shownUntil" timestamptz, device text, channel marketplace.channel, at timestamptz, "redemptionId" uuid, "attemptId" uuid
    ) ON request.ordinal = target.ordinal
    JOIN security.claim_idempotency_keys(p_requests) AS claimed ON claimed.ordinal = target.ordinal
    WINDOW same_key AS (PARTITION BY request.actor, request.operation, request.key ORDER BY target.ordinal),
      same_user AS (PARTITION BY target.user_id ORDER BY target.ordinal),
      same_code AS (PARTITION BY target.code_id ORDER BY target.ordinal)
    ORDER BY target.ordinal
  LOOP
    ordinal := asked.ordinal;
    IF asked.reads_unwritten THEN
      PERFORM marketplace.write_redeemed(v_entries, v_attempts, v_answers, v_languages);
      v_entries := '{}';
      v_languages := '{}';
      v_attempts := '{}';
      v_answers := '{}';
    END IF;
    IF asked.is_key_again THEN
      SELECT claimed.verdict, claimed.headers, claimed.body INTO asked.key_verdict, asked.headers, asked.body
      FROM security.claim_idempotency_keys(jsonb_build_array(jsonb_build_object('ordinal', asked.ordinal, 'actor', asked.actor,
        'operation', asked.operation, 'key', asked.key, 'fingerprint', asked.fingerprint))) AS claimed;
    END IF;
    IF asked.key_verdict <> 'new' THEN
      verdict := asked.key_verdict;
      outcome := convert_from(asked.body, 'UTF8')::jsonb;
      context := asked.headers;
      RETURN NEXT;
      CONTINUE;
    END IF;
    context := asked.context;
    v_attempt := NULL;
    v_attempt.id := asked."attemptId";
    v_attempt.api_key_id := asked.api_key_id;
    v_attempt.channel := asked.channel;
    v_attempt.latitude := asked.latitude;
    v_attempt.longitude := asked.longitude;
    v_attempt.accuracy_meters := asked."accuracyMeters";
    v_attempt.device := asked.device;
    v_attempt.request_id := asked."requestId";
    v_attempt.attempted_at := asked.at;

    IF NOT asked.is_known THEN
      v_attempt.user_id := asked."userId";
      v_attempt.violations := '{unknown}';
      v_attempts := v_attempts || v_attempt;
      verdict := 'notFound';
      outcome := NULL;
      RETURN NEXT;
      CONTINUE;
    END IF;

    SELECT * INTO STRICT decided FROM marketplace.decide(
      asked.voucher_id, asked.claim_id, asked.code_id, asked.user_id, asked."locationId", asked.latitude, asked.longitude,
      asked."amountMinor", asked.currency, asked."combinedWith", asked."holdKey", asked."shownUntil", asked.at);
    v_attempt.voucher_id := asked.voucher_id;
    v_attempt.business_id := asked.business_id;
    v_attempt.location_id := decided.location_id;
    v_attempt.user_id := asked.user_id;
    v_attempt.claim_id := decided.claim_id;
    v_attempt.code_id := asked.code_id;
    IF asked.api_key_id IS NULL AND asked.staff_id IS NOT NULL THEN
      v_attempt.staff_id := asked.staff_id;
      v_attempt.channel := 'counter';
    END IF;
    v_attempt.violations := ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(decided.violations) AS violation);

    IF decided.violations = '[]' THEN
      verdict := 'redeemed';
      v_attempt.redemption_id := asked."redemptionId";
      v_entry := NULL;
      v_entry.id := asked."redemptionId";
      v_entry.kind := 'redemption';
      v_entry.voucher_id := asked.voucher_id;
      v_entry.business_id := asked.business_id;
      v_entry.campaign_id := asked.campaign_id;
      v_entry.location_id := decided.location_id;
      v_entry.claim_id := decided.claim_id;
      v_entry.code_id := asked.code_id;
      v_entry.user_id := asked.user_id;
      v_entry.staff_id := v_attempt.staff_id;
      v_entry.api_key_id := asked.api_key_id;
      v_entry.channel := v_attempt.channel;
      v_entry.local_day := decided.local_day;
      v_entry.discount_minor := coalesce(decided.discount_minor, 0);
      v_entry.currency := decided.currency;
      v_entry.amount_minor := asked."amountMinor";
      v_entry.request_id := asked."requestId";
      v_entry.redeemed_at := asked.at;
      v_entries := v_entries || v_entry;
      v_languages := v_languages || (asked.context ->> 'language');
      PERFORM marketplace.count_in_all(v_entry, 1);
      IF decided.claim_id IS NOT NULL THEN
        -- Of all that is written here, claims alone are audited: on whose behalf.
        PERFORM set_config('app.actor', asked.actor, true),
          set_config('app.user_id', coalesce(asked."userId"::text, ''), true),
          set_config('app.business_id', CASE WHEN asked.staff_id IS NULL AND asked.api_key_id IS NULL THEN '' ELSE asked.business_id::text END, true),
          set_config('app.request_id', coalesce(asked."requestId", ''), true),
          set_config('app.client_address', coalesce(asked."clientAddress", ''), true);
        UPDATE marketplace.claims claim
        SET balance_minor = decided.balance_minor - v_entry.discount_minor,
          state = CASE WHEN decided.balance_minor > v_entry.discount_minor THEN claim.state ELSE 'redeemed' END
        WHERE claim.id = decided.claim_id AND claim.state = 'active';
        IF NOT FOUND THEN
          RAISE serialization_failure USING MESSAGE = 'the claim is no longer as was decided on';
        END IF;
      END IF;
      IF decided.hold_id IS NOT NULL THEN
        UPDATE marketplace.holds SET released_at = asked.at WHERE id = decided.hold_id;
      END IF;
      outcome := jsonb_build_object(
        'id', v_entry.id, 'voucherId', v_entry.voucher_id, 'businessId', v_entry.business_id,
        'locationId', v_entry.location_id, 'claimId', v_entry.claim_id, 'channel', v_entry.channel,
        'discountMinor', decided.discount_minor, 'amountMinor', v_entry.amount_minor,
        'currency', CASE WHEN decided.discount_minor IS NOT NULL THEN v_entry.currency END,
        'localDay', v_entry.local_day, 'redeemedAt', marketplace.instant_text(v_entry.redeemed_at),
        'rollbackUntil', marketplace.instant_text(decided.rollback_until));
    ELSE
      verdict := 'refused';
      outcome := jsonb_build_object('violations', decided.violations);
    END IF;

    v_attempts := v_attempts || v_attempt;
    v_answer.caller := asked.actor;
    v_answer.operation := asked.operation;
    v_answer.key := asked.key;
    v_answer.fingerprint := decode(asked.fingerprint, 'hex');
    v_answer.status := CASE verdict WHEN 'redeemed' THEN 201 ELSE 409 END;
    v_answer.headers := asked.context;
    v_answer.body := convert_to(outcome::text, 'UTF8');
    v_answers := v_answers || v_answer;
    RETURN NEXT;
  END LOOP;
  PERFORM marketplace.write_redeemed(v_entries, v_attempts, v_answers, v_languages);
END
$$;


--
-- Name: redemption_event(marketplace.redemptions); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.redemption_event(p_entry marketplace.redemptions) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT jsonb_build_object(
    'id', p_entry.id, 'reversesId', p_entry.reverses_id, 'voucherId', p_entry.voucher_id, 'businessId', p_entry.business_id,
    'campaignId', p_entry.campaign_id, 'locationId', p_entry.location_id, 'claimId', p_entry.claim_id,
    'channel', p_entry.channel, 'discountMinor', p_entry.discount_minor, 'currency', p_entry.currency,
    'localDay', p_entry.local_day, 'redeemedAt', marketplace.instant_text(p_entry.redeemed_at)
  )
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
-- Name: render_cards(uuid[], uuid[], double precision[], text[], integer, timestamp with time zone, boolean, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.render_cards(p_location_ids uuid[], p_voucher_ids uuid[], p_distances double precision[], p_chain text[], p_match_length integer, p_at timestamp with time zone, p_geojson boolean, p_user_id uuid, OUT data text, OUT languages text[]) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  v_language constant text := p_chain[1];
  v_ready_depth constant integer := i18n.ready_depth(p_chain, p_match_length);
  v_others text[];
  v_is_first_used boolean;
BEGIN
  WITH place AS MATERIALIZED (
    SELECT location.id, location.time_zone, state.is_open,
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
        || '},"redeemable":{"now":' || (refusal.reasons = '')::text || ',"reasons":[' || refusal.reasons || ']}}' AS json
    FROM unnest(p_location_ids, p_voucher_ids, p_distances) WITH ORDINALITY AS row (location_id, voucher_id, distance, ordinal)
    JOIN place ON place.id = row.location_id
    JOIN marketplace.cards card ON card.location_id = row.location_id AND card.voucher_id = row.voucher_id
    CROSS JOIN LATERAL marketplace.reasons_not_now(
      row.voucher_id, place.id, place.time_zone, place.is_open, card.valid_from, p_user_id, p_at
    ) AS refusal
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
-- Name: resolve_requests(jsonb); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.resolve_requests(p_requests jsonb) RETURNS TABLE(ordinal integer, is_known boolean, voucher_id uuid, business_id uuid, campaign_id uuid, claim_id uuid, code_id uuid, user_id uuid, staff_id uuid, api_key_id uuid)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT asked.ordinal, known.is_known,
    CASE WHEN known.is_known THEN voucher.id END,
    CASE WHEN known.is_known THEN voucher.business_id END,
    CASE WHEN known.is_known THEN voucher.campaign_id END,
    CASE WHEN known.is_known THEN claim.id END,
    CASE WHEN known.is_known THEN code.id END,
    CASE WHEN claim.id IS NOT NULL THEN claim.user_id WHEN NOT staff.is_staff THEN asked."userId" END,
    CASE WHEN staff.is_staff THEN asked."userId" END,
    asked."apiKeyId"
  FROM jsonb_to_recordset(p_requests) AS asked (
    ordinal integer, "voucherId" uuid, "claimId" uuid, code text, "userId" uuid, "apiKeyId" uuid, "keyBusinessId" uuid
  )
  LEFT JOIN LATERAL (
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.id = asked."claimId"
    UNION ALL
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.short_code = asked.code
    LIMIT 1
  ) AS claim ON true
  LEFT JOIN marketplace.voucher_codes code ON code.code = asked.code
  LEFT JOIN marketplace.vouchers voucher
    ON voucher.id = coalesce(claim.voucher_id, code.voucher_id, asked."voucherId") AND voucher.deleted_at IS NULL
  LEFT JOIN business.businesses business ON business.id = voucher.business_id
  CROSS JOIN LATERAL (
    SELECT coalesce(
      asked."keyBusinessId" = voucher.business_id
        OR business.owner_id = asked."userId"
        OR EXISTS (
          SELECT FROM business.members member
          WHERE member.business_id = voucher.business_id AND member.user_id = asked."userId"
        ),
      false
    ) AS is_staff
  ) AS staff
  CROSS JOIN LATERAL (
    SELECT voucher.id IS NOT NULL AND (asked."claimId" IS NULL OR claim.id IS NOT NULL) AND (
      staff.is_staff
      OR coalesce(claim.user_id = asked."userId", false)
      OR (claim.id IS NULL AND asked."userId" IS NOT NULL AND voucher.state <> 'draft')
    ) AS is_known
  ) AS known
$$;


--
-- Name: rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamp with time zone, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.rollback_redemption(p_redemption_id uuid, p_business_id uuid, p_reason text, p_request_id text, p_staff_id uuid, p_api_key_id uuid, p_at timestamp with time zone, p_id uuid, OUT verdict text, OUT outcome jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_entry marketplace.redemptions;
  v_reversal marketplace.redemptions;
  v_until timestamptz;
BEGIN
  SELECT entry.* INTO v_entry FROM marketplace.redemptions entry
  WHERE entry.id = p_redemption_id AND entry.kind = 'redemption' AND (p_business_id IS NULL OR entry.business_id = p_business_id);
  IF NOT FOUND THEN
    verdict := 'notFound';
    RETURN;
  END IF;
  PERFORM marketplace.lock_counters(ARRAY[v_entry.voucher_id]);

  SELECT reversal.* INTO v_reversal FROM marketplace.redemptions reversal WHERE reversal.reverses_id = v_entry.id;
  IF FOUND THEN
    verdict := 'alreadyRolledBack';
    outcome := jsonb_build_object('rolledBackAt', marketplace.instant_text(v_reversal.redeemed_at));
    RETURN;
  END IF;
  SELECT v_entry.redeemed_at + make_interval(mins => voucher.rollback_window_minutes) INTO STRICT v_until
  FROM marketplace.vouchers voucher WHERE voucher.id = v_entry.voucher_id;
  IF p_at >= v_until THEN
    verdict := 'windowClosed';
    outcome := jsonb_build_object('rollbackUntil', marketplace.instant_text(v_until));
    RETURN;
  END IF;

  v_reversal := v_entry;
  v_reversal.id := p_id;
  v_reversal.kind := 'rollback';
  v_reversal.reverses_id := v_entry.id;
  v_reversal.discount_minor := -v_entry.discount_minor;
  v_reversal.staff_id := p_staff_id;
  v_reversal.api_key_id := p_api_key_id;
  v_reversal.scan_nonce := NULL;
  v_reversal.reason := p_reason;
  v_reversal.request_id := p_request_id;
  v_reversal.redeemed_at := p_at;
  PERFORM marketplace.take_back(v_reversal);
  UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_entry.discount_minor, state = 'active'
  WHERE claim.id = v_entry.claim_id AND claim.state IN ('active', 'redeemed');
  verdict := 'rolledBack';
  outcome := jsonb_build_object('id', v_reversal.id, 'reversesId', v_entry.id, 'voucherId', v_entry.voucher_id,
    'businessId', v_entry.business_id, 'locationId', v_entry.location_id, 'claimId', v_entry.claim_id,
    'discountMinor', v_reversal.discount_minor, 'currency', v_entry.currency, 'reason', p_reason,
    'rolledBackAt', marketplace.instant_text(p_at));
END
$$;


--
-- Name: search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamp with time zone, timestamp with time zone, integer, double precision, uuid, uuid, integer, boolean, boolean, uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.search_nearby(p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_bounds double precision[], p_category text, p_business_id uuid, p_words text, p_chain text[], p_match_length integer, p_open_at timestamp with time zone, p_at timestamp with time zone, p_limit integer, p_after_distance double precision, p_after_location_id uuid, p_after_voucher_id uuid, p_batch integer, p_geojson boolean, p_only_redeemable boolean, p_user_id uuid, OUT category_known boolean, OUT data text, OUT languages text[], OUT next_distance double precision, OUT next_location_id uuid, OUT next_voucher_id uuid, OUT batch integer) RETURNS record
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
    p_limit, p_after_distance, p_after_location_id, p_after_voucher_id, p_batch,
    p_only_redeemable, p_user_id
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
    p_chain, p_match_length, p_at, p_geojson, p_user_id
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
-- Name: take_back(marketplace.redemptions); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.take_back(p_reversal marketplace.redemptions) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT p_reversal.*;
  PERFORM marketplace.count_in_all(p_reversal, -1);
  UPDATE marketplace.location_day_counters SET used_count = used_count - 1
  WHERE voucher_id = p_reversal.voucher_id AND location_id = p_reversal.location_id AND day = p_reversal.local_day;
  UPDATE marketplace.user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id;
  UPDATE marketplace.user_day_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND voucher_id = p_reversal.voucher_id AND day = p_reversal.local_day;
  UPDATE marketplace.campaign_user_counters SET used_count = used_count - 1
  WHERE user_id = p_reversal.user_id AND campaign_id = p_reversal.campaign_id;
  DELETE FROM marketplace.code_uses used WHERE used.redemption_id = p_reversal.reverses_id;
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  VALUES ('redemption', p_reversal.reverses_id::text, 'redemption.rolledBack',
    marketplace.redemption_event(p_reversal), p_reversal.request_id);
END
$$;


--
-- Name: validate(jsonb, text[], integer); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.validate(p_requests jsonb, p_chain text[], p_match_length integer) RETURNS TABLE(ordinal integer, is_known boolean, voucher_id uuid, claim_id uuid, location_id uuid, violations jsonb, discount_minor bigint, amount_minor bigint, currency text, voucher jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    AS $$
  SELECT target.ordinal, target.is_known, target.voucher_id, decided.claim_id, decided.location_id, decided.violations,
    decided.discount_minor, request."amountMinor", CASE WHEN decided.discount_minor IS NOT NULL THEN decided.currency END,
    CASE WHEN target.is_known THEN marketplace.voucher_text(target.voucher_id, p_chain, p_match_length) END
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, "locationId" uuid, latitude double precision, longitude double precision, "amountMinor" bigint,
    currency text, "combinedWith" uuid[], "holdKey" text, "shownUntil" timestamptz, at timestamptz
  ) ON request.ordinal = target.ordinal
  LEFT JOIN LATERAL (
    SELECT verdict.*
    FROM (SELECT target.voucher_id WHERE target.is_known OFFSET 0) AS known
    CROSS JOIN LATERAL marketplace.decide(
      known.voucher_id, target.claim_id, target.code_id, target.user_id, request."locationId", request.latitude,
      request.longitude, request."amountMinor", request.currency, request."combinedWith", request."holdKey",
      request."shownUntil", request.at
    ) AS verdict
  ) AS decided ON true
  ORDER BY target.ordinal
$$;


--
-- Name: voucher_ends_at(uuid); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.voucher_ends_at(p_voucher_id uuid) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  SELECT coalesce(
    max(business.start_of_day(voucher.valid_until + 1, location.time_zone)),
    -- Without a place no clock tells the day: the last on earth on which it is that day.
    max(business.start_of_day(voucher.valid_until + 1, 'Etc/GMT+12'))
  )
  FROM marketplace.vouchers voucher
  LEFT JOIN marketplace.voucher_locations link ON link.voucher_id = voucher.id
  LEFT JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
  WHERE voucher.id = p_voucher_id
$$;


--
-- Name: voucher_places(uuid, double precision, double precision, uuid, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.voucher_places(p_voucher_id uuid, p_latitude double precision, p_longitude double precision, p_user_id uuid, p_at timestamp with time zone) RETURNS TABLE(id uuid, latitude double precision, longitude double precision, distance double precision, street text, city text, country_code text, time_zone text, is_open boolean, opens_at timestamp with time zone, valid_from timestamp with time zone, expires_at timestamp with time zone, reasons text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
  SELECT location.id, location.latitude, location.longitude, near.distance, location.street, location.city,
    location.country_code, location.time_zone, state.is_open, state.opens_at, card.valid_from, card.expires_at,
    CASE WHEN card.expires_at <= p_at THEN '{voucher.expired}'
      ELSE ARRAY(SELECT jsonb_array_elements_text(('[' || refusal.reasons || ']')::jsonb)) END
  FROM marketplace.cards card
  JOIN business.public_locations location ON location.id = card.location_id
  CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  CROSS JOIN LATERAL marketplace.reasons_not_now(
    card.voucher_id, location.id, location.time_zone, state.is_open, card.valid_from, p_user_id, p_at
  ) AS refusal
  CROSS JOIN LATERAL (
    SELECT public.ST_Distance(
      marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
    ) AS distance
  ) AS near
  WHERE card.voucher_id = p_voucher_id
  ORDER BY near.distance NULLS LAST, location.id
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
-- Name: why_not(uuid, double precision, double precision, double precision, text, boolean, boolean, uuid, timestamp with time zone); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.why_not(p_voucher_id uuid, p_latitude double precision, p_longitude double precision, p_radius_meters double precision, p_category text, p_open_now boolean, p_redeemable_now boolean, p_user_id uuid, p_at timestamp with time zone, OUT is_known boolean, OUT hidden jsonb, OUT reasons jsonb, OUT location_id uuid, OUT distance_meters double precision) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
DECLARE
  v_voucher marketplace.vouchers;
  v_place record;
BEGIN
  hidden := '[]';
  reasons := '[]';
  SELECT voucher.* INTO v_voucher FROM marketplace.vouchers voucher
  WHERE voucher.id = p_voucher_id AND voucher.deleted_at IS NULL AND voucher.state <> 'draft';
  is_known := FOUND;
  IF NOT is_known THEN
    RETURN;
  END IF;

  IF v_voucher.state <> 'published' THEN
    hidden := hidden || jsonb_build_object('code', 'voucher.' || v_voucher.state);
  END IF;
  IF NOT EXISTS (
    SELECT FROM business.businesses business
    WHERE business.id = v_voucher.business_id AND business.is_active(business)
  ) THEN
    hidden := hidden || '{"code": "business.inactive"}'::jsonb;
  END IF;
  IF p_category IS NOT NULL AND NOT EXISTS (
    SELECT FROM catalog.categories category
    JOIN catalog.categories own ON own.id = v_voucher.category_id AND category.id = ANY (own.path)
    WHERE category.slug = p_category
  ) THEN
    hidden := hidden || jsonb_build_object('code', 'list.otherCategory', 'category', p_category);
  END IF;

  SELECT location.id, location.time_zone, state.is_open, state.opens_at, near.distance,
    business.start_of_day(v_voucher.valid_from, location.time_zone) AS valid_from,
    business.start_of_day(v_voucher.valid_until + 1, location.time_zone) AS expires_at
  INTO v_place
  FROM marketplace.voucher_locations link
  JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
    AND location.business_id = v_voucher.business_id
  CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  CROSS JOIN LATERAL (
    SELECT public.ST_Distance(
      marketplace.point_at(location.latitude, location.longitude), marketplace.point_at(p_latitude, p_longitude)
    ) AS distance
  ) AS near
  WHERE link.voucher_id = p_voucher_id
  ORDER BY near.distance NULLS LAST, location.id LIMIT 1;
  IF NOT FOUND THEN
    hidden := hidden || '{"code": "voucher.noLocation"}'::jsonb;
    RETURN;
  END IF;
  location_id := v_place.id;
  distance_meters := v_place.distance;

  IF v_place.expires_at <= p_at AND v_voucher.state = 'published' THEN
    hidden := hidden || jsonb_build_object('code', 'voucher.expired', 'expiresAt', marketplace.instant_text(v_place.expires_at));
  END IF;
  IF v_place.distance > p_radius_meters THEN
    hidden := hidden || jsonb_build_object('code', 'list.tooFar',
      'distanceMeters', round(v_place.distance::numeric, 1), 'radiusMeters', p_radius_meters);
  END IF;
  IF p_open_now AND NOT v_place.is_open IS TRUE THEN
    hidden := hidden || jsonb_build_object('code', 'location.closed', 'opensAt', marketplace.instant_text(v_place.opens_at));
  END IF;
  IF v_voucher.state = 'published' THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', code.value)), '[]') INTO reasons
    FROM marketplace.reasons_not_now(
      p_voucher_id, v_place.id, v_place.time_zone, v_place.is_open, v_place.valid_from, p_user_id, p_at
    ) AS refusal
    CROSS JOIN LATERAL jsonb_array_elements(('[' || refusal.reasons || ']')::jsonb) AS code;
  END IF;
  IF p_redeemable_now THEN
    hidden := hidden || reasons;
  END IF;
END
$$;


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
    accuracy_meters double precision,
    api_key_id uuid,
    claim_id uuid,
    code_id uuid,
    redemption_id uuid,
    CONSTRAINT attempts_accuracy_not_negative CHECK (((accuracy_meters >= (0)::double precision) AND (accuracy_meters < 'Infinity'::double precision))),
    CONSTRAINT attempts_latitude_in_range CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT attempts_longitude_in_range CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT attempts_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT attempts_redeemed_or_refused CHECK (((redemption_id IS NULL) OR (violations = '{}'::text[]))),
    CONSTRAINT attempts_times_finite CHECK (isfinite(attempted_at)),
    CONSTRAINT attempts_violations_whole CHECK (((violations IS NOT NULL) AND (array_position(violations, NULL::text) IS NULL)))
);

ALTER TABLE ONLY marketplace.attempts FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE attempts; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.attempts IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';


--
-- Name: COLUMN attempts.accuracy_meters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.attempts.accuracy_meters IS 'What the device said of its own position.';


--
-- Name: COLUMN attempts.redemption_id; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.attempts.redemption_id IS 'NULL where it was refused.';


--
-- Name: idempotency_keys; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.idempotency_keys (
    caller text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_on date DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT idempotency_keys_caller_named CHECK (((caller <> ''::text) AND (caller <> 'anonymous'::text))),
    CONSTRAINT idempotency_keys_fingerprint_length CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT idempotency_keys_headers_object CHECK ((jsonb_typeof(headers) = 'object'::text)),
    CONSTRAINT idempotency_keys_key_form CHECK ((key ~ '^[!-~]{1,255}$'::text)),
    CONSTRAINT idempotency_keys_operation_not_empty CHECK ((operation <> ''::text)),
    CONSTRAINT idempotency_keys_status_told CHECK (((status >= 200) AND (status <= 499))),
    CONSTRAINT idempotency_keys_times_finite CHECK ((isfinite(created_on) AND isfinite(created_at)))
)
PARTITION BY RANGE (created_on);

ALTER TABLE ONLY security.idempotency_keys FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE idempotency_keys; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON TABLE security.idempotency_keys IS 'What a request with an Idempotency-Key was answered, written in the transaction of its effect; partitioned by day (UTC). Security: `body` may hold what is personal; it is kept for one to two days after the request and goes with its partition.';


--
-- Name: COLUMN idempotency_keys.caller; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON COLUMN security.idempotency_keys.caller IS 'Who asked, as `app.actor` names the transaction''s actor: nobody is answered what another was.';


--
-- Name: COLUMN idempotency_keys.operation; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON COLUMN security.idempotency_keys.operation IS 'The operationId of the route.';


--
-- Name: COLUMN idempotency_keys.fingerprint; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON COLUMN security.idempotency_keys.fingerprint IS 'SHA-256 of the method, the address and the body: the same key with another is refused.';


--
-- Name: COLUMN idempotency_keys.body; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON COLUMN security.idempotency_keys.body IS 'As it was sent; empty where the answer has none.';


--
-- Name: write_redeemed(marketplace.redemptions[], marketplace.attempts[], security.idempotency_keys[], text[]); Type: FUNCTION; Schema: marketplace; Owner: -
--

CREATE FUNCTION marketplace.write_redeemed(p_entries marketplace.redemptions[], p_attempts marketplace.attempts[], p_answers security.idempotency_keys[], p_languages text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  IF cardinality(p_entries) > 0 THEN
    PERFORM marketplace.enter_redemptions(p_entries, p_languages);
  END IF;
  IF cardinality(p_attempts) > 0 THEN
    INSERT INTO marketplace.attempts SELECT attempt.* FROM unnest(p_attempts) AS attempt;
  END IF;
  IF cardinality(p_answers) > 0 THEN
    PERFORM security.keep_idempotent_answers(p_answers);
  END IF;
END
$$;


--
-- Name: create_queue(text, json); Type: FUNCTION; Schema: pgboss; Owner: -
--

CREATE FUNCTION pgboss.create_queue(queue_name text, options json) RETURNS void
    LANGUAGE plpgsql
    AS $_$
    DECLARE
      table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
      INSERT INTO pgboss.queue (
        name,
        policy,
        retry_limit,
        retry_delay,
        retry_backoff,
        expire_seconds,
        retention_minutes,
        dead_letter,
        partition_name
      )
      VALUES (
        queue_name,
        options->>'policy',
        (options->>'retryLimit')::int,
        (options->>'retryDelay')::int,
        (options->>'retryBackoff')::bool,
        (options->>'expireInSeconds')::int,
        (options->>'retentionMinutes')::int,
        options->>'deadLetter',
        table_name
      )
      ON CONFLICT DO NOTHING
      RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE pgboss.%I (LIKE pgboss.job INCLUDING DEFAULTS)', table_name);

      EXECUTE format('ALTER TABLE pgboss.%1$I ADD PRIMARY KEY (name, id)', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON pgboss.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON pgboss.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
      EXECUTE format('CREATE INDEX %1$s_i5 ON pgboss.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);

      EXECUTE format('ALTER TABLE pgboss.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
      EXECUTE format('ALTER TABLE pgboss.job ATTACH PARTITION pgboss.%I FOR VALUES IN (%L)', table_name, queue_name);
    END;
    $_$;


--
-- Name: delete_queue(text); Type: FUNCTION; Schema: pgboss; Owner: -
--

CREATE FUNCTION pgboss.delete_queue(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$
    DECLARE
      table_name varchar;
    BEGIN
      WITH deleted as (
        DELETE FROM pgboss.queue
        WHERE name = queue_name
        RETURNING partition_name
      )
      SELECT partition_name from deleted INTO table_name;

      EXECUTE format('DROP TABLE IF EXISTS pgboss.%I', table_name);
    END;
    $$;


--
-- Name: outbox_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox_events (
    id bigint NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    request_id text,
    occurred_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    available_at timestamp(3) with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    parked_at timestamp(3) with time zone,
    delivered_at timestamp(3) with time zone,
    CONSTRAINT outbox_events_aggregate_id_check CHECK ((aggregate_id <> ''::text)),
    CONSTRAINT outbox_events_aggregate_type_check CHECK ((aggregate_type <> ''::text)),
    CONSTRAINT outbox_events_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT outbox_events_delivered_at_check CHECK (((delivered_at IS NULL) OR (available_at IS NULL))),
    CONSTRAINT outbox_events_parked_at_check CHECK (((parked_at IS NULL) OR (available_at IS NULL))),
    CONSTRAINT outbox_events_type_check CHECK ((type <> ''::text))
);


--
-- Name: TABLE outbox_events; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.outbox_events IS 'Events for other parts of the system, written in the transaction of the change they tell of and delivered at least once, in the order of commits per aggregate. `number_outbox_event` gives ids and `available_at`.';


--
-- Name: COLUMN outbox_events.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.id IS 'Given by a trigger under a lock of the aggregate: within one aggregate in the order of commits';


--
-- Name: COLUMN outbox_events.aggregate_type; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.aggregate_type IS 'What kind of thing the event is about; with aggregate_id the unit of order';


--
-- Name: COLUMN outbox_events.type; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.type IS 'What happened, dotted: voucher.redeemed';


--
-- Name: COLUMN outbox_events.request_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.request_id IS 'The request that caused it';


--
-- Name: COLUMN outbox_events.occurred_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.occurred_at IS 'When the transaction began that wrote it';


--
-- Name: COLUMN outbox_events.available_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.available_at IS 'From when on a dispatcher may take it; in the future while one has it or after a failure; NULL while an earlier event of its aggregate waits, or when parked or delivered';


--
-- Name: COLUMN outbox_events.attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.attempts IS 'How often it was given to a dispatcher; the present number is that dispatcher''s proof that it still holds the event';


--
-- Name: COLUMN outbox_events.last_error; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.last_error IS 'What the last failed attempt said';


--
-- Name: COLUMN outbox_events.parked_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox_events.parked_at IS 'Too many attempts failed: it waits for public.release_outbox_event, and its aggregate with it; with delivered_at: it was skipped';


--
-- Name: claim_outbox_events(text[], integer, interval, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.claim_outbox_events(p_aggregate_types text[], p_limit integer, p_lease interval, p_attempts_max integer) RETURNS SETOF public.outbox_events
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  WITH due AS MATERIALIZED (
    SELECT event.id, event.aggregate_type, event.aggregate_id, event.attempts
    FROM (SELECT DISTINCT pg_catalog.unnest(p_aggregate_types) AS name) AS wanted
    CROSS JOIN LATERAL (
      SELECT * FROM public.outbox_events
      WHERE aggregate_type = wanted.name AND available_at <= pg_catalog.now()
      ORDER BY available_at
      LIMIT p_limit
      FOR UPDATE SKIP LOCKED
    ) AS event
    ORDER BY event.available_at
    LIMIT p_limit
  ), judged AS MATERIALIZED (
    SELECT due.id, CASE
      WHEN EXISTS (
        SELECT FROM public.outbox_events earlier
        WHERE earlier.aggregate_type = due.aggregate_type AND earlier.aggregate_id = due.aggregate_id
          AND earlier.delivered_at IS NULL AND earlier.id < due.id
      ) THEN 'behind'
      WHEN due.attempts >= p_attempts_max THEN 'parked'
      ELSE 'claimed'
    END AS verdict
    FROM due
  ), updated AS (
    UPDATE public.outbox_events event SET
      available_at = CASE judged.verdict
        WHEN 'claimed' THEN pg_catalog.now() + p_lease
        WHEN 'behind' THEN pg_catalog.now() + interval '5 seconds'
      END,
      attempts = event.attempts + (judged.verdict = 'claimed')::integer,
      parked_at = CASE judged.verdict WHEN 'parked' THEN pg_catalog.now() END,
      last_error = CASE judged.verdict
        WHEN 'parked' THEN coalesce(event.last_error, 'no dispatcher that took it was heard of again')
        ELSE event.last_error
      END
    FROM judged WHERE event.id = judged.id
    RETURNING event.*
  )
  SELECT updated.* FROM updated JOIN judged ON judged.id = updated.id WHERE judged.verdict = 'claimed'
$$;


--
-- Name: fail_outbox_event(bigint, integer, text, interval, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.fail_outbox_event(p_id bigint, p_attempt integer, p_error text, p_backoff interval, p_attempts_max integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  UPDATE public.outbox_events event SET
    last_error = left(p_error, 1000),
    available_at = CASE WHEN p_attempt < p_attempts_max THEN
      pg_catalog.now() + least(p_backoff * 2 ^ least(p_attempt - 1, 30), interval '10 minutes') * (1 - pg_catalog.random() / 2)
    END,
    parked_at = CASE WHEN p_attempt >= p_attempts_max THEN pg_catalog.now() END
  WHERE event.id = p_id AND event.attempts = p_attempt AND event.delivered_at IS NULL AND event.parked_at IS NULL
  RETURNING event.parked_at IS NOT NULL
$$;


--
-- Name: lock_outbox_aggregate(text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.lock_outbox_aggregate(p_aggregate_type text, p_aggregate_id text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(jsonb_build_array(p_aggregate_type, p_aggregate_id)::text, 7265));
END
$$;


--
-- Name: new_id(timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.new_id(p_at timestamp with time zone) RETURNS uuid
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  SELECT (
    lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid
$$;


--
-- Name: number_outbox_event(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.number_outbox_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  PERFORM public.lock_outbox_aggregate(NEW.aggregate_type, NEW.aggregate_id);
  NEW.id := nextval('public.outbox_events_id_seq');
  NEW.available_at := CASE
    WHEN current_setting('transaction_isolation') = 'read committed' AND EXISTS (
      SELECT FROM public.outbox_events earlier
      WHERE earlier.aggregate_type = NEW.aggregate_type AND earlier.aggregate_id = NEW.aggregate_id
        AND earlier.delivered_at IS NULL
    ) THEN NULL
    ELSE clock_timestamp()
  END;
  RETURN NEW;
END
$$;


--
-- Name: prune_outbox(timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.prune_outbox(p_delivered_before timestamp with time zone, p_consumed_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_events integer;
  v_memories integer;
BEGIN
  DELETE FROM public.outbox_events event WHERE event.id = ANY (ARRAY(
    SELECT old.id FROM public.outbox_events old
    WHERE old.delivered_at < p_delivered_before ORDER BY old.delivered_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS v_events = ROW_COUNT;
  -- OFFSET 0: one look into an index for each memory, never a join with all events.
  DELETE FROM public.consumed_events memory USING (
    SELECT old.consumer, old.event_id FROM public.consumed_events old
    WHERE old.consumed_at < p_consumed_before
      AND NOT EXISTS (SELECT FROM public.outbox_events event WHERE event.id = old.event_id OFFSET 0)
    ORDER BY old.consumed_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) AS old
  WHERE memory.consumer = old.consumer AND memory.event_id = old.event_id;
  GET DIAGNOSTICS v_memories = ROW_COUNT;
  RETURN v_events + v_memories;
END
$$;


--
-- Name: release_outbox_event(bigint, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.release_outbox_event(p_id bigint, p_skip boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_event public.outbox_events;
BEGIN
  SELECT event.* INTO v_event FROM public.outbox_events event WHERE event.id = p_id;
  PERFORM public.lock_outbox_aggregate(v_event.aggregate_type, v_event.aggregate_id);
  UPDATE public.outbox_events event SET
    delivered_at = CASE WHEN p_skip THEN clock_timestamp() END,
    available_at = CASE WHEN p_skip THEN NULL ELSE clock_timestamp() END,
    parked_at = CASE WHEN p_skip THEN event.parked_at END,
    attempts = CASE WHEN p_skip THEN event.attempts ELSE 0 END
  WHERE event.id = p_id AND event.parked_at IS NOT NULL AND event.delivered_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE public.outbox_events event SET available_at = clock_timestamp()
  WHERE p_skip AND event.id = (
    SELECT waiting.id FROM public.outbox_events waiting
    WHERE waiting.aggregate_type = v_event.aggregate_type AND waiting.aggregate_id = v_event.aggregate_id
      AND waiting.delivered_at IS NULL
    ORDER BY waiting.id LIMIT 1
  );
  RETURN true;
END
$$;


--
-- Name: settle_outbox_event(bigint, integer, interval); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.settle_outbox_event(p_id bigint, p_attempt integer, p_lease interval) RETURNS SETOF public.outbox_events
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_type text;
  v_aggregate text;
BEGIN
  SELECT event.aggregate_type, event.aggregate_id INTO v_type, v_aggregate
  FROM public.outbox_events event WHERE event.id = p_id;
  PERFORM public.lock_outbox_aggregate(v_type, v_aggregate);
  UPDATE public.outbox_events event SET delivered_at = clock_timestamp(), available_at = NULL
  WHERE event.id = p_id AND event.attempts = p_attempt AND event.delivered_at IS NULL AND event.parked_at IS NULL;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY WITH following AS (
    UPDATE public.outbox_events event SET
      available_at = clock_timestamp() + coalesce(p_lease, interval '0'),
      attempts = event.attempts + (p_lease IS NOT NULL)::integer
    WHERE event.id = (
      SELECT waiting.id FROM public.outbox_events waiting
      WHERE waiting.aggregate_type = v_type AND waiting.aggregate_id = v_aggregate AND waiting.delivered_at IS NULL
      ORDER BY waiting.id LIMIT 1
    )
    RETURNING event.*
  )
  SELECT * FROM following WHERE p_lease IS NOT NULL;
END
$$;


--
-- Name: acting_business_id(uuid); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.acting_business_id(p_business_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
DECLARE
  v_actor text := coalesce(current_setting('app.actor', true), '');
  v_user_id uuid := security.current_user_id();
BEGIN
  IF v_user_id IS NOT NULL THEN
    RETURN (
      SELECT member.business_id FROM business.members member
      WHERE member.business_id = p_business_id AND member.user_id = v_user_id
      UNION
      SELECT business.id FROM business.businesses business
      WHERE business.id = p_business_id AND business.owner_id = v_user_id
    );
  ELSIF v_actor LIKE 'api-key:%' THEN
    RETURN (
      SELECT key.business_id FROM identity.api_keys key
      WHERE key.id = substr(v_actor, 9)::uuid AND key.business_id = p_business_id
        AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    );
  ELSIF v_actor = 'anonymous' THEN
    RETURN NULL;
  END IF;
  RETURN p_business_id;
END
$$;


--
-- Name: business_role(); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.business_role() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END
  FROM business.businesses business
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE business.id = nullif(current_setting('app.business_id', true), '')::uuid
$$;


--
-- Name: claim_idempotency_key(text, text, bytea); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.claim_idempotency_key(p_operation text, p_key text, p_fingerprint bytea) RETURNS TABLE(verdict text, status integer, headers jsonb, body bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_caller text := nullif(nullif(current_setting('app.actor', true), ''), 'anonymous');
BEGIN
  IF v_caller IS NULL THEN
    RAISE EXCEPTION 'an idempotency key is somebody''s, and this transaction acts for nobody';
  END IF;
  RETURN QUERY
  SELECT claimed.verdict, claimed.status, claimed.headers, claimed.body
  FROM security.claim_idempotency_keys(jsonb_build_array(jsonb_build_object(
    'ordinal', 0, 'actor', v_caller, 'operation', p_operation, 'key', p_key, 'fingerprint', encode(p_fingerprint, 'hex')
  ))) AS claimed;
END
$$;


--
-- Name: claim_idempotency_keys(jsonb); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.claim_idempotency_keys(p_requests jsonb) RETURNS TABLE(ordinal integer, verdict text, status integer, headers jsonb, body bytea)
    LANGUAGE plpgsql
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
  v_locked integer[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'idempotency keys need READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  v_locked := ARRAY(
    SELECT asked.ordinal
    FROM jsonb_to_recordset(p_requests) AS asked (ordinal integer, actor text, operation text, key text)
    WHERE security.lock_idempotency_key(asked.actor, asked.operation, asked.key)
  );
  RETURN QUERY
  SELECT asked.ordinal, told.verdict,
    CASE told.verdict WHEN 'kept' THEN kept.status END,
    CASE told.verdict WHEN 'kept' THEN kept.headers END,
    CASE told.verdict WHEN 'kept' THEN kept.body END
  FROM jsonb_to_recordset(p_requests) AS asked (ordinal integer, actor text, operation text, key text, fingerprint text)
  LEFT JOIN LATERAL (
    SELECT * FROM security.idempotency_keys kept
    WHERE kept.caller = asked.actor AND kept.operation = asked.operation AND kept.key = asked.key LIMIT 1
  ) AS kept ON true
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN kept.fingerprint = decode(asked.fingerprint, 'hex') THEN 'kept'
      WHEN kept.key IS NOT NULL THEN 'reused'
      WHEN asked.ordinal = ANY (v_locked) THEN 'new'
      ELSE 'inFlight' END AS verdict
  ) AS told;
END
$$;


--
-- Name: current_business_id(); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.current_business_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN current_setting('app.business_id', true) <> ''
    THEN security.acting_business_id(current_setting('app.business_id', true)::uuid) END
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
-- Name: drop_idempotency_partitions(); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.drop_idempotency_partitions() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '1s'
    AS $$
DECLARE
  v_yesterday date := (now() AT TIME ZONE 'UTC')::date - 1;
  v_name text;
  v_dropped integer := 0;
BEGIN
  FOR v_name IN
    SELECT part.relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'security.idempotency_keys'::regclass AND part.relname <> 'idempotency_keys_default'
      AND to_date(right(part.relname, 10), 'YYYY_MM_DD') < v_yesterday
  LOOP
    EXECUTE format('DROP TABLE security.%I', v_name);
    v_dropped := v_dropped + 1;
  END LOOP;
  DELETE FROM security.idempotency_keys_default late WHERE late.created_on < v_yesterday;
  RETURN v_dropped;
END
$$;


--
-- Name: forget_person(uuid, text, uuid[]); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.forget_person(p_user_id uuid, p_email text, p_inviter_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  v_inviters text[] := ARRAY(
    SELECT 'user:' || inviter.id::text FROM unnest(p_inviter_ids) AS inviter (id)
    UNION
    SELECT 'user:' || acted.user_id::text || ' by user:' || acted.impersonated_by::text FROM identity.sessions acted
    WHERE acted.user_id = ANY (p_inviter_ids) AND acted.impersonated_by IS NOT NULL);
  v_own text[] := ARRAY(
    SELECT 'user:' || p_user_id::text
    UNION
    SELECT 'user:' || acted.user_id::text || ' by user:' || acted.impersonated_by::text FROM identity.sessions acted
    WHERE acted.user_id = p_user_id AND acted.impersonated_by IS NOT NULL);
  v_kept record;
  v_answer jsonb;
BEGIN
  DELETE FROM security.idempotency_keys kept WHERE kept.caller = ANY (v_own);
  FOR v_kept IN
    SELECT kept.created_on, kept.caller, kept.key, kept.body FROM security.idempotency_keys kept
    WHERE kept.caller = ANY (v_inviters) AND kept.operation = 'insertInvitation'
  LOOP
    v_answer := convert_from(v_kept.body, 'UTF8')::jsonb;
    CONTINUE WHEN v_answer ->> 'email' IS DISTINCT FROM p_email;
    UPDATE security.idempotency_keys kept
    SET body = convert_to((v_answer || jsonb_build_object('email', (v_answer ->> 'id') || '@erased.invalid'))::text, 'UTF8')
    WHERE kept.created_on = v_kept.created_on AND kept.caller = v_kept.caller
      AND kept.operation = 'insertInvitation' AND kept.key = v_kept.key;
  END LOOP;
END
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
-- Name: keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.keep_idempotent_answer(p_operation text, p_key text, p_fingerprint bytea, p_status integer, p_headers jsonb, p_body bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_answer security.idempotency_keys;
BEGIN
  v_answer.caller := current_setting('app.actor', true);
  v_answer.operation := p_operation;
  v_answer.key := p_key;
  v_answer.fingerprint := p_fingerprint;
  v_answer.status := p_status;
  v_answer.headers := p_headers;
  v_answer.body := p_body;
  PERFORM security.keep_idempotent_answers(ARRAY[v_answer]);
END
$$;


--
-- Name: keep_idempotent_answers(security.idempotency_keys[]); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.keep_idempotent_answers(p_answers security.idempotency_keys[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  IF EXISTS (
    SELECT FROM unnest(p_answers) AS answer
    WHERE NOT security.lock_idempotency_key(answer.caller, answer.operation, answer.key)
  ) THEN
    RAISE EXCEPTION 'this transaction has not claimed the idempotency key';
  END IF;
  INSERT INTO security.idempotency_keys (caller, operation, key, fingerprint, status, headers, body)
  SELECT answer.caller, answer.operation, answer.key, answer.fingerprint, answer.status, answer.headers, answer.body
  FROM unnest(p_answers) AS answer;
END
$$;


--
-- Name: lock_idempotency_key(text, text, text); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.lock_idempotency_key(p_caller text, p_operation text, p_key text) RETURNS boolean
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  SELECT pg_catalog.pg_try_advisory_xact_lock(
    pg_catalog.hashtextextended(pg_catalog.jsonb_build_array(p_caller, p_operation, p_key)::text, 1337)
  )
$$;


--
-- Name: login_attempts_of(bytea, integer); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.login_attempts_of(p_email_hash bytea, p_limit integer) RETURNS TABLE(table_name text, content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
  SELECT 'security.login_attempts', to_jsonb(attempt) - 'email_hash' FROM security.login_attempts attempt
  WHERE attempt.email_hash = p_email_hash
  ORDER BY attempt.attempted_at DESC LIMIT p_limit
$$;


--
-- Name: login_delay(bigint, integer, interval); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.login_delay(p_failures bigint, p_free integer, p_max interval) RETURNS interval
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  SELECT CASE
    WHEN p_failures < p_free THEN interval '0'
    ELSE least(p_max, interval '30 seconds' * 2 ^ least(p_failures - p_free, 20))
  END
$$;


--
-- Name: make_idempotency_partitions(integer); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.make_idempotency_partitions(p_days_ahead integer DEFAULT 2) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET "DateStyle" TO 'ISO'
    SET lock_timeout TO '1s'
    AS $$
DECLARE
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_day date;
  v_name text;
  v_made integer := 0;
BEGIN
  LOCK TABLE security.idempotency_keys IN SHARE UPDATE EXCLUSIVE MODE;
  FOR v_day IN SELECT day::date FROM generate_series(v_today, v_today + p_days_ahead, '1 day') AS day LOOP
    v_name := 'idempotency_keys_' || to_char(v_day, 'YYYY_MM_DD');
    CONTINUE WHEN to_regclass('security.' || v_name) IS NOT NULL;
    LOCK TABLE security.idempotency_keys_default IN ACCESS EXCLUSIVE MODE;
    CONTINUE WHEN EXISTS (SELECT FROM security.idempotency_keys_default late WHERE late.created_on = v_day);
    EXECUTE format('CREATE TABLE security.%I (LIKE security.idempotency_keys INCLUDING ALL)', v_name);
    EXECUTE format('ALTER TABLE security.idempotency_keys ATTACH PARTITION security.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, v_day, v_day + 1);
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END
$$;


--
-- Name: open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamp with time zone); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.open_login_attempt(p_id uuid, p_email_hash bytea, p_client_address inet, p_failure security.login_outcome, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
  v_wait integer;
BEGIN
  -- The account before the address, always: two tries cannot wait for each other.
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(encode(p_email_hash, 'hex'), 7266));
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_client_address::text, 7267));
  WITH cleared AS (
    SELECT max(attempt.attempted_at) AS since FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash AND attempt.outcome::text IN ('success', 'password_reset')
      AND attempt.attempted_at > p_now - interval '1 day'
  ), account AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 5, interval '1 hour') AS until
    FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at >= greatest(p_now - interval '1 day', (SELECT since FROM cleared))
  ), address AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 50, interval '15 minutes') AS until
    FROM security.login_attempts attempt
    WHERE attempt.client_address = p_client_address
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at > p_now - interval '1 hour'
  )
  SELECT ceil(extract(epoch FROM greatest(account.until, address.until, p_now) - p_now)) INTO v_wait
  FROM account, address;
  INSERT INTO security.login_attempts (id, email_hash, client_address, outcome, attempted_at)
  VALUES (p_id, p_email_hash, p_client_address, CASE WHEN v_wait > 0 THEN 'locked' ELSE p_failure END, p_now);
  RETURN v_wait;
END
$$;


--
-- Name: prune_login_attempts(timestamp with time zone, integer); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.prune_login_attempts(p_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  WITH old AS (
    SELECT attempt.id FROM security.login_attempts attempt
    WHERE attempt.attempted_at < p_before
    ORDER BY attempt.attempted_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM security.login_attempts attempt USING old WHERE attempt.id = old.id
    RETURNING attempt.id
  )
  SELECT count(*)::integer FROM pruned
$$;


--
-- Name: settle_login_attempt(uuid, security.login_outcome); Type: FUNCTION; Schema: security; Owner: -
--

CREATE FUNCTION security.settle_login_attempt(p_id uuid, p_outcome security.login_outcome) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  UPDATE security.login_attempts attempt SET outcome = p_outcome WHERE attempt.id = p_id AND attempt.outcome = 'wrong_password'
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
-- Name: colleagues(); Type: FUNCTION; Schema: users; Owner: -
--

CREATE FUNCTION users.colleagues() RETURNS TABLE(id uuid, email text, display_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  SELECT person.id, person.email, person.display_name
  FROM business.members member
  JOIN users.users person ON person.id = member.user_id
  WHERE member.business_id = security.current_business_id() AND security.business_role() IN ('owner', 'manager')
$$;


--
-- Name: forget_person(uuid, timestamp with time zone); Type: FUNCTION; Schema: users; Owner: -
--

CREATE FUNCTION users.forget_person(p_user_id uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  DELETE FROM users.addresses WHERE user_id = p_user_id;
  DELETE FROM users.preferences WHERE user_id = p_user_id;
  UPDATE users.users
  SET state = 'erased', email = p_user_id::text || '@erased.invalid', display_name = '-', language_code = NULL,
    state_reason = NULL, deleted_at = p_now
  WHERE id = p_user_id
$$;


--
-- Name: own_rows(integer); Type: FUNCTION; Schema: users; Owner: -
--

CREATE FUNCTION users.own_rows(p_limit integer) RETURNS TABLE(table_name text, row_key jsonb, content jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
  (SELECT 'users.users', jsonb_build_object('id', person.id), to_jsonb(person)
   FROM users.users person WHERE person.id = security.current_user_id())
  UNION ALL
  (SELECT 'users.addresses', jsonb_build_object('id', address.id), to_jsonb(address)
   FROM users.addresses address WHERE address.user_id = security.current_user_id() ORDER BY address.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'users.preferences', jsonb_build_object('user_id', wish.user_id), to_jsonb(wish)
   FROM users.preferences wish WHERE wish.user_id = security.current_user_id())
$$;


--
-- Name: fold(jsonb); Type: AGGREGATE; Schema: audit; Owner: -
--

CREATE AGGREGATE audit.fold(jsonb) (
    SFUNC = audit.apply_changes,
    STYPE = jsonb
);


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
    CONSTRAINT events_channel_not_empty CHECK ((channel <> ''::text)),
    CONSTRAINT events_times_finite CHECK (isfinite(occurred_at)),
    CONSTRAINT events_weight_positive CHECK ((weight > 0))
);

ALTER TABLE ONLY analytics.events FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE events; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.events IS 'What happened to vouchers, counted by the funnel. Without foreign keys: it outlives what it counts. `weight` is how many events a sampled row stands for.';


--
-- Name: archives; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.archives (
    month date NOT NULL,
    entries bigint NOT NULL,
    archived_at timestamp(6) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT archives_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);


--
-- Name: TABLE archives; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON TABLE audit.archives IS 'Months whose entries were detached to be kept elsewhere; their hashes stay in the chain.';


--
-- Name: entries_id_seq; Type: SEQUENCE; Schema: audit; Owner: -
--

CREATE SEQUENCE audit.entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: entries_id_seq; Type: SEQUENCE OWNED BY; Schema: audit; Owner: -
--

ALTER SEQUENCE audit.entries_id_seq OWNED BY audit.entries.id;


--
-- Name: entries_default; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.entries_default (
    id bigint DEFAULT nextval('audit.entries_id_seq'::regclass) NOT NULL,
    recorded_at timestamp(6) with time zone DEFAULT clock_timestamp() NOT NULL,
    transaction_id bigint NOT NULL,
    schema_name text NOT NULL,
    table_name text NOT NULL,
    operation audit.operation NOT NULL,
    row_key jsonb,
    former_key jsonb,
    changes json NOT NULL,
    actor text NOT NULL,
    user_id uuid,
    business_id uuid,
    request_id text,
    client_address text,
    database_login text NOT NULL,
    CONSTRAINT entries_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT entries_former_key_check CHECK (((former_key IS NULL) OR ((operation = 'update'::audit.operation) AND (former_key <> row_key)))),
    CONSTRAINT entries_row_key_check CHECK (((row_key IS NULL) = (operation = ANY (ARRAY['truncate'::audit.operation, 'attach'::audit.operation, 'detach'::audit.operation]))))
);


--
-- Name: sealed_entries; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.sealed_entries (
    "position" bigint NOT NULL,
    transaction_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    recorded_at timestamp(6) with time zone NOT NULL,
    row_hash bytea NOT NULL,
    chain_hash bytea NOT NULL,
    CONSTRAINT sealed_entries_hashes_check CHECK (((octet_length(row_hash) = 32) AND (octet_length(chain_hash) = 32))),
    CONSTRAINT sealed_entries_position_check CHECK (("position" > 0))
);


--
-- Name: TABLE sealed_entries; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON TABLE audit.sealed_entries IS 'The hash chain: the sealed entries in the order (transactionId, entryId), without a gap from position 1 on. `rowHash` is the SHA-256 of the entry''s canonical form, `chainHash` that of the chain hash before and the row hash.';


--
-- Name: seals; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.seals (
    number integer NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    last_transaction_id bigint NOT NULL,
    last_entry_id bigint NOT NULL,
    root bytea NOT NULL,
    sealed_at timestamp(6) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT seals_positions_check CHECK (((number = 0) OR ((first_position >= 1) AND (first_position <= last_position)))),
    CONSTRAINT seals_root_check CHECK ((octet_length(root) = 32))
);


--
-- Name: TABLE seals; Type: COMMENT; Schema: audit; Owner: -
--

COMMENT ON TABLE audit.seals IS 'One run of the sealer that found something; `root` is the chain hash at `lastPosition`. Number 0 is the beginning, and the row that a sealer locks.';


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
    CONSTRAINT invitations_email_form CHECK ((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)),
    CONSTRAINT invitations_email_lower_case CHECK ((email = lower(email))),
    CONSTRAINT invitations_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT invitations_times_finite CHECK ((isfinite(created_at) AND isfinite(expires_at) AND (isfinite(accepted_at) IS NOT FALSE) AND (isfinite(revoked_at) IS NOT FALSE))),
    CONSTRAINT invitations_token_hash_length CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY business.invitations FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE invitations; Type: COMMENT; Schema: business; Owner: -
--

COMMENT ON TABLE business.invitations IS 'An offer of membership to an e-mail address; of a business one at most is open. Only the SHA-256 of its token is kept.';


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
    CONSTRAINT locations_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT locations_version_positive CHECK ((version > 0)),
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
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT members_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at)))
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
    CONSTRAINT special_days_hours_in_day CHECK ((hours <@ '{[0,1440)}'::int4multirange)),
    CONSTRAINT special_days_times_finite CHECK (isfinite(day))
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
    deleted_at timestamp(3) with time zone,
    CONSTRAINT categories_slug_not_empty CHECK ((slug <> ''::text)),
    CONSTRAINT categories_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE)))
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
    CONSTRAINT markets_required_languages_not_empty CHECK (((COALESCE(cardinality(required_languages), 0) > 0) AND (array_position(required_languages, NULL::text) IS NULL)))
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
    CONSTRAINT languages_chain_begins_with_code CHECK ((((chain[1] = code) IS TRUE) AND (array_position(chain, NULL::text) IS NULL))),
    CONSTRAINT languages_code_form CHECK ((code ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'::text)),
    CONSTRAINT languages_match_length_within_chain CHECK (((match_length >= 1) AND (match_length <= cardinality(chain)))),
    CONSTRAINT languages_not_own_fallback CHECK ((fallback_code <> code))
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
    business_id uuid,
    CONSTRAINT translations_category_unowned CHECK (((domain <> 'category'::text) OR (business_id IS NULL))),
    CONSTRAINT translations_domain_known CHECK ((domain = ANY (ARRAY['category'::text, 'business'::text, 'voucher'::text]))),
    CONSTRAINT translations_key_not_empty CHECK ((key <> ''::text)),
    CONSTRAINT translations_times_finite CHECK (isfinite(updated_at)),
    CONSTRAINT translations_value_not_empty CHECK ((value <> ''::text))
);

ALTER TABLE ONLY i18n.translations FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE translations; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON TABLE i18n.translations IS 'One text in one language. Entities hold keys, never texts.';


--
-- Name: COLUMN translations.source_hash; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON COLUMN i18n.translations.source_hash IS 'SHA-256 of the source text that was translated: another one there now means that this is stale.';


--
-- Name: COLUMN translations.business_id; Type: COMMENT; Schema: i18n; Owner: -
--

COMMENT ON COLUMN i18n.translations.business_id IS 'Whose text it is, kept by a trigger; NULL for the platform''s own and while no entity holds the key.';


--
-- Name: api_key_uses; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.api_key_uses (
    api_key_id uuid NOT NULL,
    last_used_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT api_key_uses_times_finite CHECK (isfinite(last_used_at))
);

ALTER TABLE ONLY identity.api_key_uses FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE api_key_uses; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.api_key_uses IS 'When a key was last used, to the minute. Apart from the keys, whose every change is audited.';


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
    CONSTRAINT api_keys_allowed_origins_whole CHECK (((allowed_origins IS NOT NULL) AND (array_position(allowed_origins, NULL::text) IS NULL))),
    CONSTRAINT api_keys_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_name_not_empty CHECK ((name <> ''::text)),
    CONSTRAINT api_keys_prefix_form CHECK ((prefix ~ '^pika_[a-z0-9]{8,16}$'::text)),
    CONSTRAINT api_keys_scopes_not_empty CHECK (((COALESCE(cardinality(scopes), 0) > 0) AND (array_position(scopes, NULL::text) IS NULL) AND (''::text <> ALL (scopes)))),
    CONSTRAINT api_keys_secret_hash_length CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT api_keys_times_finite CHECK ((isfinite(created_at) AND (isfinite(expires_at) IS NOT FALSE) AND (isfinite(last_used_at) IS NOT FALSE) AND (isfinite(revoked_at) IS NOT FALSE)))
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
-- Name: COLUMN api_keys.last_used_at; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.api_keys.last_used_at IS 'Not written any more: `api_key_uses` has it.';


--
-- Name: backup_codes; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.backup_codes (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    used_at timestamp(3) with time zone,
    CONSTRAINT backup_codes_code_hash_length CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT backup_codes_times_finite CHECK ((isfinite(created_at) AND (isfinite(used_at) IS NOT FALSE)))
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
    CONSTRAINT credentials_password_hash_form CHECK ((password_hash ~ '^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$'::text)),
    CONSTRAINT credentials_times_finite CHECK ((isfinite(password_changed_at) AND (isfinite(email_verified_at) IS NOT FALSE) AND isfinite(updated_at)))
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
    CONSTRAINT email_links_times_finite CHECK ((isfinite(created_at) AND isfinite(expires_at) AND (isfinite(used_at) IS NOT FALSE))),
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
    CONSTRAINT refresh_tokens_times_finite CHECK ((isfinite(issued_at) AND isfinite(expires_at) AND (isfinite(rotated_at) IS NOT FALSE))),
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
    granted_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT role_grants_times_finite CHECK (isfinite(granted_at))
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
    impersonated_by uuid,
    impersonation_reason text,
    CONSTRAINT sessions_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_impersonated_with_reason CHECK (((impersonated_by IS NULL) = (impersonation_reason IS NULL))),
    CONSTRAINT sessions_impersonation_reason_not_empty CHECK ((impersonation_reason <> ''::text)),
    CONSTRAINT sessions_revoke_reason_not_empty CHECK ((revoke_reason <> ''::text)),
    CONSTRAINT sessions_revoked_with_reason CHECK (((revoked_at IS NULL) = (revoke_reason IS NULL))),
    CONSTRAINT sessions_times_finite CHECK ((isfinite(created_at) AND isfinite(last_used_at) AND isfinite(expires_at) AND (isfinite(revoked_at) IS NOT FALSE)))
);

ALTER TABLE ONLY identity.sessions FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE sessions; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON TABLE identity.sessions IS 'One device that is logged in: the family of its refresh tokens. One that an operator acts in has none, and says why.';


--
-- Name: COLUMN sessions.impersonated_by; Type: COMMENT; Schema: identity; Owner: -
--

COMMENT ON COLUMN identity.sessions.impersonated_by IS 'The operator who acts as this person.';


--
-- Name: totp_factors; Type: TABLE; Schema: identity; Owner: -
--

CREATE TABLE identity.totp_factors (
    user_id uuid NOT NULL,
    encrypted_secret bytea NOT NULL,
    last_used_step bigint,
    confirmed_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT totp_factors_encrypted_secret_length CHECK ((octet_length(encrypted_secret) > 28)),
    CONSTRAINT totp_factors_last_used_step_not_negative CHECK ((last_used_step >= 0)),
    CONSTRAINT totp_factors_times_finite CHECK (((isfinite(confirmed_at) IS NOT FALSE) AND isfinite(created_at)))
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
-- Name: campaign_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.campaign_counters (
    campaign_id uuid NOT NULL,
    limit_total integer,
    budget_minor bigint,
    used_count integer DEFAULT 0 NOT NULL,
    discount_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT campaign_counters_discount_within_budget CHECK (((discount_minor >= 0) AND ((discount_minor <= budget_minor) IS NOT FALSE))),
    CONSTRAINT campaign_counters_limits_positive CHECK ((((limit_total > 0) IS NOT FALSE) AND ((budget_minor > 0) IS NOT FALSE))),
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
-- Name: campaign_user_counters; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.campaign_user_counters (
    campaign_id uuid NOT NULL,
    user_id uuid NOT NULL,
    used_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT campaign_user_counters_used_count_not_negative CHECK ((used_count >= 0))
);

ALTER TABLE ONLY marketplace.campaign_user_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE campaign_user_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.campaign_user_counters IS 'How often a person has redeemed vouchers of a campaign.';


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
    balance_minor bigint,
    short_code text,
    CONSTRAINT claims_balance_not_negative CHECK ((balance_minor >= 0)),
    CONSTRAINT claims_expire_later CHECK ((expires_at > claimed_at)),
    CONSTRAINT claims_short_code_form CHECK ((short_code ~ '^[2-9A-HJKMNP-TV-Z]{10}$'::text)),
    CONSTRAINT claims_times_finite CHECK ((isfinite(claimed_at) AND (isfinite(expires_at) IS NOT FALSE) AND isfinite(updated_at))),
    CONSTRAINT claims_version_positive CHECK ((version > 0))
);

ALTER TABLE ONLY marketplace.claims FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE claims; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.claims IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed. `balanceMinor` is what a gift balance has left.';


--
-- Name: COLUMN claims.short_code; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.claims.short_code IS 'To be typed at the counter: nine characters and one that checks them. NULL where there were none yet.';


--
-- Name: code_batches; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.code_batches (
    id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    business_id uuid NOT NULL,
    kind marketplace.code_kind NOT NULL,
    requested_count integer NOT NULL,
    made_count integer DEFAULT 0 NOT NULL,
    length integer NOT NULL,
    prefix text DEFAULT ''::text NOT NULL,
    state marketplace.code_batch_state DEFAULT 'waiting'::marketplace.code_batch_state NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    finished_at timestamp(3) with time zone,
    CONSTRAINT code_batches_counts_in_order CHECK ((((requested_count >= 1) AND (requested_count <= 1000000)) AND ((made_count >= 0) AND (made_count <= requested_count)))),
    CONSTRAINT code_batches_finished_when_over CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['done'::marketplace.code_batch_state, 'failed'::marketplace.code_batch_state])))),
    CONSTRAINT code_batches_length_in_range CHECK (((length >= 1) AND (length <= 40))),
    CONSTRAINT code_batches_prefix_form CHECK ((prefix ~ '^[A-Z0-9-]{0,16}$'::text)),
    CONSTRAINT code_batches_times_finite CHECK ((isfinite(created_at) AND (isfinite(finished_at) IS NOT FALSE)))
);

ALTER TABLE ONLY marketplace.code_batches FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE code_batches; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.code_batches IS 'An order for codes, made by a job.';


--
-- Name: COLUMN code_batches.length; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.code_batches.length IS 'Of one code, without prefix and check character.';


--
-- Name: code_uses; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.code_uses (
    code_id uuid NOT NULL,
    redemption_id uuid NOT NULL,
    used_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT code_uses_times_finite CHECK (isfinite(used_at))
);

ALTER TABLE ONLY marketplace.code_uses FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE code_uses; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.code_uses IS 'That a unique code is used up; gone again when its redemption is rolled back.';


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
    CONSTRAINT holds_key_not_empty CHECK ((key <> ''::text)),
    CONSTRAINT holds_times_finite CHECK ((isfinite(created_at) AND isfinite(expires_at) AND (isfinite(released_at) IS NOT FALSE)))
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
    CONSTRAINT location_day_counters_times_finite CHECK (isfinite(day)),
    CONSTRAINT location_day_counters_used_count_not_negative CHECK ((used_count >= 0))
);

ALTER TABLE ONLY marketplace.location_day_counters FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE location_day_counters; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.location_day_counters IS 'How often a voucher was redeemed at a location on its local day.';


--
-- Name: scan_verdicts; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.scan_verdicts (
    nonce uuid NOT NULL,
    violations text[],
    folded_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT scan_verdicts_times_finite CHECK (isfinite(folded_at)),
    CONSTRAINT scan_verdicts_violations_listed CHECK ((violations IS NOT NULL))
);

ALTER TABLE ONLY marketplace.scan_verdicts FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE scan_verdicts; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.scan_verdicts IS 'The fold of all scans of a voucher, or of its campaign, over (scanned at, nonce): `violations` is empty where the scan was within the limits; else it is over-use, kept with who and where. Another order of merging gives the same verdicts.';


--
-- Name: scans; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.scans (
    nonce uuid NOT NULL,
    voucher_id uuid NOT NULL,
    business_id uuid NOT NULL,
    location_id uuid NOT NULL,
    claim_id uuid,
    code_id uuid,
    user_id uuid,
    staff_id uuid,
    api_key_id uuid,
    amount_minor bigint,
    currency text,
    device text,
    scanned_at timestamp(3) with time zone NOT NULL,
    received_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT scans_amount_not_negative CHECK ((amount_minor >= 0)),
    CONSTRAINT scans_amount_with_currency CHECK (((amount_minor IS NULL) = (currency IS NULL))),
    CONSTRAINT scans_times_finite CHECK ((isfinite(scanned_at) AND isfinite(received_at)))
);

ALTER TABLE ONLY marketplace.scans FORCE ROW LEVEL SECURITY;


--
-- Name: TABLE scans; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON TABLE marketplace.scans IS 'What a till without network took: never changed. What became of it, see `ScanVerdict`.';


--
-- Name: COLUMN scans.nonce; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.scans.nonce IS 'Drawn by the till.';


--
-- Name: COLUMN scans.scanned_at; Type: COMMENT; Schema: marketplace; Owner: -
--

COMMENT ON COLUMN marketplace.scans.scanned_at IS 'By the clock of the till.';


--
-- Name: search_words; Type: TABLE; Schema: marketplace; Owner: -
--

CREATE TABLE marketplace.search_words (
    language_code text NOT NULL,
    word text NOT NULL,
    frequency real DEFAULT 0 NOT NULL,
    CONSTRAINT search_words_frequency_in_range CHECK (((frequency >= (0)::double precision) AND (frequency <= (1)::double precision)))
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
    CONSTRAINT user_day_counters_times_finite CHECK (isfinite(day)),
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
    batch_id uuid,
    revoked_by text,
    CONSTRAINT voucher_codes_code_form CHECK ((code ~ '^[A-Za-z0-9-]{6,64}$'::text)),
    CONSTRAINT voucher_codes_times_finite CHECK ((isfinite(created_at) AND (isfinite(revoked_at) IS NOT FALSE)))
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
    claim_limit_total integer,
    claimed_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT voucher_counters_claim_limit_positive CHECK ((claim_limit_total > 0)),
    CONSTRAINT voucher_counters_claimed_count_within_limit CHECK (((claimed_count >= 0) AND ((claimed_count <= claim_limit_total) IS NOT FALSE))),
    CONSTRAINT voucher_counters_discount_within_budget CHECK (((discount_minor >= 0) AND ((discount_minor <= budget_minor) IS NOT FALSE))),
    CONSTRAINT voucher_counters_limits_positive CHECK ((((limit_total > 0) IS NOT FALSE) AND ((budget_minor > 0) IS NOT FALSE))),
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
-- Name: archive; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.archive (
    id uuid NOT NULL,
    name text NOT NULL,
    priority integer NOT NULL,
    data jsonb,
    state pgboss.job_state NOT NULL,
    retry_limit integer NOT NULL,
    retry_count integer NOT NULL,
    retry_delay integer NOT NULL,
    retry_backoff boolean NOT NULL,
    start_after timestamp with time zone NOT NULL,
    started_on timestamp with time zone,
    singleton_key text,
    singleton_on timestamp without time zone,
    expire_in interval NOT NULL,
    created_on timestamp with time zone NOT NULL,
    completed_on timestamp with time zone,
    keep_until timestamp with time zone NOT NULL,
    output jsonb,
    dead_letter text,
    policy text,
    archived_on timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: job; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.job (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    data jsonb,
    state pgboss.job_state DEFAULT 'created'::pgboss.job_state NOT NULL,
    retry_limit integer DEFAULT 2 NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    retry_delay integer DEFAULT 0 NOT NULL,
    retry_backoff boolean DEFAULT false NOT NULL,
    start_after timestamp with time zone DEFAULT now() NOT NULL,
    started_on timestamp with time zone,
    singleton_key text,
    singleton_on timestamp without time zone,
    expire_in interval DEFAULT '00:15:00'::interval NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    completed_on timestamp with time zone,
    keep_until timestamp with time zone DEFAULT (now() + '14 days'::interval) NOT NULL,
    output jsonb,
    dead_letter text,
    policy text
)
PARTITION BY LIST (name);


--
-- Name: queue; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.queue (
    name text NOT NULL,
    policy text,
    retry_limit integer,
    retry_delay integer,
    retry_backoff boolean,
    expire_seconds integer,
    retention_minutes integer,
    dead_letter text,
    partition_name text,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: schedule; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.schedule (
    name text NOT NULL,
    cron text NOT NULL,
    timezone text,
    data jsonb,
    options jsonb,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: subscription; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.subscription (
    event text NOT NULL,
    name text NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: version; Type: TABLE; Schema: pgboss; Owner: -
--

CREATE TABLE pgboss.version (
    version integer NOT NULL,
    maintained_on timestamp with time zone,
    cron_on timestamp with time zone,
    monitored_on timestamp with time zone
);


--
-- Name: consumed_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.consumed_events (
    consumer text NOT NULL,
    event_id bigint NOT NULL,
    consumed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT consumed_events_consumer_check CHECK ((consumer <> ''::text))
);


--
-- Name: TABLE consumed_events; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.consumed_events IS 'What a consumer has done already: a row stands here if and only if the effect of that event is committed.';


--
-- Name: COLUMN consumed_events.consumer; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.consumed_events.consumer IS 'Name of the effect, the same for ever';


--
-- Name: COLUMN consumed_events.event_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.consumed_events.event_id IS 'Of public.outbox_events, which may be pruned sooner';


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

COMMENT ON TABLE public.data_migrations IS 'How far the data.sql of each migration has come. `cursor` is what its last batch answered; see docs/migrations.md.';


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
-- Name: outbox_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.outbox_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.outbox_events_id_seq OWNED BY public.outbox_events.id;


--
-- Name: hash_keys; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.hash_keys (
    purpose text NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT hash_keys_key_check CHECK ((octet_length(key) >= 32))
);


--
-- Name: TABLE hash_keys; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON TABLE security.hash_keys IS 'Keys of keyed hashes, by purpose; whoever has one can guess at the values that were hashed with it.';


--
-- Name: idempotency_keys_default; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.idempotency_keys_default (
    caller text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_on date DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT idempotency_keys_caller_named CHECK (((caller <> ''::text) AND (caller <> 'anonymous'::text))),
    CONSTRAINT idempotency_keys_fingerprint_length CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT idempotency_keys_headers_object CHECK ((jsonb_typeof(headers) = 'object'::text)),
    CONSTRAINT idempotency_keys_key_form CHECK ((key ~ '^[!-~]{1,255}$'::text)),
    CONSTRAINT idempotency_keys_operation_not_empty CHECK ((operation <> ''::text)),
    CONSTRAINT idempotency_keys_status_told CHECK (((status >= 200) AND (status <= 499))),
    CONSTRAINT idempotency_keys_times_finite CHECK ((isfinite(created_on) AND isfinite(created_at)))
);


--
-- Name: login_attempts; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.login_attempts (
    id uuid NOT NULL,
    email_hash bytea NOT NULL,
    client_address inet NOT NULL,
    outcome security.login_outcome NOT NULL,
    attempted_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT login_attempts_email_hash_length CHECK ((octet_length(email_hash) = 32)),
    CONSTRAINT login_attempts_times_finite CHECK (isfinite(attempted_at))
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
-- Name: subject_keys; Type: TABLE; Schema: security; Owner: -
--

CREATE TABLE security.subject_keys (
    subject_id uuid NOT NULL,
    key bytea,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    erased_at timestamp(3) with time zone,
    CONSTRAINT subject_keys_erased_check CHECK (((key IS NULL) = (erased_at IS NOT NULL))),
    CONSTRAINT subject_keys_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: TABLE subject_keys; Type: COMMENT; Schema: security; Owner: -
--

COMMENT ON TABLE security.subject_keys IS 'The key that a person''s values are sealed with in the audit log. Erasing a person destroys it: `key` is then NULL.';


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
    CONSTRAINT addresses_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT addresses_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT addresses_version_positive CHECK ((version > 0))
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
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT preferences_times_finite CHECK (isfinite(updated_at)),
    CONSTRAINT preferences_version_positive CHECK ((version > 0))
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
    state_reason text,
    CONSTRAINT users_display_name_not_empty CHECK ((display_name <> ''::text)),
    CONSTRAINT users_email_form CHECK ((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)),
    CONSTRAINT users_email_lower_case CHECK ((email = lower(email))),
    CONSTRAINT users_state_reason_not_empty CHECK ((state_reason <> ''::text)),
    CONSTRAINT users_times_finite CHECK ((isfinite(created_at) AND isfinite(updated_at) AND (isfinite(deleted_at) IS NOT FALSE))),
    CONSTRAINT users_version_positive CHECK ((version > 0))
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
-- Name: COLUMN users.state_reason; Type: COMMENT; Schema: users; Owner: -
--

COMMENT ON COLUMN users.users.state_reason IS 'Why an operator suspended or reactivated them.';


--
-- Name: entries_default; Type: TABLE ATTACH; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.entries ATTACH PARTITION audit.entries_default DEFAULT;


--
-- Name: idempotency_keys_default; Type: TABLE ATTACH; Schema: security; Owner: -
--

ALTER TABLE ONLY security.idempotency_keys ATTACH PARTITION security.idempotency_keys_default DEFAULT;


--
-- Name: entries id; Type: DEFAULT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.entries ALTER COLUMN id SET DEFAULT nextval('audit.entries_id_seq'::regclass);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: archives archives_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.archives
    ADD CONSTRAINT archives_pkey PRIMARY KEY (month);


--
-- Name: entries entries_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (transaction_id, id, recorded_at);


--
-- Name: entries_default entries_default_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.entries_default
    ADD CONSTRAINT entries_default_pkey PRIMARY KEY (transaction_id, id, recorded_at);


--
-- Name: sealed_entries sealed_entries_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.sealed_entries
    ADD CONSTRAINT sealed_entries_pkey PRIMARY KEY ("position");


--
-- Name: seals seals_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY (number);


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
-- Name: api_key_uses api_key_uses_pkey; Type: CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.api_key_uses
    ADD CONSTRAINT api_key_uses_pkey PRIMARY KEY (api_key_id);


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
-- Name: campaign_user_counters campaign_user_counters_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaign_user_counters
    ADD CONSTRAINT campaign_user_counters_pkey PRIMARY KEY (user_id, campaign_id);


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
-- Name: code_batches code_batches_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_batches
    ADD CONSTRAINT code_batches_pkey PRIMARY KEY (id);


--
-- Name: code_uses code_uses_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_uses
    ADD CONSTRAINT code_uses_pkey PRIMARY KEY (code_id);


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
-- Name: scan_verdicts scan_verdicts_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scan_verdicts
    ADD CONSTRAINT scan_verdicts_pkey PRIMARY KEY (nonce);


--
-- Name: scans scans_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scans
    ADD CONSTRAINT scans_pkey PRIMARY KEY (nonce);


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
-- Name: token_keys token_keys_pkey; Type: CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.token_keys
    ADD CONSTRAINT token_keys_pkey PRIMARY KEY (kid);


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
-- Name: archive archive_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.archive
    ADD CONSTRAINT archive_pkey PRIMARY KEY (name, id);


--
-- Name: job job_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (name, id);


--
-- Name: queue queue_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.queue
    ADD CONSTRAINT queue_pkey PRIMARY KEY (name);


--
-- Name: schedule schedule_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (name);


--
-- Name: subscription subscription_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (event, name);


--
-- Name: version version_pkey; Type: CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (version);


--
-- Name: consumed_events consumed_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.consumed_events
    ADD CONSTRAINT consumed_events_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: data_migrations data_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.data_migrations
    ADD CONSTRAINT data_migrations_pkey PRIMARY KEY (name);


--
-- Name: outbox_events outbox_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (id);


--
-- Name: hash_keys hash_keys_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.hash_keys
    ADD CONSTRAINT hash_keys_pkey PRIMARY KEY (purpose);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller, operation, key, created_on);


--
-- Name: idempotency_keys_default idempotency_keys_default_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.idempotency_keys_default
    ADD CONSTRAINT idempotency_keys_default_pkey PRIMARY KEY (caller, operation, key, created_on);


--
-- Name: login_attempts login_attempts_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.login_attempts
    ADD CONSTRAINT login_attempts_pkey PRIMARY KEY (id);


--
-- Name: subject_keys subject_keys_pkey; Type: CONSTRAINT; Schema: security; Owner: -
--

ALTER TABLE ONLY security.subject_keys
    ADD CONSTRAINT subject_keys_pkey PRIMARY KEY (subject_id);


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
-- Name: entries_former_key_idx; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX entries_former_key_idx ON ONLY audit.entries USING hash (former_key);


--
-- Name: entries_default_former_key_idx; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX entries_default_former_key_idx ON audit.entries_default USING hash (former_key);


--
-- Name: entries_row_key_idx; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX entries_row_key_idx ON ONLY audit.entries USING hash (row_key);


--
-- Name: entries_default_row_key_idx; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX entries_default_row_key_idx ON audit.entries_default USING hash (row_key);


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
-- Name: businesses_withdrawn_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX businesses_withdrawn_idx ON business.businesses USING btree (updated_at) WHERE ((status <> 'verified'::business.business_status) OR (deleted_at IS NOT NULL));


--
-- Name: invitations_business_id_idx; Type: INDEX; Schema: business; Owner: -
--

CREATE INDEX invitations_business_id_idx ON business.invitations USING btree (business_id);


--
-- Name: invitations_open_key; Type: INDEX; Schema: business; Owner: -
--

CREATE UNIQUE INDEX invitations_open_key ON business.invitations USING btree (business_id, email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));


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
-- Name: translations_business_id_idx; Type: INDEX; Schema: i18n; Owner: -
--

CREATE INDEX translations_business_id_idx ON i18n.translations USING btree (business_id) WHERE (business_id IS NOT NULL);


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
-- Name: sessions_impersonated_by_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX sessions_impersonated_by_idx ON identity.sessions USING btree (impersonated_by) WHERE (impersonated_by IS NOT NULL);


--
-- Name: sessions_living_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX sessions_living_idx ON identity.sessions USING btree (user_id, last_used_at) WHERE (revoked_at IS NULL);


--
-- Name: sessions_revoked_at_idx; Type: INDEX; Schema: identity; Owner: -
--

CREATE INDEX sessions_revoked_at_idx ON identity.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);


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
-- Name: campaign_user_counters_campaign_id_user_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX campaign_user_counters_campaign_id_user_id_idx ON marketplace.campaign_user_counters USING btree (campaign_id, user_id);


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
-- Name: claims_ended_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX claims_ended_idx ON marketplace.claims USING btree (updated_at) WHERE (state <> 'active'::marketplace.claim_state);


--
-- Name: claims_short_code_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX claims_short_code_key ON marketplace.claims USING btree (short_code);


--
-- Name: claims_user_id_voucher_id_source_id_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX claims_user_id_voucher_id_source_id_key ON marketplace.claims USING btree (user_id, voucher_id, source_id);


--
-- Name: claims_voucher_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX claims_voucher_id_idx ON marketplace.claims USING btree (voucher_id);


--
-- Name: code_batches_business_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX code_batches_business_id_idx ON marketplace.code_batches USING btree (business_id);


--
-- Name: code_batches_open_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX code_batches_open_idx ON marketplace.code_batches USING btree (id) WHERE (state = ANY (ARRAY['waiting'::marketplace.code_batch_state, 'running'::marketplace.code_batch_state]));


--
-- Name: code_batches_voucher_id_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX code_batches_voucher_id_id_idx ON marketplace.code_batches USING btree (voucher_id, id);


--
-- Name: code_uses_redemption_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX code_uses_redemption_id_idx ON marketplace.code_uses USING btree (redemption_id);


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
-- Name: holds_open_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX holds_open_idx ON marketplace.holds USING btree (voucher_id, expires_at) WHERE (released_at IS NULL);


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
-- Name: redemptions_campaign_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_campaign_id_idx ON marketplace.redemptions USING btree (campaign_id);


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
-- Name: redemptions_scan_nonce_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_scan_nonce_idx ON marketplace.redemptions USING btree (scan_nonce);


--
-- Name: redemptions_user_id_redeemed_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_user_id_redeemed_at_idx ON marketplace.redemptions USING btree (user_id, redeemed_at);


--
-- Name: redemptions_voucher_id_redeemed_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX redemptions_voucher_id_redeemed_at_idx ON marketplace.redemptions USING btree (voucher_id, redeemed_at);


--
-- Name: scans_business_id_scanned_at_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX scans_business_id_scanned_at_idx ON marketplace.scans USING btree (business_id, scanned_at);


--
-- Name: scans_claim_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX scans_claim_id_idx ON marketplace.scans USING btree (claim_id);


--
-- Name: scans_code_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX scans_code_id_idx ON marketplace.scans USING btree (code_id);


--
-- Name: scans_location_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX scans_location_id_idx ON marketplace.scans USING btree (location_id);


--
-- Name: scans_voucher_id_scanned_at_nonce_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX scans_voucher_id_scanned_at_nonce_idx ON marketplace.scans USING btree (voucher_id, scanned_at, nonce);


--
-- Name: search_words_word_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX search_words_word_idx ON marketplace.search_words USING gin (word public.gin_trgm_ops);


--
-- Name: user_counters_voucher_id_user_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX user_counters_voucher_id_user_id_idx ON marketplace.user_counters USING btree (voucher_id, user_id);


--
-- Name: user_day_counters_voucher_id_user_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX user_day_counters_voucher_id_user_id_idx ON marketplace.user_day_counters USING btree (voucher_id, user_id);


--
-- Name: voucher_codes_batch_id_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX voucher_codes_batch_id_id_idx ON marketplace.voucher_codes USING btree (batch_id, id);


--
-- Name: voucher_codes_code_key; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE UNIQUE INDEX voucher_codes_code_key ON marketplace.voucher_codes USING btree (code);


--
-- Name: voucher_codes_voucher_id_id_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX voucher_codes_voucher_id_id_idx ON marketplace.voucher_codes USING btree (voucher_id, id);


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
-- Name: vouchers_ending_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_ending_idx ON marketplace.vouchers USING btree (valid_until) WHERE ((state = ANY (ARRAY['published'::marketplace.voucher_state, 'suspended'::marketplace.voucher_state])) AND (deleted_at IS NULL) AND (valid_until IS NOT NULL));


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
-- Name: vouchers_withdrawn_idx; Type: INDEX; Schema: marketplace; Owner: -
--

CREATE INDEX vouchers_withdrawn_idx ON marketplace.vouchers USING btree (updated_at) WHERE ((state <> 'published'::marketplace.voucher_state) OR (deleted_at IS NOT NULL));


--
-- Name: archive_i1; Type: INDEX; Schema: pgboss; Owner: -
--

CREATE INDEX archive_i1 ON pgboss.archive USING btree (archived_on);


--
-- Name: consumed_events_consumed_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX consumed_events_consumed_at_idx ON public.consumed_events USING btree (consumed_at);


--
-- Name: outbox_events_delivered_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_events_delivered_at_idx ON public.outbox_events USING btree (delivered_at) WHERE (delivered_at IS NOT NULL);


--
-- Name: outbox_events_due_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_events_due_idx ON public.outbox_events USING btree (aggregate_type, available_at) WHERE (available_at IS NOT NULL);


--
-- Name: outbox_events_parked_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_events_parked_at_idx ON public.outbox_events USING btree (parked_at) WHERE ((parked_at IS NOT NULL) AND (delivered_at IS NULL));


--
-- Name: outbox_events_waiting_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_events_waiting_idx ON public.outbox_events USING btree (aggregate_type, aggregate_id, id) WHERE (delivered_at IS NULL);


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
-- Name: users_display_name_words_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_display_name_words_idx ON users.users USING gin (display_name public.gin_trgm_ops) WHERE (deleted_at IS NULL);


--
-- Name: users_email_key; Type: INDEX; Schema: users; Owner: -
--

CREATE UNIQUE INDEX users_email_key ON users.users USING btree (email);


--
-- Name: users_email_prefix_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_email_prefix_idx ON users.users USING btree (email text_pattern_ops) WHERE (deleted_at IS NULL);


--
-- Name: users_language_code_idx; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_language_code_idx ON users.users USING btree (language_code);


--
-- Name: entries_default_former_key_idx; Type: INDEX ATTACH; Schema: audit; Owner: -
--

ALTER INDEX audit.entries_former_key_idx ATTACH PARTITION audit.entries_default_former_key_idx;


--
-- Name: entries_default_pkey; Type: INDEX ATTACH; Schema: audit; Owner: -
--

ALTER INDEX audit.entries_pkey ATTACH PARTITION audit.entries_default_pkey;


--
-- Name: entries_default_row_key_idx; Type: INDEX ATTACH; Schema: audit; Owner: -
--

ALTER INDEX audit.entries_row_key_idx ATTACH PARTITION audit.entries_default_row_key_idx;


--
-- Name: idempotency_keys_default_pkey; Type: INDEX ATTACH; Schema: security; Owner: -
--

ALTER INDEX security.idempotency_keys_pkey ATTACH PARTITION security.idempotency_keys_default_pkey;


--
-- Name: archives archives_append_only; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER archives_append_only BEFORE DELETE OR UPDATE ON audit.archives FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.archives ENABLE ALWAYS TRIGGER archives_append_only;


--
-- Name: archives archives_not_emptied; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER archives_not_emptied BEFORE TRUNCATE ON audit.archives FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.archives ENABLE ALWAYS TRIGGER archives_not_emptied;


--
-- Name: entries entries_append_only; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER entries_append_only BEFORE DELETE OR UPDATE ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER entries_append_only;


--
-- Name: entries entries_not_emptied; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER entries_not_emptied;


--
-- Name: entries_default entries_not_emptied; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries_default FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.entries_default ENABLE ALWAYS TRIGGER entries_not_emptied;


--
-- Name: sealed_entries sealed_entries_append_only; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER sealed_entries_append_only BEFORE DELETE OR UPDATE ON audit.sealed_entries FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.sealed_entries ENABLE ALWAYS TRIGGER sealed_entries_append_only;


--
-- Name: sealed_entries sealed_entries_not_emptied; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER sealed_entries_not_emptied BEFORE TRUNCATE ON audit.sealed_entries FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.sealed_entries ENABLE ALWAYS TRIGGER sealed_entries_not_emptied;


--
-- Name: seals seals_append_only; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER seals_append_only BEFORE DELETE OR UPDATE ON audit.seals FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.seals ENABLE ALWAYS TRIGGER seals_append_only;


--
-- Name: seals seals_not_emptied; Type: TRIGGER; Schema: audit; Owner: -
--

CREATE TRIGGER seals_not_emptied BEFORE TRUNCATE ON audit.seals FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.seals ENABLE ALWAYS TRIGGER seals_not_emptied;


--
-- Name: businesses audit_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON business.businesses FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE business.businesses ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: invitations audit_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON business.invitations FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": ["email"], "secret": ["token_hash"], "subject": null, "personal": []}');

ALTER TABLE business.invitations ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: locations audit_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON business.locations FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE business.locations ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: members audit_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON business.members FOR EACH ROW EXECUTE FUNCTION audit.record_change('{business_id,user_id}', '');

ALTER TABLE business.members ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: special_days audit_row; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON business.special_days FOR EACH ROW EXECUTE FUNCTION audit.record_change('{location_id,day}', '');

ALTER TABLE business.special_days ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: businesses audit_truncate; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON business.businesses FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE business.businesses ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: invitations audit_truncate; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON business.invitations FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE business.invitations ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: locations audit_truncate; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON business.locations FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE business.locations ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: members audit_truncate; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON business.members FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE business.members ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: special_days audit_truncate; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON business.special_days FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE business.special_days ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: businesses businesses_status_transition; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER businesses_status_transition BEFORE UPDATE OF status ON business.businesses FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION audit.check_transition('status', 'pending>verified', 'pending>suspended', 'verified>pending', 'verified>suspended', 'suspended>verified');


--
-- Name: businesses businesses_updated; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER businesses_updated AFTER UPDATE ON business.businesses REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();


--
-- Name: members keep_last_owner; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER keep_last_owner AFTER DELETE ON business.members FOR EACH ROW WHEN ((old.role = 'owner'::business.member_role)) EXECUTE FUNCTION business.keep_last_owner();


--
-- Name: members keep_last_owner_in_office; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER keep_last_owner_in_office AFTER UPDATE ON business.members FOR EACH ROW WHEN (((old.role = 'owner'::business.member_role) AND (((new.role IS DISTINCT FROM old.role) OR (new.business_id IS DISTINCT FROM old.business_id)) OR (new.user_id IS DISTINCT FROM old.user_id)))) EXECUTE FUNCTION business.keep_last_owner();


--
-- Name: locations locations_keep_business; Type: TRIGGER; Schema: business; Owner: -
--

CREATE TRIGGER locations_keep_business BEFORE UPDATE OF business_id ON business.locations FOR EACH ROW WHEN ((old.business_id IS DISTINCT FROM new.business_id)) EXECUTE FUNCTION audit.keep_business();


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
-- Name: categories audit_row; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON catalog.categories FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE catalog.categories ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: currencies audit_row; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON catalog.currencies FOR EACH ROW EXECUTE FUNCTION audit.record_change('{code}', '');

ALTER TABLE catalog.currencies ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: markets audit_row; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON catalog.markets FOR EACH ROW EXECUTE FUNCTION audit.record_change('{country_code}', '');

ALTER TABLE catalog.markets ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: categories audit_truncate; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON catalog.categories FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE catalog.categories ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: currencies audit_truncate; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON catalog.currencies FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE catalog.currencies ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: markets audit_truncate; Type: TRIGGER; Schema: catalog; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON catalog.markets FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE catalog.markets ENABLE ALWAYS TRIGGER audit_truncate;


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
-- Name: languages audit_row; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON i18n.languages FOR EACH ROW EXECUTE FUNCTION audit.record_change('{code}', '');

ALTER TABLE i18n.languages ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: translations audit_row; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON i18n.translations FOR EACH ROW EXECUTE FUNCTION audit.record_change('{key,language_code}', '');

ALTER TABLE i18n.translations ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: languages audit_truncate; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON i18n.languages FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE i18n.languages ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: translations audit_truncate; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON i18n.translations FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE i18n.translations ENABLE ALWAYS TRIGGER audit_truncate;


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
-- Name: translations translations_owner; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER translations_owner BEFORE INSERT OR UPDATE OF key, domain ON i18n.translations FOR EACH ROW EXECUTE FUNCTION i18n.set_translation_owner();


--
-- Name: translations translations_updated; Type: TRIGGER; Schema: i18n; Owner: -
--

CREATE TRIGGER translations_updated AFTER UPDATE ON i18n.translations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();


--
-- Name: api_keys api_keys_keep_business; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER api_keys_keep_business BEFORE UPDATE OF business_id ON identity.api_keys FOR EACH ROW WHEN ((old.business_id IS DISTINCT FROM new.business_id)) EXECUTE FUNCTION audit.keep_business();


--
-- Name: api_keys audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.api_keys FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": ["secret_hash"], "subject": null, "personal": []}');

ALTER TABLE identity.api_keys ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: backup_codes audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.backup_codes FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": ["code_hash"], "subject": null, "personal": []}');

ALTER TABLE identity.backup_codes ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: credentials audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.credentials FOR EACH ROW EXECUTE FUNCTION audit.record_change('{user_id}', '{"hashed": [], "secret": ["password_hash"], "subject": null, "personal": []}');

ALTER TABLE identity.credentials ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: email_links audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.email_links FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": ["token_hash"], "subject": null, "personal": []}');

ALTER TABLE identity.email_links ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: role_grants audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.role_grants FOR EACH ROW EXECUTE FUNCTION audit.record_change('{user_id,role}', '');

ALTER TABLE identity.role_grants ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: sessions audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.sessions FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": [], "subject": "user_id", "personal": ["user_agent", "client_address", "impersonation_reason"]}');

ALTER TABLE identity.sessions ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: signing_keys audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.signing_keys FOR EACH ROW EXECUTE FUNCTION audit.record_change('{kid}', '{"hashed": [], "secret": ["encrypted_private_key"], "subject": null, "personal": []}');

ALTER TABLE identity.signing_keys ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: totp_factors audit_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON identity.totp_factors FOR EACH ROW EXECUTE FUNCTION audit.record_change('{user_id}', '{"hashed": [], "secret": ["encrypted_secret", "last_used_step"], "subject": null, "personal": []}');

ALTER TABLE identity.totp_factors ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: api_keys audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.api_keys FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.api_keys ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: backup_codes audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.backup_codes FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.backup_codes ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: credentials audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.credentials FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.credentials ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: email_links audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.email_links FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.email_links ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: role_grants audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.role_grants FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.role_grants ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: sessions audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.sessions FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.sessions ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: signing_keys audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.signing_keys FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.signing_keys ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: totp_factors audit_truncate; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON identity.totp_factors FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE identity.totp_factors ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: role_grants keep_last_admin; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER keep_last_admin AFTER DELETE ON identity.role_grants FOR EACH ROW WHEN ((old.role = 'admin'::identity.platform_role)) EXECUTE FUNCTION identity.keep_last_admin();


--
-- Name: credentials touch_row; Type: TRIGGER; Schema: identity; Owner: -
--

CREATE TRIGGER touch_row BEFORE UPDATE ON identity.credentials FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION audit.touch_row();


--
-- Name: campaigns audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.campaigns FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE marketplace.campaigns ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: claims audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.claims FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": ["short_code"], "subject": null, "personal": []}');

ALTER TABLE marketplace.claims ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: code_batches audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.code_batches FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE marketplace.code_batches ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: token_keys audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.token_keys FOR EACH ROW EXECUTE FUNCTION audit.record_change('{kid}', '{"hashed": [], "secret": ["encrypted_private_key"], "subject": null, "personal": []}');

ALTER TABLE marketplace.token_keys ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: voucher_locations audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.voucher_locations FOR EACH ROW EXECUTE FUNCTION audit.record_change('{voucher_id,location_id}', '');

ALTER TABLE marketplace.voucher_locations ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: vouchers audit_row; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON marketplace.vouchers FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '');

ALTER TABLE marketplace.vouchers ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: campaigns audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.campaigns FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.campaigns ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: claims audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.claims FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.claims ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: code_batches audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.code_batches FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.code_batches ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: token_keys audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.token_keys FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.token_keys ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: voucher_locations audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.voucher_locations FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.voucher_locations ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: vouchers audit_truncate; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON marketplace.vouchers FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE marketplace.vouchers ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: campaigns campaigns_have_limits; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER campaigns_have_limits AFTER INSERT OR UPDATE OF limit_total, budget_minor ON marketplace.campaigns FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();


--
-- Name: campaigns campaigns_keep_business; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER campaigns_keep_business BEFORE UPDATE OF business_id ON marketplace.campaigns FOR EACH ROW WHEN ((old.business_id IS DISTINCT FROM new.business_id)) EXECUTE FUNCTION audit.keep_business();


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
-- Name: claims claims_are_counted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER claims_are_counted AFTER INSERT OR DELETE OR UPDATE OF state ON marketplace.claims FOR EACH ROW EXECUTE FUNCTION marketplace.count_claim();


--
-- Name: claims claims_state_transition; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER claims_state_transition BEFORE UPDATE OF state ON marketplace.claims FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active', 'released>active');


--
-- Name: code_batches code_batches_keep_business; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER code_batches_keep_business BEFORE UPDATE OF business_id ON marketplace.code_batches FOR EACH ROW WHEN ((old.business_id IS DISTINCT FROM new.business_id)) EXECUTE FUNCTION audit.keep_business();


--
-- Name: code_batches code_batches_state_transition; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER code_batches_state_transition BEFORE UPDATE OF state ON marketplace.code_batches FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'waiting>running', 'waiting>done', 'waiting>failed', 'running>done', 'running>failed');


--
-- Name: redemptions redemptions_append_only; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER redemptions_append_only BEFORE DELETE OR UPDATE ON marketplace.redemptions FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_append_only;


--
-- Name: redemptions redemptions_not_emptied; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER redemptions_not_emptied BEFORE TRUNCATE ON marketplace.redemptions FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_not_emptied;


--
-- Name: scans scans_append_only; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER scans_append_only BEFORE DELETE OR UPDATE ON marketplace.scans FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE marketplace.scans ENABLE ALWAYS TRIGGER scans_append_only;


--
-- Name: scans scans_not_emptied; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER scans_not_emptied BEFORE TRUNCATE ON marketplace.scans FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE marketplace.scans ENABLE ALWAYS TRIGGER scans_not_emptied;


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
-- Name: voucher_codes voucher_codes_note_revocation; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER voucher_codes_note_revocation BEFORE UPDATE OF revoked_at, revoked_by ON marketplace.voucher_codes FOR EACH ROW EXECUTE FUNCTION marketplace.note_revocation();


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
-- Name: vouchers vouchers_have_limits; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_have_limits AFTER INSERT OR UPDATE OF limit_total, budget_minor, claim_limit_total, campaign_id ON marketplace.vouchers FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();


--
-- Name: vouchers vouchers_inserted; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_inserted AFTER INSERT ON marketplace.vouchers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();


--
-- Name: vouchers vouchers_keep_business; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_keep_business BEFORE UPDATE OF business_id ON marketplace.vouchers FOR EACH ROW WHEN ((old.business_id IS DISTINCT FROM new.business_id)) EXECUTE FUNCTION audit.keep_business();


--
-- Name: vouchers vouchers_keep_discount; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_keep_discount BEFORE UPDATE OF discount_type, currency ON marketplace.vouchers FOR EACH ROW WHEN (((old.discount_type IS DISTINCT FROM new.discount_type) OR ((old.currency IS NOT NULL) AND (old.currency IS DISTINCT FROM new.currency)))) EXECUTE FUNCTION marketplace.keep_discount();


--
-- Name: vouchers vouchers_state_transition; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_state_transition BEFORE UPDATE OF state ON marketplace.vouchers FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION audit.check_transition('state', 'draft>published', 'draft>archived', 'published>suspended', 'published>expired', 'published>archived', 'suspended>published', 'suspended>expired', 'suspended>archived', 'expired>archived');


--
-- Name: vouchers vouchers_updated; Type: TRIGGER; Schema: marketplace; Owner: -
--

CREATE TRIGGER vouchers_updated AFTER UPDATE ON marketplace.vouchers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();


--
-- Name: outbox_events outbox_events_numbered; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER outbox_events_numbered BEFORE INSERT ON public.outbox_events FOR EACH ROW EXECUTE FUNCTION public.number_outbox_event();


--
-- Name: hash_keys audit_row; Type: TRIGGER; Schema: security; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON security.hash_keys FOR EACH ROW EXECUTE FUNCTION audit.record_change('{purpose}', '{"hashed": [], "secret": ["key"], "subject": null, "personal": []}');

ALTER TABLE security.hash_keys ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: subject_keys audit_row; Type: TRIGGER; Schema: security; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON security.subject_keys FOR EACH ROW EXECUTE FUNCTION audit.record_change('{subject_id}', '{"hashed": [], "secret": ["key"], "subject": null, "personal": []}');

ALTER TABLE security.subject_keys ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: hash_keys audit_truncate; Type: TRIGGER; Schema: security; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON security.hash_keys FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE security.hash_keys ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: subject_keys audit_truncate; Type: TRIGGER; Schema: security; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON security.subject_keys FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE security.subject_keys ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: addresses audit_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON users.addresses FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": [], "subject": "user_id", "personal": ["label", "street", "city", "postal_code", "latitude", "longitude"]}');

ALTER TABLE users.addresses ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: preferences audit_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON users.preferences FOR EACH ROW EXECUTE FUNCTION audit.record_change('{user_id}', '');

ALTER TABLE users.preferences ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: users audit_row; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON users.users FOR EACH ROW EXECUTE FUNCTION audit.record_change('{id}', '{"hashed": [], "secret": [], "subject": "id", "personal": ["email", "display_name", "state_reason"]}');

ALTER TABLE users.users ENABLE ALWAYS TRIGGER audit_row;


--
-- Name: addresses audit_truncate; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON users.addresses FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE users.addresses ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: preferences audit_truncate; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON users.preferences FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE users.preferences ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: users audit_truncate; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON users.users FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate();

ALTER TABLE users.users ENABLE ALWAYS TRIGGER audit_truncate;


--
-- Name: users revoke_sessions; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER revoke_sessions AFTER UPDATE OF state ON users.users FOR EACH ROW WHEN (((old.state = 'active'::users.user_state) AND (new.state <> 'active'::users.user_state))) EXECUTE FUNCTION identity.revoke_sessions_of_user();


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
-- Name: users users_keep_last_admin; Type: TRIGGER; Schema: users; Owner: -
--

CREATE TRIGGER users_keep_last_admin AFTER UPDATE OF state ON users.users FOR EACH ROW WHEN (((old.state = 'active'::users.user_state) AND (new.state <> 'active'::users.user_state))) EXECUTE FUNCTION identity.keep_last_admin();


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
-- Name: translations translations_business_id_fkey; Type: FK CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.translations
    ADD CONSTRAINT translations_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: translations translations_language_code_fkey; Type: FK CONSTRAINT; Schema: i18n; Owner: -
--

ALTER TABLE ONLY i18n.translations
    ADD CONSTRAINT translations_language_code_fkey FOREIGN KEY (language_code) REFERENCES i18n.languages(code) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: api_key_uses api_key_uses_api_key_id_fkey; Type: FK CONSTRAINT; Schema: identity; Owner: -
--

ALTER TABLE ONLY identity.api_key_uses
    ADD CONSTRAINT api_key_uses_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES identity.api_keys(id) ON UPDATE CASCADE ON DELETE CASCADE;


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
-- Name: campaign_user_counters campaign_user_counters_campaign_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.campaign_user_counters
    ADD CONSTRAINT campaign_user_counters_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES marketplace.campaigns(id) ON UPDATE CASCADE ON DELETE CASCADE;


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
-- Name: code_batches code_batches_business_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_batches
    ADD CONSTRAINT code_batches_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: code_batches code_batches_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_batches
    ADD CONSTRAINT code_batches_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: code_uses code_uses_code_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_uses
    ADD CONSTRAINT code_uses_code_id_fkey FOREIGN KEY (code_id) REFERENCES marketplace.voucher_codes(id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: code_uses code_uses_redemption_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.code_uses
    ADD CONSTRAINT code_uses_redemption_id_fkey FOREIGN KEY (redemption_id) REFERENCES marketplace.redemptions(id) ON UPDATE CASCADE ON DELETE RESTRICT;


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
-- Name: redemptions redemptions_campaign_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES marketplace.campaigns(id) ON UPDATE CASCADE ON DELETE RESTRICT;


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
-- Name: redemptions redemptions_scan_nonce_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_scan_nonce_fkey FOREIGN KEY (scan_nonce) REFERENCES marketplace.scans(nonce) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: redemptions redemptions_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.redemptions
    ADD CONSTRAINT redemptions_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: scan_verdicts scan_verdicts_nonce_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scan_verdicts
    ADD CONSTRAINT scan_verdicts_nonce_fkey FOREIGN KEY (nonce) REFERENCES marketplace.scans(nonce) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: scans scans_claim_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scans
    ADD CONSTRAINT scans_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES marketplace.claims(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: scans scans_code_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scans
    ADD CONSTRAINT scans_code_id_fkey FOREIGN KEY (code_id) REFERENCES marketplace.voucher_codes(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: scans scans_location_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scans
    ADD CONSTRAINT scans_location_id_fkey FOREIGN KEY (location_id) REFERENCES business.locations(id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: scans scans_voucher_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.scans
    ADD CONSTRAINT scans_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES marketplace.vouchers(id) ON UPDATE CASCADE ON DELETE RESTRICT;


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
-- Name: voucher_codes voucher_codes_batch_id_fkey; Type: FK CONSTRAINT; Schema: marketplace; Owner: -
--

ALTER TABLE ONLY marketplace.voucher_codes
    ADD CONSTRAINT voucher_codes_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES marketplace.code_batches(id) ON UPDATE CASCADE ON DELETE CASCADE;


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
-- Name: queue queue_dead_letter_fkey; Type: FK CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.queue
    ADD CONSTRAINT queue_dead_letter_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue(name);


--
-- Name: schedule schedule_name_fkey; Type: FK CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.schedule
    ADD CONSTRAINT schedule_name_fkey FOREIGN KEY (name) REFERENCES pgboss.queue(name) ON DELETE CASCADE;


--
-- Name: subscription subscription_name_fkey; Type: FK CONSTRAINT; Schema: pgboss; Owner: -
--

ALTER TABLE ONLY pgboss.subscription
    ADD CONSTRAINT subscription_name_fkey FOREIGN KEY (name) REFERENCES pgboss.queue(name) ON DELETE CASCADE;


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

CREATE POLICY app_delete ON business.members FOR DELETE TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND ((( SELECT security.business_role() AS business_role) = 'owner'::text) OR (user_id = ( SELECT security.current_user_id() AS current_user_id)))));


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

CREATE POLICY app_insert ON business.invitations FOR INSERT TO pika_app WITH CHECK (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND ((( SELECT security.business_role() AS business_role) = 'owner'::text) OR ((( SELECT security.business_role() AS business_role) = 'manager'::text) AND (role = 'redeemer'::business.member_role)))));


--
-- Name: locations app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.locations FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: members app_insert; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_insert ON business.members FOR INSERT TO pika_app WITH CHECK (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = 'owner'::text)));


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

CREATE POLICY app_select ON business.invitations FOR SELECT TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = ANY (ARRAY['owner'::text, 'manager'::text]))));


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

CREATE POLICY app_update ON business.invitations FOR UPDATE TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = ANY (ARRAY['owner'::text, 'manager'::text]))));


--
-- Name: locations app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.locations FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: members app_update; Type: POLICY; Schema: business; Owner: -
--

CREATE POLICY app_update ON business.members FOR UPDATE TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = 'owner'::text)));


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
-- Name: translations app_delete; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY app_delete ON i18n.translations FOR DELETE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: translations app_insert; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY app_insert ON i18n.translations FOR INSERT TO pika_app WITH CHECK ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: translations app_select; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY app_select ON i18n.translations FOR SELECT TO pika_app USING (true);


--
-- Name: translations app_update; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY app_update ON i18n.translations FOR UPDATE TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: translations owner_all; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY owner_all ON i18n.translations TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: translations public_select; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY public_select ON i18n.translations FOR SELECT TO pika_public USING (true);


--
-- Name: translations support_delete; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY support_delete ON i18n.translations FOR DELETE TO pika_support USING (true);


--
-- Name: translations support_insert; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY support_insert ON i18n.translations FOR INSERT TO pika_support WITH CHECK (true);


--
-- Name: translations support_select; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY support_select ON i18n.translations FOR SELECT TO pika_support USING (true);


--
-- Name: translations support_update; Type: POLICY; Schema: i18n; Owner: -
--

CREATE POLICY support_update ON i18n.translations FOR UPDATE TO pika_support USING (true);


--
-- Name: translations; Type: ROW SECURITY; Schema: i18n; Owner: -
--

ALTER TABLE i18n.translations ENABLE ROW LEVEL SECURITY;

--
-- Name: api_key_uses; Type: ROW SECURITY; Schema: identity; Owner: -
--

ALTER TABLE identity.api_key_uses ENABLE ROW LEVEL SECURITY;

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

CREATE POLICY app_insert ON identity.api_keys FOR INSERT TO pika_app WITH CHECK (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = ANY (ARRAY['owner'::text, 'manager'::text]))));


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

CREATE POLICY app_insert ON identity.sessions FOR INSERT TO pika_app WITH CHECK (((user_id = ( SELECT security.current_user_id() AS current_user_id)) AND (impersonated_by IS NULL)));


--
-- Name: totp_factors app_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_insert ON identity.totp_factors FOR INSERT TO pika_app WITH CHECK ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


--
-- Name: api_key_uses app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.api_key_uses FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM identity.api_keys k
  WHERE (k.id = api_key_uses.api_key_id))));


--
-- Name: api_keys app_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY app_select ON identity.api_keys FOR SELECT TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = ANY (ARRAY['owner'::text, 'manager'::text]))));


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

CREATE POLICY app_update ON identity.api_keys FOR UPDATE TO pika_app USING (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (( SELECT security.business_role() AS business_role) = ANY (ARRAY['owner'::text, 'manager'::text]))));


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
-- Name: api_key_uses owner_all; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY owner_all ON identity.api_key_uses TO pika_owner USING (true) WITH CHECK (true);


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

CREATE POLICY support_delete ON identity.role_grants FOR DELETE TO pika_support USING ((( SELECT security.has_role('admin'::text) AS has_role) AND (user_id <> ( SELECT security.current_user_id() AS current_user_id))));


--
-- Name: role_grants support_insert; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_insert ON identity.role_grants FOR INSERT TO pika_support WITH CHECK ((( SELECT security.has_role('admin'::text) AS has_role) AND (user_id <> ( SELECT security.current_user_id() AS current_user_id))));


--
-- Name: api_key_uses support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.api_key_uses FOR SELECT TO pika_support USING (true);


--
-- Name: api_keys support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.api_keys FOR SELECT TO pika_support USING (true);


--
-- Name: credentials support_select; Type: POLICY; Schema: identity; Owner: -
--

CREATE POLICY support_select ON identity.credentials FOR SELECT TO pika_support USING (true);


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
-- Name: code_batches app_insert; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_insert ON marketplace.code_batches FOR INSERT TO pika_app WITH CHECK (((business_id = ( SELECT security.current_business_id() AS current_business_id)) AND (EXISTS ( SELECT
   FROM marketplace.vouchers v
  WHERE ((v.id = code_batches.voucher_id) AND (v.business_id = ( SELECT security.current_business_id() AS current_business_id)))))));


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
-- Name: campaign_user_counters app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.campaign_user_counters FOR SELECT TO pika_app USING ((user_id = ( SELECT security.current_user_id() AS current_user_id)));


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
-- Name: code_batches app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.code_batches FOR SELECT TO pika_app USING ((business_id = ( SELECT security.current_business_id() AS current_business_id)));


--
-- Name: code_uses app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.code_uses FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.voucher_codes code
  WHERE (code.id = code_uses.code_id))));


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
-- Name: scan_verdicts app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.scan_verdicts FOR SELECT TO pika_app USING ((EXISTS ( SELECT
   FROM marketplace.scans scan
  WHERE (scan.nonce = scan_verdicts.nonce))));


--
-- Name: scans app_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY app_select ON marketplace.scans FOR SELECT TO pika_app USING (((user_id = ( SELECT security.current_user_id() AS current_user_id)) OR (business_id = ( SELECT security.current_business_id() AS current_business_id))));


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
-- Name: campaign_user_counters; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.campaign_user_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: campaigns; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.campaigns ENABLE ROW LEVEL SECURITY;

--
-- Name: claims; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.claims ENABLE ROW LEVEL SECURITY;

--
-- Name: code_batches; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.code_batches ENABLE ROW LEVEL SECURITY;

--
-- Name: code_uses; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.code_uses ENABLE ROW LEVEL SECURITY;

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
-- Name: campaign_user_counters owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.campaign_user_counters TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: campaigns owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.campaigns TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: claims owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.claims TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: code_batches owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.code_batches TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: code_uses owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.code_uses TO pika_owner USING (true) WITH CHECK (true);


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
-- Name: scan_verdicts owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.scan_verdicts TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: scans owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.scans TO pika_owner USING (true) WITH CHECK (true);


--
-- Name: token_keys owner_all; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY owner_all ON marketplace.token_keys TO pika_owner USING (true) WITH CHECK (true);


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
-- Name: scan_verdicts; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.scan_verdicts ENABLE ROW LEVEL SECURITY;

--
-- Name: scans; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.scans ENABLE ROW LEVEL SECURITY;

--
-- Name: attempts support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.attempts FOR SELECT TO pika_support USING (true);


--
-- Name: campaign_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.campaign_counters FOR SELECT TO pika_support USING (true);


--
-- Name: campaign_user_counters support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.campaign_user_counters FOR SELECT TO pika_support USING (true);


--
-- Name: campaigns support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.campaigns FOR SELECT TO pika_support USING (true);


--
-- Name: claims support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.claims FOR SELECT TO pika_support USING (true);


--
-- Name: code_batches support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.code_batches FOR SELECT TO pika_support USING (true);


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
-- Name: scan_verdicts support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.scan_verdicts FOR SELECT TO pika_support USING (true);


--
-- Name: scans support_select; Type: POLICY; Schema: marketplace; Owner: -
--

CREATE POLICY support_select ON marketplace.scans FOR SELECT TO pika_support USING (true);


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
-- Name: token_keys; Type: ROW SECURITY; Schema: marketplace; Owner: -
--

ALTER TABLE marketplace.token_keys ENABLE ROW LEVEL SECURITY;

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
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: security; Owner: -
--

ALTER TABLE security.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys owner_all; Type: POLICY; Schema: security; Owner: -
--

CREATE POLICY owner_all ON security.idempotency_keys TO pika_owner USING (true) WITH CHECK (true);


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


