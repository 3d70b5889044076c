-- drop: DROP FUNCTION marketplace.list_token_keys();
-- marketplace.list_token_keys: every key that signs voucher tokens, oldest first, its private half as it is kept: encrypted
-- under a key from the environment of the vouchers app.
CREATE OR REPLACE FUNCTION marketplace.list_token_keys() RETURNS SETOF marketplace.token_keys
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT signing.* FROM marketplace.token_keys signing ORDER BY signing.active_from, signing.kid
$$;
REVOKE ALL ON FUNCTION marketplace.list_token_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_token_keys() TO pika_app;
