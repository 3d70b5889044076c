-- drop: DROP FUNCTION identity.claims_of(uuid);
-- after: business/memberships_of
-- identity.claims_of: what an access token says of a person; no row for who may not log in. For functions of this schema.
CREATE OR REPLACE FUNCTION identity.claims_of(p_user_id uuid)
RETURNS TABLE (roles text[], businesses jsonb, language_code text)
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT
    ARRAY(SELECT held.role::text FROM identity.role_grants held WHERE held.user_id = person.id ORDER BY held.role),
    business.memberships_of(person.id),
    person.language_code
  FROM users.users person
  WHERE person.id = p_user_id AND person.state = 'active' AND person.deleted_at IS NULL
$$;
REVOKE ALL ON FUNCTION identity.claims_of(uuid) FROM PUBLIC;
