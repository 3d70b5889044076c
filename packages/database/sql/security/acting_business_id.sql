-- drop: DROP FUNCTION security.acting_business_id(uuid);
-- security.acting_business_id: that business, if whom the transaction acts for belongs to it at this moment: a member, the
-- owner it was founded by, a key that is good still, or a job of ours; else NULL. So who was removed is out at once,
-- whatever their access token says.
CREATE OR REPLACE FUNCTION security.acting_business_id(p_business_id uuid) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_actor text := coalesce(current_setting('app.actor', true), '');
  v_user_id uuid := security.current_user_id();
BEGIN
  IF v_user_id IS NOT NULL THEN
    RETURN (
      SELECT member.business_id FROM business.members member
      WHERE member.business_id = p_business_id AND member.user_id = v_user_id
      UNION
      SELECT business.id FROM business.businesses business
      WHERE business.id = p_business_id AND business.owner_id = v_user_id
    );
  ELSIF v_actor LIKE 'api-key:%' THEN
    RETURN (
      SELECT key.business_id FROM identity.api_keys key
      WHERE key.id = substr(v_actor, 9)::uuid AND key.business_id = p_business_id
        AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    );
  ELSIF v_actor = 'anonymous' THEN
    RETURN NULL;
  END IF;
  RETURN p_business_id;
END
$$;
REVOKE ALL ON FUNCTION security.acting_business_id(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.acting_business_id(uuid) TO pika_app;
