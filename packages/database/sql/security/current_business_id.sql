-- drop: DROP FUNCTION security.current_business_id();
-- security.current_business_id: the business the transaction acts for; NULL for none, and for one that its person or key
-- does not belong to now. Policies write (SELECT security.current_business_id()), so that it is asked once per statement.
CREATE OR REPLACE FUNCTION security.current_business_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('app.business_id', true) <> ''
    THEN security.acting_business_id(current_setting('app.business_id', true)::uuid) END
$$;
