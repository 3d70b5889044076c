-- drop: DROP FUNCTION i18n.lexemes(text, text);
-- i18n.lexemes: the words of a text, without accents and stemmed as its language is; the language `~` stands for
-- "as written" (no stemming, no stop words).
CREATE OR REPLACE FUNCTION i18n.lexemes(p_language text, p_text text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN tsvector_to_array(to_tsvector(
    coalesce((SELECT l.text_search_config FROM i18n.languages l WHERE l.code = p_language), 'simple')::regconfig,
    public.unaccent(p_text)
  ));
END
$$;
