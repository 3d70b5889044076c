-- drop: DROP FUNCTION users.own_rows(integer);
-- users.own_rows: what this schema holds of the transaction's person, at most p_limit rows of each table: name of the
-- table, key of the row, and the row without secrets.
CREATE OR REPLACE FUNCTION users.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'users.users', jsonb_build_object('id', person.id), to_jsonb(person)
   FROM users.users person WHERE person.id = security.current_user_id())
  UNION ALL
  (SELECT 'users.addresses', jsonb_build_object('id', address.id), to_jsonb(address)
   FROM users.addresses address WHERE address.user_id = security.current_user_id() ORDER BY address.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'users.preferences', jsonb_build_object('user_id', wish.user_id), to_jsonb(wish)
   FROM users.preferences wish WHERE wish.user_id = security.current_user_id())
$$;
REVOKE ALL ON FUNCTION users.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION users.own_rows(integer) TO pika_app;
