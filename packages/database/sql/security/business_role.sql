-- drop: DROP FUNCTION security.business_role();
-- security.business_role: what the transaction's person is, at this moment, in the business it acts for; NULL for a
-- stranger, and for keys.
CREATE OR REPLACE FUNCTION security.business_role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END
  FROM business.businesses business
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE business.id = nullif(current_setting('app.business_id', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION security.business_role() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.business_role() TO pika_app;
