-- drop: DROP FUNCTION audit.own_history(integer);
-- after: audit/audited_tables
-- after: audit/history
-- after: users/own_rows
-- after: identity/own_rows
-- after: business/own_rows
-- after: marketplace/own_rows
-- audit.own_history: what was done to the records of the transaction's person, the latest first, at most p_limit entries.
-- Other people who did it are told apart from them and not named.
CREATE OR REPLACE FUNCTION audit.own_history(p_limit integer) RETURNS TABLE (content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' SET jit = off AS $$
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
REVOKE ALL ON FUNCTION audit.own_history(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.own_history(integer) TO pika_app;
