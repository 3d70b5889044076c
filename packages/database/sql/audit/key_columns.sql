-- drop: DROP FUNCTION audit.key_columns(regclass);
-- audit.key_columns: the columns of a table's primary key, in its order; NULL without one.
CREATE OR REPLACE FUNCTION audit.key_columns(p_table regclass) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(attribute.attname::text ORDER BY key.ordinal)
  FROM pg_catalog.pg_index index
  CROSS JOIN LATERAL unnest(index.indkey::smallint[]) WITH ORDINALITY AS key (attnum, ordinal)
  JOIN pg_catalog.pg_attribute attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = key.attnum
  WHERE index.indrelid = p_table AND index.indisprimary
$$;
REVOKE ALL ON FUNCTION audit.key_columns(regclass) FROM PUBLIC;
