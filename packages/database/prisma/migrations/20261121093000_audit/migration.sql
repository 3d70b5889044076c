SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "pgcrypto" WITH SCHEMA "public";

-- CreateEnum
CREATE TYPE "audit"."operation" AS ENUM ('insert', 'update', 'delete', 'truncate', 'attach', 'detach');

-- CreateTable
CREATE TABLE "audit"."entries" (
    "id" BIGSERIAL NOT NULL,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "transaction_id" BIGINT NOT NULL,
    "schema_name" TEXT NOT NULL,
    "table_name" TEXT NOT NULL,
    "operation" "audit"."operation" NOT NULL,
    "row_key" JSONB,
    "former_key" JSONB,
    "changes" JSON NOT NULL,
    "actor" TEXT NOT NULL,
    "user_id" UUID,
    "business_id" UUID,
    "request_id" TEXT,
    "client_address" TEXT,
    "database_login" TEXT NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("transaction_id","id","recorded_at")
) PARTITION BY RANGE ("recorded_at");

CREATE TABLE audit.entries_default PARTITION OF audit.entries DEFAULT;

-- CreateTable
CREATE TABLE "audit"."sealed_entries" (
    "position" BIGINT NOT NULL,
    "transaction_id" BIGINT NOT NULL,
    "entry_id" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL,
    "row_hash" BYTEA NOT NULL,
    "chain_hash" BYTEA NOT NULL,

    CONSTRAINT "sealed_entries_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "audit"."seals" (
    "number" INTEGER NOT NULL,
    "first_position" BIGINT NOT NULL,
    "last_position" BIGINT NOT NULL,
    "last_transaction_id" BIGINT NOT NULL,
    "last_entry_id" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "seals_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "audit"."archives" (
    "month" DATE NOT NULL,
    "entries" BIGINT NOT NULL,
    "archived_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "archives_pkey" PRIMARY KEY ("month")
);

-- CreateTable
CREATE TABLE "security"."subject_keys" (
    "subject_id" UUID NOT NULL,
    "key" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "subject_keys_pkey" PRIMARY KEY ("subject_id")
);

-- CreateTable
CREATE TABLE "security"."hash_keys" (
    "purpose" TEXT NOT NULL,
    "key" BYTEA NOT NULL,

    CONSTRAINT "hash_keys_pkey" PRIMARY KEY ("purpose")
);

-- CreateIndex
CREATE INDEX "entries_row_key_idx" ON "audit"."entries" USING HASH ("row_key");

-- CreateIndex
CREATE INDEX "entries_former_key_idx" ON "audit"."entries" USING HASH ("former_key");

ALTER TABLE audit.entries
  ADD CONSTRAINT entries_actor_check CHECK (actor <> ''),
  ADD CONSTRAINT entries_row_key_check CHECK ((row_key IS NULL) = (operation IN ('truncate', 'attach', 'detach'))),
  ADD CONSTRAINT entries_former_key_check CHECK (former_key IS NULL OR (operation = 'update' AND former_key <> row_key));
ALTER TABLE audit.sealed_entries
  ADD CONSTRAINT sealed_entries_position_check CHECK (position > 0),
  ADD CONSTRAINT sealed_entries_hashes_check CHECK (octet_length(row_hash) = 32 AND octet_length(chain_hash) = 32);
ALTER TABLE audit.seals
  ADD CONSTRAINT seals_positions_check CHECK (number = 0 OR first_position BETWEEN 1 AND last_position),
  ADD CONSTRAINT seals_root_check CHECK (octet_length(root) = 32);
ALTER TABLE audit.archives ADD CONSTRAINT archives_month_check CHECK (extract(day FROM month) = 1);
ALTER TABLE security.subject_keys
  ADD CONSTRAINT subject_keys_erased_check CHECK ((key IS NULL) = (erased_at IS NOT NULL)),
  ADD CONSTRAINT subject_keys_key_check CHECK (octet_length(key) = 32);
ALTER TABLE security.hash_keys ADD CONSTRAINT hash_keys_key_check CHECK (octet_length(key) >= 32);

INSERT INTO audit.seals (number, first_position, last_position, last_transaction_id, last_entry_id, root)
VALUES (0, 0, 0, 0, 0, decode(repeat('00', 32), 'hex'));
INSERT INTO security.hash_keys (purpose, key) VALUES ('audit', public.gen_random_bytes(32));


