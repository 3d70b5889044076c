-- drop: DROP FUNCTION business.own_rows(integer);
-- business.own_rows: what this schema holds of the transaction's person, as users.own_rows: what they own, belong to and
-- are invited to.
CREATE OR REPLACE FUNCTION business.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
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
REVOKE ALL ON FUNCTION business.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.own_rows(integer) TO pika_app;
