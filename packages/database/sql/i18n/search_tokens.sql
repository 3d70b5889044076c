-- drop: DROP FUNCTION i18n.search_tokens(text, text);
-- i18n.search_tokens: the words of a text as `<language>:<lexeme>`, stemmed as that language is;
-- the language `~` stands for "as written" (no stemming, no stop words).
CREATE OR REPLACE FUNCTION i18n.search_tokens(p_language text, p_text text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(p_language || ':' || lexeme.word), '{}')
    FROM unnest(tsvector_to_array(to_tsvector(
      coalesce((SELECT l.text_search_config FROM i18n.languages l WHERE l.code = p_language), 'simple')::regconfig,
      public.unaccent(p_text)
    ))) AS lexeme (word)
  );
END
$$;
