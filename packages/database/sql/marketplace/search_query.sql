-- drop: DROP FUNCTION marketplace.search_query(text, text[]);
-- marketplace.search_query: what a person typed, as a query over the `search` words of cards. All words must be
-- found, in one of the languages. A word that no card holds is replaced by those that look most like it
-- (trigrams, then at most one wrong letter in words of up to five, two in longer ones). NULL: nothing to look for.
CREATE OR REPLACE FUNCTION marketplace.search_query(p_text text, p_languages text[]) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg('(' || per_language.query || ')', ' | ')::tsquery
    FROM (
      SELECT string_agg('(' || word.query || ')', ' & ') AS query
      FROM unnest(p_languages || '~'::text) AS reader (language)
      CROSS JOIN LATERAL unnest(i18n.search_tokens(reader.language, left(p_text, 200))) AS token
      CROSS JOIN LATERAL (SELECT substr(token, length(reader.language) + 2) AS lexeme) AS bare
      CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(
          '''' || replace(replace(reader.language || ':' || candidate.word, '\', '\\'), '''', '''''') || '''', ' | '
        ), '''' || replace(replace(token, '\', '\\'), '''', '''''') || '''') AS query
        FROM (
          SELECT known.word FROM marketplace.search_words known
          WHERE known.language_code = reader.language AND known.word = bare.lexeme
          UNION ALL
          (
            SELECT near.word FROM marketplace.search_words near
            WHERE near.language_code = reader.language
              AND length(bare.lexeme) BETWEEN 3 AND 60
              AND near.word OPERATOR(public.%) bare.lexeme
              AND length(near.word) <= 60
              AND public.levenshtein_less_equal(near.word, bare.lexeme, 2) <= CASE WHEN length(bare.lexeme) <= 5 THEN 1 ELSE 2 END
              AND NOT EXISTS (
                SELECT FROM marketplace.search_words exact
                WHERE exact.language_code = reader.language AND exact.word = bare.lexeme
              )
            ORDER BY public.levenshtein(near.word, bare.lexeme), public.similarity(near.word, bare.lexeme) DESC, near.word
            LIMIT 5
          )
        ) AS candidate
      ) AS word
      GROUP BY reader.language
    ) AS per_language
  );
END
$$;
