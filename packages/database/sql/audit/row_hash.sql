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
