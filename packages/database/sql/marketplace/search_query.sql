-- drop: DROP FUNCTION marketplace.search_query(text, text[]);
-- after: i18n/search_tokens
-- after: marketplace/any_word
-- marketplace.search_query: what a person typed, as a query over the `search` words of cards. All words must be
-- found, in one of the languages, in the default one (shown where theirs is missing) or as written. Only where no
-- language knows them all is each unknown word replaced by those that look most like it (trigrams, then at most one
-- wrong letter in words of up to five, two in longer ones). `query` is NULL where nothing can match; `frequency` is
-- the part of all cards that match, roughly.
CREATE OR REPLACE FUNCTION marketplace.search_query(
  p_text text, p_languages text[], OUT query tsquery, OUT frequency real
) LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_languages constant text[] := p_languages || '~'::text
    || ARRAY(SELECT l.code FROM i18n.languages l WHERE l.is_default AND l.code <> ALL (p_languages));
  v_forgiving boolean;
  v_language text;
  v_lexeme text;
  v_words text[];
  v_frequency real;
  v_all tsquery;
  v_least real;
BEGIN
  frequency := 0;
  FOREACH v_forgiving IN ARRAY '{false,true}'::boolean[] LOOP
    FOREACH v_language IN ARRAY v_languages LOOP
      v_all := NULL;
      v_least := 1;
      FOREACH v_lexeme IN ARRAY i18n.lexemes(v_language, left(p_text, 200)) LOOP
        SELECT array_agg(known.word), sum(known.frequency) INTO v_words, v_frequency
        FROM marketplace.search_words known WHERE known.language_code = v_language AND known.word = v_lexeme;
        IF v_words IS NULL AND v_forgiving AND length(v_lexeme) BETWEEN 3 AND 60 THEN
          SELECT array_agg(near.word), sum(near.frequency) INTO v_words, v_frequency
          FROM (
            SELECT w.word, w.frequency FROM marketplace.search_words w
            WHERE w.language_code = v_language
              AND w.word OPERATOR(public.%) v_lexeme
              AND length(w.word) <= 60
              AND public.levenshtein_less_equal(w.word, v_lexeme, 2) <= CASE WHEN length(v_lexeme) <= 5 THEN 1 ELSE 2 END
            ORDER BY public.levenshtein(w.word, v_lexeme), public.similarity(w.word, v_lexeme) DESC, w.word
            LIMIT 5
          ) AS near;
        END IF;
        IF v_words IS NULL THEN
          v_all := NULL;
          EXIT;
        END IF;
        v_all := coalesce(v_all && marketplace.any_word(v_language, v_words), marketplace.any_word(v_language, v_words));
        v_least := least(v_least, v_frequency);
      END LOOP;
      IF v_all IS NOT NULL THEN
        query := coalesce(query || v_all, v_all);
        frequency := greatest(frequency, v_least);
      END IF;
    END LOOP;
    EXIT WHEN query IS NOT NULL;
  END LOOP;
END
$$;
