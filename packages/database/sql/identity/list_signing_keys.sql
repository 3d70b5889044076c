-- drop: DROP FUNCTION identity.list_signing_keys();
-- identity.list_signing_keys: every key, oldest first, its private half as it is kept: encrypted under a key from the
-- environment of the identity app.
CREATE OR REPLACE FUNCTION identity.list_signing_keys() RETURNS SETOF identity.signing_keys
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT signing.* FROM identity.signing_keys signing ORDER BY signing.active_from, signing.kid
$$;
REVOKE ALL ON FUNCTION identity.list_signing_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.list_signing_keys() TO pika_app;
