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
