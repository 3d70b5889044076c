-- drop: DROP FUNCTION i18n.ready_texts(text[], text[], text, text);
-- after: i18n/render_text
-- i18n.ready_texts: render_text for every active language at once, keyed by language:
-- [body, served, depth, languages].
CREATE OR REPLACE FUNCTION i18n.ready_texts(
  p_fields text[], p_keys text[], p_prefix text, p_source_language text
) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(
    jsonb_object_agg(language.code, jsonb_build_array(text.body, text.served, text.depth, text.languages)), '{}'
  )
  FROM i18n.languages language
  CROSS JOIN LATERAL i18n.render_text(
    p_fields, p_keys, p_prefix, p_source_language, language.chain, language.match_length
  ) text
  WHERE language.is_active
$$;
