-- drop: DROP FUNCTION business.invitation_to_send(uuid, timestamptz);
-- business.invitation_to_send: to whom an invitation that is open goes, in which language if they are known and have
-- chosen one, and the name of the business in its own language; for who sends the mail.
CREATE OR REPLACE FUNCTION business.invitation_to_send(p_id uuid, p_now timestamptz)
RETURNS TABLE (email text, language_code text, business_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT invitation.email, person.language_code, name.value
  FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  LEFT JOIN users.users person ON person.email = invitation.email AND person.state = 'active'
  LEFT JOIN i18n.translations name ON name.key = business.name_key AND name.language_code = business.source_language
  WHERE invitation.id = p_id AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
    AND invitation.expires_at > p_now
$$;
REVOKE ALL ON FUNCTION business.invitation_to_send(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.invitation_to_send(uuid, timestamptz) TO pika_app;
