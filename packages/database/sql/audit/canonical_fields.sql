-- drop: DROP FUNCTION audit.canonical_fields(text[]);
-- audit.canonical_fields: each text as its length in bytes of UTF-8 (4 bytes, big end first) and its bytes; NULL as the
-- length -1 alone. No two lists of one length look alike.
CREATE OR REPLACE FUNCTION audit.canonical_fields(p_fields text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(
    coalesce(int4send(octet_length(convert_to(field.value, 'UTF8'))) || convert_to(field.value, 'UTF8'), '\xffffffff'),
    ''::bytea ORDER BY field.ordinal
  )
  FROM unnest(p_fields) WITH ORDINALITY AS field (value, ordinal)
$$;
REVOKE ALL ON FUNCTION audit.canonical_fields(text[]) FROM PUBLIC;
