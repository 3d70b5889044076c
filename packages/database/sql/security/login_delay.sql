-- drop: DROP FUNCTION security.login_delay(bigint, integer, interval);
-- security.login_delay: how long nobody may try again after so many failures: not at all for the first p_free, then 30 s,
-- a minute, two … at most p_max.
CREATE OR REPLACE FUNCTION security.login_delay(p_failures bigint, p_free integer, p_max interval) RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT CASE
    WHEN p_failures < p_free THEN interval '0'
    ELSE least(p_max, interval '30 seconds' * 2 ^ least(p_failures - p_free, 20))
  END
$$;
REVOKE ALL ON FUNCTION security.login_delay(bigint, integer, interval) FROM PUBLIC;
