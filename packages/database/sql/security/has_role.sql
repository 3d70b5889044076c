-- drop: DROP FUNCTION security.has_role(text);
-- security.has_role: whether the transaction's person holds a role of the platform (support, admin).
CREATE OR REPLACE FUNCTION security.has_role(p_role text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(p_role = ANY (string_to_array(current_setting('app.roles', true), ',')), false)
$$;
