-- drop: DROP FUNCTION marketplace.any_word(text, text[]);
-- marketplace.any_word: "one of these words of a language", for the `search` column of cards.
CREATE OR REPLACE FUNCTION marketplace.any_word(p_language text, p_words text[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg('''' || replace(replace(p_language || ':' || word, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
    FROM unnest(p_words) AS word
  );
END
$$;
