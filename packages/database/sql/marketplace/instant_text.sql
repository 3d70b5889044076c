-- drop: DROP FUNCTION marketplace.instant_text(timestamptz);
-- marketplace.instant_text: an instant as RFC 3339 in UTC, to the second.
CREATE OR REPLACE FUNCTION marketplace.instant_text(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
