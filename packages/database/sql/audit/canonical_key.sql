-- drop: DROP FUNCTION audit.canonical_key(jsonb);
-- audit.canonical_key: a row's key without any of jsonb's own formatting: hex of the canonical fields name, value, name,
-- value, … in the byte order of the names; values as text.
CREATE OR REPLACE FUNCTION audit.canonical_key(p_key jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT encode(audit.canonical_fields(array_agg(part.text ORDER BY pair.key COLLATE "C", part.ordinal)), 'hex')
  FROM jsonb_each_text(p_key) AS pair
  CROSS JOIN LATERAL (VALUES (1, pair.key), (2, pair.value)) AS part (ordinal, text)
$$;
REVOKE ALL ON FUNCTION audit.canonical_key(jsonb) FROM PUBLIC;
