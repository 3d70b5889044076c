-- drop: DROP FUNCTION marketplace.business_text(uuid, text[], integer);
-- after: i18n/render_text
-- marketplace.business_text: what a ready text of a business holds, resolved now, for any chain.
CREATE OR REPLACE FUNCTION marketplace.business_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(text.body, text.served, text.depth, text.languages)
  FROM business.businesses b
  CROSS JOIN LATERAL i18n.render_text(
    '{name}', ARRAY[b.name_key], 'business.', b.source_language, p_chain, p_match_length
  ) AS text
  WHERE b.id = p_id
$$;
