-- drop: DROP FUNCTION users.colleagues();
-- after: security/business_role
-- users.colleagues: who the members of the business are that the transaction acts for, told to its owners and managers.
CREATE OR REPLACE FUNCTION users.colleagues() RETURNS TABLE (id uuid, email text, display_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT person.id, person.email, person.display_name
  FROM business.members member
  JOIN users.users person ON person.id = member.user_id
  WHERE member.business_id = security.current_business_id() AND security.business_role() IN ('owner', 'manager')
$$;
REVOKE ALL ON FUNCTION users.colleagues() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION users.colleagues() TO pika_app;
