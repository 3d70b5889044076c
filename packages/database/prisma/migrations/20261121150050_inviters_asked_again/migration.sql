SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- sql/business/accept_invitation.sql
-- drop: DROP FUNCTION business.accept_invitation(bytea, timestamptz);
-- business.accept_invitation: makes the transaction's person a member by an invitation to their verified e-mail address,
-- once; who accepted it before is told so again. An invitation never takes away what a member is already, and is as good as
-- who made it: an active person who may still invite to that role. It returns a refusal instead of raising it: `expired`,
-- `emailNotVerified`, and `unknown` for all that is not this person's business.
CREATE OR REPLACE FUNCTION business.accept_invitation(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (verdict text, business_id uuid, role business.member_role)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
  v_user_id uuid := security.current_user_id();
  v_invitation business.invitations;
  v_role business.member_role;
BEGIN
  SELECT invitation.* INTO v_invitation FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  JOIN users.users person ON person.id = v_user_id AND person.email = invitation.email AND person.state = 'active'
  WHERE invitation.token_hash = p_token_hash AND invitation.revoked_at IS NULL
  FOR NO KEY UPDATE OF invitation;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;
  SELECT member.role INTO v_role FROM business.members member
  WHERE member.business_id = v_invitation.business_id AND member.user_id = v_user_id;
  IF v_invitation.accepted_at IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_role IS NULL THEN 'unknown' ELSE 'accepted' END, v_invitation.business_id, v_role;
    RETURN;
  END IF;

  -- The locks make wait who demotes, removes or suspends the inviter.
  PERFORM FROM business.businesses business
  JOIN users.users inviter ON inviter.id = v_invitation.invited_by AND inviter.state = 'active'
  WHERE business.id = v_invitation.business_id AND business.owner_id = inviter.id
  FOR SHARE;
  IF NOT FOUND THEN
    PERFORM FROM business.members member
    JOIN users.users inviter ON inviter.id = member.user_id AND inviter.state = 'active'
    WHERE member.business_id = v_invitation.business_id AND member.user_id = v_invitation.invited_by
      AND (member.role = 'owner' OR member.role = 'manager' AND v_invitation.role = 'redeemer')
    FOR SHARE;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::business.member_role;
      RETURN;
    END IF;
  END IF;
  IF v_invitation.expires_at <= p_now THEN
    RETURN QUERY SELECT 'expired', NULL::uuid, NULL::business.member_role;
    RETURN;
  ELSIF NOT EXISTS (
    SELECT FROM identity.credentials credential
    WHERE credential.user_id = v_user_id AND credential.email_verified_at IS NOT NULL
  ) THEN
    RETURN QUERY SELECT 'emailNotVerified', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;

  UPDATE business.invitations SET accepted_at = p_now WHERE id = v_invitation.id;
  INSERT INTO business.members AS member (business_id, user_id, role)
  VALUES (v_invitation.business_id, v_user_id, v_invitation.role)
  ON CONFLICT (business_id, user_id) DO UPDATE SET role = excluded.role WHERE member.role > excluded.role;
  RETURN QUERY SELECT 'accepted', v_invitation.business_id, least(v_role, v_invitation.role);
END
$$;
REVOKE ALL ON FUNCTION business.accept_invitation(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.accept_invitation(bytea, timestamptz) TO pika_app;
-- end

-- sql/business/forget_person.sql
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
-- end

-- sql/identity/start_impersonation.sql
-- drop: DROP FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz);
-- after: identity/claims_of
-- identity.start_impersonation: a session in which the transaction's operator acts as somebody, with what an access token
-- says of that person. No row for who may not log in; for operators `is_operator`, without a session. The locks make wait
-- who suspends either of them or takes the operator's role away, and find the session.
CREATE OR REPLACE FUNCTION identity.start_impersonation(
  p_session_id uuid, p_user_id uuid, p_reason text, p_now timestamptz, p_expires_at timestamptz
) RETURNS TABLE (is_operator boolean, businesses jsonb, language_code text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_roles text[];
BEGIN
  PERFORM FROM users.users person WHERE person.id IN (p_user_id, security.current_user_id()) ORDER BY person.id FOR SHARE;
  -- An access token says what its person was when it was issued.
  IF NOT EXISTS (SELECT FROM identity.claims_of(security.current_user_id()) own WHERE own.roles && '{support,admin}') THEN
    RAISE EXCEPTION 'operators alone act as others' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT own.roles, own.businesses, own.language_code INTO v_roles, businesses, language_code
  FROM identity.claims_of(p_user_id) own;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  is_operator := cardinality(v_roles) > 0;
  IF NOT is_operator THEN
    INSERT INTO identity.sessions (id, user_id, impersonated_by, impersonation_reason, created_at, last_used_at, expires_at)
    VALUES (p_session_id, p_user_id, security.current_user_id(), p_reason, p_now, p_now, p_expires_at);
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) TO pika_support;
-- end
