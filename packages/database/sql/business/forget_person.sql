-- drop: DROP FUNCTION business.forget_person(uuid, text, timestamptz);
-- business.forget_person: for identity.erase_person: takes a person out of all businesses. Answers, and changes nothing
-- then, the businesses that would be left without an owner; the lock makes them wait who would leave at once.
CREATE OR REPLACE FUNCTION business.forget_person(p_user_id uuid, p_email text, p_now timestamptz) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_owned uuid[];
  v_sole uuid[];
BEGIN
  v_owned := ARRAY(
    SELECT business.id FROM business.businesses business
    WHERE business.deleted_at IS NULL AND (business.owner_id = p_user_id OR business.id IN (
      SELECT member.business_id FROM business.members member WHERE member.user_id = p_user_id AND member.role = 'owner'))
    ORDER BY business.id FOR NO KEY UPDATE OF business
  );
  v_sole := ARRAY(
    SELECT owned.id FROM unnest(v_owned) AS owned (id)
    WHERE NOT EXISTS (
      SELECT FROM business.members other
      WHERE other.business_id = owned.id AND other.role = 'owner' AND other.user_id <> p_user_id)
  );
  IF cardinality(v_sole) > 0 THEN
    RETURN v_sole;
  END IF;
  UPDATE business.businesses business SET owner_id = (
    SELECT other.user_id FROM business.members other
    WHERE other.business_id = business.id AND other.role = 'owner' AND other.user_id <> p_user_id
    ORDER BY other.created_at, other.user_id LIMIT 1)
  WHERE business.owner_id = p_user_id;
  DELETE FROM business.members WHERE user_id = p_user_id;
  UPDATE business.invitations
  SET email = id::text || '@erased.invalid',
    revoked_at = CASE WHEN accepted_at IS NULL THEN coalesce(revoked_at, p_now) END
  WHERE email = p_email;
  UPDATE business.invitations SET revoked_at = p_now
  WHERE invited_by = p_user_id AND accepted_at IS NULL AND revoked_at IS NULL;
  RETURN '{}';
END
$$;
REVOKE ALL ON FUNCTION business.forget_person(uuid, text, timestamptz) FROM PUBLIC;