-- sql/audit/reveal.sql
-- drop: DROP FUNCTION audit.reveal(jsonb, text);
-- audit.reveal: the readable values of one side ('old' or 'new') of an entry's changes: the plain ones, and the personal
-- ones whose key still exists. NULL where the entry has no such side.
CREATE OR REPLACE FUNCTION audit.reveal(p_changes jsonb, p_side text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_sealed jsonb := p_changes #> ARRAY['personal', p_side];
  v_values jsonb := p_changes -> p_side;
  v_key bytea;
  v_column text;
  v_bytes bytea;
BEGIN
  IF v_sealed IS NULL THEN
    RETURN v_values;
  END IF;
  SELECT subject.key INTO v_key FROM security.subject_keys subject
  WHERE subject.subject_id = (v_sealed ->> 'subject')::uuid;
  FOR v_column, v_bytes IN
    SELECT sealed.key, decode(sealed.value, 'base64') FROM jsonb_each_text(v_sealed -> 'values') AS sealed
  LOOP
    IF v_bytes IS NULL THEN
      v_values := v_values || jsonb_build_object(v_column, NULL);
    ELSIF v_key IS NOT NULL THEN
      v_values := v_values || jsonb_build_object(v_column, convert_from(
        public.decrypt_iv(substr(v_bytes, 17), v_key, substr(v_bytes, 1, 16), 'aes'), 'UTF8')::jsonb);
    END IF;
  END LOOP;
  RETURN v_values;
END
$$;
REVOKE ALL ON FUNCTION audit.reveal(jsonb, text) FROM PUBLIC;
-- end

-- sql/audit/apply_changes.sql
-- drop: DROP AGGREGATE audit.fold(jsonb); DROP FUNCTION audit.apply_changes(jsonb, jsonb);
-- after: audit/reveal
-- audit.apply_changes: a record after the changes of one entry more; audit.fold: after all of them, in order. A record
-- holds the columns that can be read: a secret, a hashed, or an erased one is not among them.
CREATE OR REPLACE FUNCTION audit.apply_changes(p_record jsonb, p_changes jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
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
REVOKE ALL ON FUNCTION audit.apply_changes(jsonb, jsonb) FROM PUBLIC;
CREATE OR REPLACE AGGREGATE audit.fold(jsonb) (SFUNC = audit.apply_changes, STYPE = jsonb);
REVOKE ALL ON FUNCTION audit.fold(jsonb) FROM PUBLIC;
-- end

-- sql/audit/archive_month.sql
-- drop: DROP FUNCTION audit.archive_month(date);
-- audit.archive_month: detaches the partition of a month whose entries are all sealed, to be dumped and dropped, and
-- notes it; answers the name of the table that it is now. The hashes stay, so that the chain remains whole.
CREATE OR REPLACE FUNCTION audit.archive_month(p_month date) RETURNS text
LANGUAGE plpgsql SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' AS $$
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
REVOKE ALL ON FUNCTION audit.archive_month(date) FROM PUBLIC;
-- end

-- sql/audit/keyed_hash.sql
-- drop: DROP FUNCTION audit.keyed_hash(text);
-- audit.keyed_hash: what the log holds instead of a hashed column. Keyed, so that nobody who reads the log alone can
-- try out likely values.
CREATE OR REPLACE FUNCTION audit.keyed_hash(p_value text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
  SELECT encode(public.hmac(convert_to(p_value, 'UTF8'), key.key, 'sha256'), 'hex')
  FROM security.hash_keys key WHERE key.purpose = 'audit'
$$;
REVOKE ALL ON FUNCTION audit.keyed_hash(text) FROM PUBLIC;
-- end

-- sql/audit/subject_key.sql
-- drop: DROP FUNCTION audit.subject_key(uuid);
-- audit.subject_key: the key of a person, made at first use; NULL for nobody and for who was erased.
CREATE OR REPLACE FUNCTION audit.subject_key(p_subject_id uuid) RETURNS bytea
LANGUAGE plpgsql AS $$
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
REVOKE ALL ON FUNCTION audit.subject_key(uuid) FROM PUBLIC;
-- end

-- sql/audit/protect.sql
-- drop: DROP FUNCTION audit.protect(jsonb, jsonb, uuid, uuid);
-- audit.protect: takes what must not be read out of the changes of a row. Secret columns keep their name alone; hashed
-- ones a keyed hash; personal ones their JSON text, AES-256 encrypted under the key of the row's subject (initialisation
-- vector first), or, without a subject or after its erasure, their name alone.
CREATE OR REPLACE FUNCTION audit.protect(
  p_changes jsonb, p_rules jsonb, p_old_subject uuid, p_new_subject uuid
) RETURNS jsonb
LANGUAGE plpgsql AS $$
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
  v_iv bytea;
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
        v_iv := public.gen_random_bytes(16);
        v_part := v_part || jsonb_build_object(v_column, translate(encode(
          v_iv || public.encrypt_iv(convert_to((v_values -> v_column)::text, 'UTF8'), v_key, v_iv, 'aes'), 'base64'), E'\n', ''));
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
REVOKE ALL ON FUNCTION audit.protect(jsonb, jsonb, uuid, uuid) FROM PUBLIC;
-- end

-- sql/audit/current_actor.sql
-- drop: DROP FUNCTION audit.current_actor();
-- audit.current_actor: who acts, as the transaction says in app.actor. Only the owner of the database may leave that
-- open, as one does by hand; everybody else is refused with PA001. `role` is asked and not current_user, which inside a
-- SECURITY DEFINER function is its owner.
CREATE OR REPLACE FUNCTION audit.current_actor() RETURNS text
LANGUAGE plpgsql STABLE AS $$
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
REVOKE ALL ON FUNCTION audit.current_actor() FROM PUBLIC;
-- end

-- sql/audit/write_entry.sql
-- drop: DROP FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb);
-- audit.write_entry: one entry, with the context of the transaction. All entries come through here.
CREATE OR REPLACE FUNCTION audit.write_entry(
  p_schema text, p_table text, p_operation audit.operation, p_key jsonb, p_former_key jsonb, p_changes jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.entries (
    transaction_id, schema_name, table_name, operation, row_key, former_key, changes,
    actor, user_id, business_id, request_id, client_address, database_login
  ) VALUES (
    pg_current_xact_id()::text::bigint, p_schema, p_table, p_operation, p_key, p_former_key, p_changes,
    audit.current_actor(),
    nullif(current_setting('app.user_id', true), '')::uuid,
    nullif(current_setting('app.business_id', true), '')::uuid,
    nullif(current_setting('app.request_id', true), ''),
    nullif(current_setting('app.client_address', true), ''),
    session_user
  );
END
$$;
REVOKE ALL ON FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb) FROM PUBLIC;
-- end

-- sql/audit/write_change.sql
-- drop: DROP FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb);
-- audit.write_change: the entry of one row: inserted without p_old, deleted without p_new. p_rules are those of
-- audit.audit_table, NULL where every column may be read.
CREATE OR REPLACE FUNCTION audit.write_change(
  p_schema text, p_table text, p_keys text[], p_rules jsonb, p_old jsonb, p_new jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
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
  PERFORM audit.write_entry(p_schema, p_table, v_operation, v_key, v_former_key, v_changes);
END
$$;
REVOKE ALL ON FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb) FROM PUBLIC;
-- end

