-- drop: DROP FUNCTION identity.revoke_api_key(uuid, timestamptz);
-- identity.revoke_api_key: ends a key of a business whose owner or manager the transaction's person is: `revoked`;
-- `denied` to its other members; `unknown` to everybody else, and where it has ended already.
CREATE OR REPLACE FUNCTION identity.revoke_api_key(p_id uuid, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_role text;
BEGIN
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END INTO v_role
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE key.id = p_id;
  IF v_role IS NULL THEN
    RETURN 'unknown';
  ELSIF v_role NOT IN ('owner', 'manager') THEN
    RETURN 'denied';
  END IF;
  UPDATE identity.api_keys SET revoked_at = p_now WHERE id = p_id AND revoked_at IS NULL;
  RETURN CASE WHEN FOUND THEN 'revoked' ELSE 'unknown' END;
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_api_key(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.revoke_api_key(uuid, timestamptz) TO pika_app;
