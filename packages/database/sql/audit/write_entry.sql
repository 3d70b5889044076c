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
