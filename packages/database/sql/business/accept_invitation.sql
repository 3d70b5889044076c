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
