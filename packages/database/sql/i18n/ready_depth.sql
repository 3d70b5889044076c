-- drop: DROP FUNCTION i18n.ready_depth(text[], integer);
-- i18n.ready_depth: how deep a ready text of the chain's first language may have reached to serve this chain:
-- as deep as both chains agree, without limit where they are the same, NULL where nothing lies ready for it.
CREATE OR REPLACE FUNCTION i18n.ready_depth(p_chain text[], p_match_length integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT CASE WHEN l.chain = p_chain THEN 2147483647 ELSE (
      SELECT coalesce(min(place) - 1, least(cardinality(l.chain), cardinality(p_chain)))
      FROM generate_series(1, least(cardinality(l.chain), cardinality(p_chain))) AS place
      WHERE l.chain[place] <> p_chain[place]
    )::integer END
    FROM i18n.languages l
    WHERE p_match_length > 0 AND l.code = p_chain[1] AND l.is_active
  );
END
$$;
