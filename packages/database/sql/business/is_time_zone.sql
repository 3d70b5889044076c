-- drop: ALTER TABLE business.locations DROP CONSTRAINT IF EXISTS locations_time_zone_known; DROP FUNCTION business.is_time_zone(text);
-- business.is_time_zone: whether a text names a zone that PostgreSQL can compute with (an IANA zone).
CREATE OR REPLACE FUNCTION business.is_time_zone(p_name text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM now() AT TIME ZONE p_name;
  RETURN p_name ~ '^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*$';
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END
$$;
ALTER TABLE business.locations DROP CONSTRAINT IF EXISTS locations_time_zone_known;
ALTER TABLE business.locations ADD CONSTRAINT locations_time_zone_known CHECK (business.is_time_zone(time_zone));