-- sql/audit/record_change.sql
-- drop: DROP FUNCTION audit.record_change();
-- after: audit/write_change
-- audit.record_change: one entry for every row written, an UPDATE that changes nothing included. The arguments, set by
-- audit.audit_table: the columns of the primary key, and the rules. The settings are pinned so that the entry of a value
-- does not depend on who writes it.
CREATE OR REPLACE FUNCTION audit.record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' SET "IntervalStyle" = 'postgres'
SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  PERFORM audit.write_change(
    TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]::text[], nullif(TG_ARGV[1], '')::jsonb, to_jsonb(OLD), to_jsonb(NEW)
  );
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit.record_change() FROM PUBLIC;
-- end

-- sql/audit/release_table.sql
-- drop: DROP FUNCTION audit.release_table(regclass);
-- after: audit/write_entry
-- audit.release_table: ends the audit of a table and says so in the log.
CREATE OR REPLACE FUNCTION audit.release_table(audited regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  EXECUTE format('DROP TRIGGER audit_row ON %s', audited);
  EXECUTE format('DROP TRIGGER audit_truncate ON %s', audited);
  PERFORM audit.write_entry(namespace.nspname, class.relname, 'detach', NULL, NULL, '{}')
  FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = audited;
END
$$;
REVOKE ALL ON FUNCTION audit.release_table(regclass) FROM PUBLIC;
-- end

-- sql/audit/release_others.sql
-- drop: DROP FUNCTION audit.release_others(regclass[]);
-- after: audit/release_table
-- audit.release_others: ends the audit of every table but these.
CREATE OR REPLACE FUNCTION audit.release_others(kept regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
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
REVOKE ALL ON FUNCTION audit.release_others(regclass[]) FROM PUBLIC;
-- end

-- sql/audit/key_columns.sql
-- drop: DROP FUNCTION audit.key_columns(regclass);
-- audit.key_columns: the columns of a table's primary key, in its order; NULL without one.
CREATE OR REPLACE FUNCTION audit.key_columns(p_table regclass) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(attribute.attname::text ORDER BY key.ordinal)
  FROM pg_catalog.pg_index index
  CROSS JOIN LATERAL unnest(index.indkey::smallint[]) WITH ORDINALITY AS key (attnum, ordinal)
  JOIN pg_catalog.pg_attribute attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = key.attnum
  WHERE index.indrelid = p_table AND index.indisprimary
$$;
REVOKE ALL ON FUNCTION audit.key_columns(regclass) FROM PUBLIC;
-- end

-- sql/audit/record_truncate.sql
-- drop: DROP FUNCTION audit.record_truncate();
-- after: audit/write_entry
-- audit.record_truncate: one entry for a table that is emptied; row triggers do not see it.
CREATE OR REPLACE FUNCTION audit.record_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM audit.write_entry(TG_TABLE_SCHEMA, TG_TABLE_NAME, 'truncate', NULL, NULL, '{}');
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit.record_truncate() FROM PUBLIC;
-- end

-- sql/audit/audit_table.sql
-- drop: DROP FUNCTION audit.audit_table(regclass, text[], text[], text[], text);
-- after: audit/record_change
-- after: audit/record_truncate
-- audit.audit_table: audits a table from now on, or again when its key or the rules have changed. `secret` columns leave
-- their names alone in the log, `hashed` ones a keyed hash, `personal` ones are sealed with the key of the person whom
-- `subject_column` names. What the table already holds is written as inserts, so that replaying the log gives the table.
-- The triggers fire ALWAYS: session_replication_role = replica does not get around them.
CREATE OR REPLACE FUNCTION audit.audit_table(
  audited regclass, secret text[] DEFAULT '{}', hashed text[] DEFAULT '{}', personal text[] DEFAULT '{}',
  subject_column text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET "TimeZone" = 'UTC' SET extra_float_digits = 1 AS $$
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
$$;
REVOKE ALL ON FUNCTION audit.audit_table(regclass, text[], text[], text[], text) FROM PUBLIC;
-- end

-- sql/audit/follow_list.sql
-- drop: DROP FUNCTION audit.follow_list();
-- after: audit/audit_table
-- after: audit/release_others
-- audit.follow_list: audits the tables of audit.audited_tables() and no others.
CREATE OR REPLACE FUNCTION audit.follow_list() RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM audit.release_others(ARRAY(SELECT listed.table_name::regclass FROM audit.audited_tables() AS listed));
  PERFORM audit.audit_table(
    listed.table_name::regclass, listed.secret, listed.hashed, listed.personal, listed.subject_column
  )
  FROM (SELECT * FROM audit.audited_tables() ORDER BY table_name) AS listed;
END
$$;
REVOKE ALL ON FUNCTION audit.follow_list() FROM PUBLIC;
-- end

-- sql/audit/audited_tables.sql
-- drop: SELECT audit.release_others('{}'); DROP FUNCTION audit.audited_tables();
-- after: audit/follow_list
-- audit.audited_tables: every audited table, in one line: its secret, hashed and personal columns, and the column that
-- names the person whose key seals the personal ones (see audit.audit_table).
CREATE OR REPLACE FUNCTION audit.audited_tables() RETURNS TABLE (
  table_name text, secret text[], hashed text[], personal text[], subject_column text
)
LANGUAGE sql IMMUTABLE AS $$
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
    ('identity.sessions', '{}', '{}', '{user_agent,client_address}', 'user_id'),
    ('identity.signing_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('identity.totp_factors', '{encrypted_secret,last_used_step}', '{}', '{}', NULL),
    ('marketplace.campaigns', '{}', '{}', '{}', NULL),
    ('marketplace.claims', '{}', '{}', '{}', NULL),
    ('marketplace.voucher_codes', '{code}', '{}', '{}', NULL),
    ('marketplace.voucher_locations', '{}', '{}', '{}', NULL),
    ('marketplace.vouchers', '{}', '{}', '{}', NULL),
    ('security.hash_keys', '{key}', '{}', '{}', NULL),
    ('security.subject_keys', '{key}', '{}', '{}', NULL),
    ('users.addresses', '{}', '{}', '{label,street,city,postal_code,latitude,longitude}', 'user_id'),
    ('users.preferences', '{}', '{}', '{}', NULL),
    ('users.users', '{}', '{}', '{email,display_name}', 'id')
  ) AS listed (table_name, secret, hashed, personal, subject_column)
$$;
REVOKE ALL ON FUNCTION audit.audited_tables() FROM PUBLIC;
SELECT audit.follow_list();
-- end

-- sql/audit/canonical_fields.sql
-- drop: DROP FUNCTION audit.canonical_fields(text[]);
-- audit.canonical_fields: each text as its length in bytes of UTF-8 (4 bytes, big end first) and its bytes; NULL as the
-- length -1 alone. No two lists of one length look alike.
CREATE OR REPLACE FUNCTION audit.canonical_fields(p_fields text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(
    coalesce(int4send(octet_length(convert_to(field.value, 'UTF8'))) || convert_to(field.value, 'UTF8'), '\xffffffff'),
    ''::bytea ORDER BY field.ordinal
  )
  FROM unnest(p_fields) WITH ORDINALITY AS field (value, ordinal)
$$;
REVOKE ALL ON FUNCTION audit.canonical_fields(text[]) FROM PUBLIC;
-- end

-- sql/audit/canonical_key.sql
-- drop: DROP FUNCTION audit.canonical_key(jsonb);
-- audit.canonical_key: a row's key without any of jsonb's own formatting: hex of the canonical fields name, value, name,
-- value, … in the byte order of the names; values as text.
CREATE OR REPLACE FUNCTION audit.canonical_key(p_key jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT encode(audit.canonical_fields(array_agg(part.text ORDER BY pair.key COLLATE "C", part.ordinal)), 'hex')
  FROM jsonb_each_text(p_key) AS pair
  CROSS JOIN LATERAL (VALUES (1, pair.key), (2, pair.value)) AS part (ordinal, text)
$$;
REVOKE ALL ON FUNCTION audit.canonical_key(jsonb) FROM PUBLIC;
-- end

-- sql/audit/erase_subject.sql
-- drop: DROP FUNCTION audit.erase_subject(uuid);
-- audit.erase_subject: destroys a person's key: what the log holds of theirs cannot be read any more, and nothing new of
-- theirs is kept. The entries stay as they were sealed. Answers whether there was a key.
CREATE OR REPLACE FUNCTION audit.erase_subject(p_subject_id uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = '' AS $$
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
REVOKE ALL ON FUNCTION audit.erase_subject(uuid) FROM PUBLIC;
-- end

-- sql/audit/exemptions.sql
-- drop: DROP FUNCTION audit.exemptions();
-- audit.exemptions: every table that is not audited, and why.
CREATE OR REPLACE FUNCTION audit.exemptions() RETURNS TABLE (table_name text, reason text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    ('analytics.events', 'evidence of its own: high-rate, only added to'),
    ('audit.archives', 'the log itself: append-only'),
    ('audit.entries', 'the log itself: append-only, sealed'),
    ('audit.sealed_entries', 'the log itself: append-only'),
    ('audit.seals', 'the log itself: append-only'),
    ('identity.refresh_tokens', 'high-rate; their session is audited'),
    ('marketplace.attempts', 'evidence of its own: high-rate, only added to'),
    ('marketplace.campaign_counters', 'the sum of a ledger'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('marketplace.user_counters', 'the sum of a ledger'),
    ('marketplace.user_day_counters', 'the sum of a ledger'),
    ('marketplace.voucher_counters', 'the sum of a ledger'),
    ('public._prisma_migrations', 'the books of the migrations, written before there is a log'),
    ('public.consumed_events', 'high-rate memories of consumers'),
    ('public.data_migrations', 'the books of the migrations'),
    ('public.outbox_events', 'high-rate; each tells of an audited write or a ledger'),
    ('security.login_attempts', 'evidence of its own: high-rate, only added to')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
-- end

-- sql/audit/trace.sql
-- drop: DROP FUNCTION audit.trace(text, jsonb, timestamptz);
-- audit.trace: the entries of the record with this key until an instant, under the keys it had before too, and of what
-- emptied its table. `is_departure` marks the change by which a record left the key that is looked at, `is_former_life`
-- what was done to records that had this key before it.
CREATE OR REPLACE FUNCTION audit.trace(p_table text, p_key jsonb, p_at timestamptz)
RETURNS TABLE (entry audit.entries, is_departure boolean, is_former_life boolean)
LANGUAGE plpgsql STABLE AS $$
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
REVOKE ALL ON FUNCTION audit.trace(text, jsonb, timestamptz) FROM PUBLIC;
-- end

-- sql/audit/history.sql
-- drop: DROP FUNCTION audit.history(text, jsonb, timestamptz);
-- after: audit/reveal
-- after: audit/trace
-- audit.history: everything that was done to one record until an instant, oldest first, with who did it. Personal values
-- can be read while their key exists; `withheld` names the columns whose values cannot.
CREATE OR REPLACE FUNCTION audit.history(p_table text, p_key jsonb, p_as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (
  id bigint, recorded_at timestamptz, transaction_id bigint, operation audit.operation, row_key jsonb, actor text,
  user_id uuid, business_id uuid, request_id text, client_address text, database_login text,
  old_values jsonb, new_values jsonb, withheld text[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET jit = off AS $$
  SELECT entry.id, entry.recorded_at, entry.transaction_id, entry.operation, entry.row_key, entry.actor,
    entry.user_id, entry.business_id, entry.request_id, entry.client_address, entry.database_login,
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
REVOKE ALL ON FUNCTION audit.history(text, jsonb, timestamptz) FROM PUBLIC;
-- end

-- sql/audit/record_as_of.sql
-- drop: DROP FUNCTION audit.record_as_of(text, jsonb, timestamptz);
-- after: audit/apply_changes
-- after: audit/trace
-- audit.record_as_of: one record as it had been written at an instant; NULL when there was none.
CREATE OR REPLACE FUNCTION audit.record_as_of(p_table text, p_key jsonb, p_at timestamptz DEFAULT 'infinity')
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET jit = off AS $$
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
REVOKE ALL ON FUNCTION audit.record_as_of(text, jsonb, timestamptz) FROM PUBLIC;
-- end

-- sql/audit/replay.sql
-- drop: DROP FUNCTION audit.replay(text, timestamptz);
-- after: audit/apply_changes
-- audit.replay: a table, by its full name, as the log alone tells it, from empty, now or as of an instant;
-- audit.apply_changes says which columns. An instant means what was written until then, whenever it was committed.
-- began: what came before a TRUNCATE, or before the audit began, is void.
-- touch: every write under the key it led to, and each change of key under the key that was left as well.
-- marked: base_id is the insert, or the arrival by a change of key, that a write builds on.
-- piece: the writes of one key on one base; departure_id is the change of key that ended them.
-- life: the last piece of every living key, and, where it arrived by a change of key, the pieces before.
-- How many rows the log gives cannot be estimated: without nested loops, which made 80,000 entries take minutes instead of
-- 3 s, and without compilation, which took 1 s of a table of ten.
CREATE OR REPLACE FUNCTION audit.replay(p_table text, p_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (row_key jsonb, record jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET jit = off SET enable_nestloop = off AS $$
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
REVOKE ALL ON FUNCTION audit.replay(text, timestamptz) FROM PUBLIC;
-- end

-- sql/audit/grants.sql
-- drop: REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON SCHEMA audit FROM pika_auditor, pika_app;
-- after: audit/exemptions
-- after: audit/history
-- after: audit/record_as_of
-- after: audit/replay
-- An auditor reads the log, and personal values through these functions alone; the keys are nobody's. All others come to
-- the log only by what they write; pika_app runs the jobs that seal it.
GRANT USAGE ON SCHEMA audit TO pika_auditor, pika_app;
GRANT SELECT ON audit.archives, audit.entries, audit.sealed_entries, audit.seals TO pika_auditor;
GRANT EXECUTE ON FUNCTION audit.audited_tables(), audit.exemptions(), audit.history(text, jsonb, timestamptz),
  audit.record_as_of(text, jsonb, timestamptz), audit.replay(text, timestamptz) TO pika_auditor;
-- end

-- sql/audit/row_hash.sql
-- drop: DROP FUNCTION audit.row_hash(audit.entries);
-- audit.row_hash: SHA-256 of an entry's canonical form, version 1: the canonical fields below, in this order. The instant
-- is microseconds since 1970, the changes are the very text of the json. Neither time zone, date style nor the version of
-- PostgreSQL has a part in it. packages/database/src/audit/canonical.ts computes the same apart from this.
CREATE OR REPLACE FUNCTION audit.row_hash(p_entry audit.entries) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
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
REVOKE ALL ON FUNCTION audit.row_hash(audit.entries) FROM PUBLIC;
-- end

-- sql/audit/seal.sql
-- drop: DROP FUNCTION audit.seal(integer);
-- audit.seal: adds the next entries, at most so many, to the hash chain; answers how many. They are taken in the order
-- (transaction, id) from transactions that began before every one that still runs: no earlier entry can come later. One
-- sealer at a time: the others wait for the row of seal number 0.
CREATE OR REPLACE FUNCTION audit.seal(limit_max integer DEFAULT 10000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
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
REVOKE ALL ON FUNCTION audit.seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal(integer) TO pika_app;
-- end

-- sql/audit/refuse_change.sql
-- drop: DROP TRIGGER archives_append_only ON audit.archives; DROP TRIGGER archives_not_emptied ON audit.archives; DROP TRIGGER entries_append_only ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries_default; DROP TRIGGER sealed_entries_append_only ON audit.sealed_entries; DROP TRIGGER sealed_entries_not_emptied ON audit.sealed_entries; DROP TRIGGER seals_append_only ON audit.seals; DROP TRIGGER seals_not_emptied ON audit.seals; DROP FUNCTION audit.refuse_change();
-- audit.refuse_change: the log is append-only, for its owner too. What a superuser does by disabling a trigger is what
-- audit:verify is for. Partitions take the row trigger from audit.entries; audit.make_partitions gives each the other.
CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE ALL ON FUNCTION audit.refuse_change() FROM PUBLIC;
CREATE OR REPLACE TRIGGER archives_append_only BEFORE UPDATE OR DELETE ON audit.archives
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER archives_not_emptied BEFORE TRUNCATE ON audit.archives
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON audit.entries
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries_default
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER sealed_entries_append_only BEFORE UPDATE OR DELETE ON audit.sealed_entries
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER sealed_entries_not_emptied BEFORE TRUNCATE ON audit.sealed_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER seals_append_only BEFORE UPDATE OR DELETE ON audit.seals
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER seals_not_emptied BEFORE TRUNCATE ON audit.seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.archives ENABLE ALWAYS TRIGGER archives_append_only, ENABLE ALWAYS TRIGGER archives_not_emptied;
ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied;
ALTER TABLE audit.entries_default ENABLE ALWAYS TRIGGER entries_not_emptied;
ALTER TABLE audit.sealed_entries ENABLE ALWAYS TRIGGER sealed_entries_append_only, ENABLE ALWAYS TRIGGER sealed_entries_not_emptied;
ALTER TABLE audit.seals ENABLE ALWAYS TRIGGER seals_append_only, ENABLE ALWAYS TRIGGER seals_not_emptied;
-- end

-- sql/audit/make_partitions.sql
-- drop: DROP FUNCTION audit.make_partitions(integer);
-- after: audit/refuse_change
-- audit.make_partitions: a partition for this month (UTC), for those ahead, and for every month that rows in the default
-- partition belong to; answers how many it made. Those rows are not deleted, which the log refuses, but copied: a new
-- default partition takes the place of the old one, which is dropped. One runs at a time; writers wait only while the
-- default partition is locked, which is long only if it holds much.
CREATE OR REPLACE FUNCTION audit.make_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' AS $$
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
REVOKE ALL ON FUNCTION audit.make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.make_partitions(integer) TO pika_app;
-- end
