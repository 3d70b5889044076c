-- drop: DROP FUNCTION security.current_business_id();
-- security.current_business_id: the business the transaction acts for; NULL for none. The application sets it only for
-- members and keys of that business.
CREATE OR REPLACE FUNCTION security.current_business_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.business_id', true), '')::uuid
$$;
