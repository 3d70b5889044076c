-- drop: DROP FUNCTION business.is_active(business.businesses);
-- business.is_active: may its offers be claimed and redeemed? The list asks the same of business.public_locations.
CREATE OR REPLACE FUNCTION business.is_active(p_business business.businesses) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT p_business.status = 'verified' AND p_business.deleted_at IS NULL AND p_business.closed_at IS NULL
$$;
REVOKE ALL ON FUNCTION business.is_active(business.businesses) FROM PUBLIC;
