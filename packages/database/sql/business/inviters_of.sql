-- drop: DROP FUNCTION business.inviters_of(text);
-- business.inviters_of: for identity.erase_person: who invited that address, to whatever business.
CREATE OR REPLACE FUNCTION business.inviters_of(p_email text) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT coalesce(array_agg(DISTINCT invitation.invited_by), '{}')
  FROM business.invitations invitation WHERE invitation.email = p_email AND invitation.invited_by IS NOT NULL
$$;
REVOKE ALL ON FUNCTION business.inviters_of(text) FROM PUBLIC;
