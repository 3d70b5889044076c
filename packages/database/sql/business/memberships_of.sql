-- drop: DROP FUNCTION business.memberships_of(uuid);
-- business.memberships_of: what a person is in which business, as {"id": "role"}, without deleted businesses. The hundred
-- oldest memberships at most, because all of them stand in each access token.
CREATE OR REPLACE FUNCTION business.memberships_of(p_user_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT coalesce(jsonb_object_agg(oldest.business_id, oldest.role), '{}')
  FROM (
    SELECT member.business_id, member.role
    FROM business.members member
    JOIN business.businesses business ON business.id = member.business_id AND business.deleted_at IS NULL
    WHERE member.user_id = p_user_id
    ORDER BY member.created_at, member.business_id
    LIMIT 100
  ) oldest
$$;
REVOKE ALL ON FUNCTION business.memberships_of(uuid) FROM PUBLIC;
