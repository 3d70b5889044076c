-- drop: DROP FUNCTION marketplace.category_text(uuid, text[], integer);
-- after: i18n/render_text
-- marketplace.category_text: what a ready text of a category holds, resolved now, for any chain.
CREATE OR REPLACE FUNCTION marketplace.category_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(text.body, text.served, text.depth, text.languages)
  FROM catalog.categories c
  CROSS JOIN LATERAL i18n.render_text(
    '{name}', ARRAY[c.name_key], 'category.', c.source_language, p_chain, p_match_length
  ) AS text
  WHERE c.id = p_id
$$;
