-- drop: DROP FUNCTION identity.own_claims();
-- after: identity/claims_of
-- identity.own_claims: what an access token says of the person the transaction acts for; no row for who may not log in.
CREATE OR REPLACE FUNCTION identity.own_claims()
RETURNS TABLE (roles text[], businesses jsonb, language_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT own.roles, own.businesses, own.language_code FROM identity.claims_of(security.current_user_id()) own
$$;
REVOKE ALL ON FUNCTION identity.own_claims() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.own_claims() TO pika_app;
