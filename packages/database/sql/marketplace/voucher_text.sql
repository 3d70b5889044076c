-- drop: DROP FUNCTION marketplace.voucher_text(uuid, text[], integer);
-- after: i18n/render_text
-- marketplace.voucher_text: what a ready text of a voucher holds, resolved now, for any chain.
CREATE OR REPLACE FUNCTION marketplace.voucher_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(text.body, text.served, text.depth, text.languages)
  FROM marketplace.vouchers v
  CROSS JOIN LATERAL i18n.render_text(
    '{title,description,terms}', ARRAY[v.title_key, v.description_key, v.terms_key], '', v.source_language, p_chain, p_match_length
  ) AS text
  WHERE v.id = p_id
$$;
