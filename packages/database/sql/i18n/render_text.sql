-- drop: DROP FUNCTION i18n.render_text(text[], text[], text, text, text[], integer);
-- i18n.render_text: the texts of one entity for one fallback chain, each field resolved by itself:
-- the chain in order, then the entity's source language, then the default language, then any (by code).
-- `body` and `served` are the inside of JSON objects; `served` names the fields that none of the first
-- `p_match_length` languages of the chain has; `depth` is the deepest place of the chain that was used
-- (1000 and more: beyond the chain). One plain SELECT, so that callers inline it.
CREATE OR REPLACE FUNCTION i18n.render_text(
  p_fields text[], p_keys text[], p_prefix text, p_source_language text, p_chain text[], p_match_length integer
) RETURNS TABLE (body text, served text, depth integer, languages text[])
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    string_agg(to_json(field.name)::text || ':' || coalesce(to_json(best.value)::text, 'null'), ',' ORDER BY field.ordinal),
    string_agg(
      to_json(p_prefix || field.name)::text || ':' || to_json(best.language_code)::text, ',' ORDER BY field.ordinal
    ) FILTER (WHERE best.rank > p_match_length),
    coalesce(max(best.rank), 0)::integer,
    coalesce(array_agg(DISTINCT best.language_code) FILTER (WHERE best.language_code IS NOT NULL), '{}')
  FROM unnest(p_fields, p_keys) WITH ORDINALITY AS field (name, key, ordinal)
  LEFT JOIN LATERAL (
    SELECT t.language_code, t.value,
      coalesce(
        array_position(p_chain, t.language_code),
        CASE
          WHEN t.language_code = p_source_language THEN 1000
          WHEN t.language_code = (SELECT l.code FROM i18n.languages l WHERE l.is_default) THEN 1001
          ELSE 1002
        END
      ) AS rank
    FROM i18n.translations t
    WHERE t.key = field.key
    ORDER BY rank, t.language_code COLLATE "C"
    LIMIT 1
  ) best ON true
$$;
