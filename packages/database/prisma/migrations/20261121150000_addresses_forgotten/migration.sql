SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "audit"."operation" IS NULL; COMMENT ON TABLE "audit"."entries" IS NULL; COMMENT ON TABLE "audit"."sealed_entries" IS NULL; COMMENT ON TABLE "audit"."seals" IS NULL; COMMENT ON TABLE "audit"."archives" IS NULL;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON SCHEMA audit FROM pika_auditor, pika_app;
DROP FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb);

-- sql/audit/decrypt.sql
-- drop: DROP FUNCTION audit.decrypt(text, bytea);
-- audit.decrypt: what audit.encrypt was given; NULL without the key.
CREATE OR REPLACE FUNCTION audit.decrypt(p_kept text, p_key bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  v_bytes bytea := decode(p_kept, 'base64');
BEGIN
  RETURN convert_from(public.decrypt_iv(substr(v_bytes, 17), p_key, substr(v_bytes, 1, 16), 'aes'), 'UTF8');
END
$$;
REVOKE ALL ON FUNCTION audit.decrypt(text, bytea) FROM PUBLIC;
-- end

-- sql/audit/encrypt.sql
-- drop: DROP FUNCTION audit.encrypt(text, bytea);
-- audit.encrypt: a text under the key of a person, as the log keeps it: base64 of the initialisation vector and AES-256.
CREATE OR REPLACE FUNCTION audit.encrypt(p_text text, p_key bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_iv bytea := public.gen_random_bytes(16);
BEGIN
  RETURN translate(encode(
    v_iv || public.encrypt_iv(convert_to(p_text, 'UTF8'), p_key, v_iv, 'aes'), 'base64'), E'\n', '');
END
$$;
REVOKE ALL ON FUNCTION audit.encrypt(text, bytea) FROM PUBLIC;
-- end

-- sql/audit/reveal_address.sql
-- drop: DROP FUNCTION audit.reveal_address(text);
-- after: audit/decrypt
-- audit.reveal_address: the address of an entry as audit.seal_address was given it; NULL where its person was erased.
CREATE OR REPLACE FUNCTION audit.reveal_address(p_kept text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
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
REVOKE ALL ON FUNCTION audit.reveal_address(text) FROM PUBLIC;
-- end

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
REVOKE ALL ON FUNCTION audit.reveal(jsonb, text) FROM PUBLIC;
-- end

-- sql/audit/history.sql
-- drop: DROP FUNCTION audit.history(text, jsonb, timestamptz);
-- after: audit/reveal
-- after: audit/reveal_address
-- after: audit/trace
-- audit.history: everything that was done to one record until an instant, oldest first, with who did it. Personal values
-- and addresses can be read while their key exists; `withheld` names the columns whose values cannot.
CREATE OR REPLACE FUNCTION audit.history(p_table text, p_key jsonb, p_as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (
  id bigint, recorded_at timestamptz, transaction_id bigint, operation audit.operation, row_key jsonb, actor text,
  user_id uuid, business_id uuid, request_id text, client_address text, database_login text,
  old_values jsonb, new_values jsonb, withheld text[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET jit = off AS $$
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
REVOKE ALL ON FUNCTION audit.history(text, jsonb, timestamptz) FROM PUBLIC;
-- end

-- sql/audit/protect.sql
-- drop: DROP FUNCTION audit.protect(jsonb, jsonb, uuid, uuid);
-- audit.protect: takes what must not be read out of the changes of a row. Secret columns keep their name alone; hashed
-- ones a keyed hash; personal ones their JSON text, encrypted under the key of the row's subject, or, without a subject or
-- after its erasure, their name alone.
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
REVOKE ALL ON FUNCTION audit.protect(jsonb, jsonb, uuid, uuid) FROM PUBLIC;
-- end

-- sql/audit/seal_address.sql
-- drop: DROP FUNCTION audit.seal_address(text, text, uuid);
-- after: audit/encrypt
-- after: audit/subject_key
-- audit.seal_address: the address that an actor came from, as the log keeps it. A person's is encrypted under their key,
-- 'sealed:<person>:<base64>', and left out once they are erased. The person is who acts, an operator where one acts as
-- another, and for an anonymous actor the one whom the row is about; the address of others stands in clear.
CREATE OR REPLACE FUNCTION audit.seal_address(p_address text, p_actor text, p_row_subject_id uuid) RETURNS text
LANGUAGE plpgsql AS $$
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
$$;
REVOKE ALL ON FUNCTION audit.seal_address(text, text, uuid) FROM PUBLIC;
-- end

-- sql/audit/write_entry.sql
-- drop: DROP FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb, uuid);
-- after: audit/seal_address
-- audit.write_entry: one entry, with the context of the transaction. All entries come through here. p_subject_id: the
-- person whom the row is about, where that is known.
CREATE OR REPLACE FUNCTION audit.write_entry(
  p_schema text, p_table text, p_operation audit.operation, p_key jsonb, p_former_key jsonb, p_changes jsonb,
  p_subject_id uuid DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
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
REVOKE ALL ON FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb, uuid) FROM PUBLIC;
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
  PERFORM audit.write_entry(
    p_schema, p_table, v_operation, v_key, v_former_key, v_changes, coalesce(v_new_subject, v_old_subject));
END
$$;
REVOKE ALL ON FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb) FROM PUBLIC;
-- end

-- sql/audit/grants.sql
-- drop: REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON SCHEMA audit FROM pika_auditor, pika_app;
-- after: audit/exemptions
-- after: audit/history
-- after: audit/record_as_of
-- after: audit/replay
-- after: audit/reveal_address
-- An auditor reads the log, and personal values through these functions alone; the keys are nobody's. All others come to
-- the log only by what they write; pika_app runs the jobs that seal it.
GRANT USAGE ON SCHEMA audit TO pika_auditor, pika_app;
GRANT SELECT ON audit.archives, audit.entries, audit.sealed_entries, audit.seals TO pika_auditor;
GRANT EXECUTE ON FUNCTION audit.audited_tables(), audit.exemptions(), audit.history(text, jsonb, timestamptz),
  audit.record_as_of(text, jsonb, timestamptz), audit.replay(text, timestamptz), audit.reveal_address(text) TO pika_auditor;
-- end

-- comments of audit
-- drop: COMMENT ON TYPE "audit"."operation" IS NULL; COMMENT ON TABLE "audit"."entries" IS NULL; COMMENT ON COLUMN "audit"."entries"."client_address" IS NULL; COMMENT ON TABLE "audit"."sealed_entries" IS NULL; COMMENT ON TABLE "audit"."seals" IS NULL; COMMENT ON TABLE "audit"."archives" IS NULL;
COMMENT ON TYPE "audit"."operation" IS 'What happened to a row, or to a whole table; `attach` and `detach` begin and end its audit.';
COMMENT ON TABLE "audit"."entries" IS 'One write of one row, or one TRUNCATE of one table; partitioned by month of `recordedAt`. Append-only. `rowKey` is the primary key after the write, `formerKey` the one before where the write changed it. `changes` is `{"old": {…}, "new": {…}, "secret": [columns], "hashed": {…}, "personal": {…}}`; of an update, the changed columns alone. It is json, not jsonb, so that its text, which is sealed, is kept as it was written. `attach` and `detach` say from when and until when a table is audited; what it held at `attach` follows as inserts.';
COMMENT ON COLUMN "audit"."entries"."client_address" IS 'Of a person encrypted under their key, as `audit.seal_address` says; else in clear.';
COMMENT ON TABLE "audit"."sealed_entries" IS 'The hash chain: the sealed entries in the order (transactionId, entryId), without a gap from position 1 on. `rowHash` is the SHA-256 of the entry''s canonical form, `chainHash` that of the chain hash before and the row hash.';
COMMENT ON TABLE "audit"."seals" IS 'One run of the sealer that found something; `root` is the chain hash at `lastPosition`. Number 0 is the beginning, and the row that a sealer locks.';
COMMENT ON TABLE "audit"."archives" IS 'Months whose entries were detached to be kept elsewhere; their hashes stay in the chain.';
-- end
