-- drop: DROP FUNCTION marketplace.refresh_word_frequencies();
-- marketplace.refresh_word_frequencies: copies what ANALYZE learnt of the commonest words of cards to where a search
-- can look it up; says how many changed by more than a fifth. Only speed depends on it: a common word is looked for
-- near the point first, a rare one in the word index.
CREATE OR REPLACE FUNCTION marketplace.refresh_word_frequencies() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_changed integer;
BEGIN
  WITH common AS (
    SELECT split_part(element.token, ':', 1) AS language_code,
      substr(element.token, strpos(element.token, ':') + 1) AS word,
      stats.most_common_elem_freqs[element.ordinal] AS frequency
    FROM pg_stats stats
    CROSS JOIN LATERAL unnest(stats.most_common_elems::text::text[]) WITH ORDINALITY AS element (token, ordinal)
    WHERE stats.schemaname = 'marketplace' AND stats.tablename = 'cards' AND stats.attname = 'search'
      AND left(element.token, 1) <> '@'
  )
  UPDATE marketplace.search_words known
  SET frequency = coalesce(common.frequency, 0)
  FROM marketplace.search_words old
  LEFT JOIN common USING (language_code, word)
  WHERE known.language_code = old.language_code AND known.word = old.word
    AND (old.frequency > 0 OR common.frequency IS NOT NULL)
    AND abs(old.frequency - coalesce(common.frequency, 0)) > 0.2 * old.frequency;
  GET DIAGNOSTICS v_changed = ROW_COUNT;
  RETURN v_changed;
END
$$;
REVOKE ALL ON FUNCTION marketplace.refresh_word_frequencies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.refresh_word_frequencies() TO pika_app;
