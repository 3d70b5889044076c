-- drop: DROP FUNCTION i18n.search_tokens(text, text);
-- after: i18n/lexemes
-- i18n.search_tokens: the lexemes of a text as `<language>:<lexeme>`.
CREATE OR REPLACE FUNCTION i18n.search_tokens(p_language text, p_text text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY(SELECT p_language || ':' || lexeme FROM unnest(i18n.lexemes(p_language, p_text)) AS lexeme);
END
$$;
