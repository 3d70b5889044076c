-- drop: DROP FUNCTION marketplace.voucher_text(uuid, text[], integer);
-- after: i18n/render_text
-- marketplace.voucher_text: all that is shown of a voucher wherever it is valid, for one fallback chain:
-- [inside of a JSON object, deepest place of the chain used, languages used]. `language` is the chain's first.
CREATE OR REPLACE FUNCTION marketplace.voucher_text(p_id uuid, p_chain text[], p_match_length integer) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT jsonb_build_array(
      '"id":"' || v.id || '",' || own.body
        || ',"language":' || coalesce(to_json(p_chain[1])::text, 'null')
        || ',"served":{' || concat_ws(',', own.served, kind.served, merchant.served)
        || '},"discount":{"type":"' || v.discount_type
        || '","value":' || coalesce(
          trim_scale(v.percent_off)::text,
          coalesce(v.amount_off_minor, v.free_item_quantity, v.fixed_price_minor, v.gift_balance_minor)::text
        )
        || ',"capMinor":' || coalesce(v.percent_cap_minor::text, 'null')
        || ',"currency":' || coalesce(to_json(v.currency)::text, 'null')
        || '},"category":{"id":"' || c.id || '","slug":' || to_json(c.slug) || ',' || kind.body
        || '},"business":{"id":"' || b.id || '",' || merchant.body
        || ',"logoUrl":' || coalesce(to_json(b.logo_url)::text, 'null')
        || '},"attribution":' || coalesce(to_json(b.attribution)::text, 'null'),
      greatest(own.depth, kind.depth, merchant.depth),
      ARRAY(
        SELECT DISTINCT language FROM unnest(own.languages || kind.languages || merchant.languages) AS language
        ORDER BY language
      )
    )
    FROM marketplace.vouchers v
    JOIN catalog.categories c ON c.id = v.category_id
    JOIN business.businesses b ON b.id = v.business_id
    CROSS JOIN LATERAL i18n.render_text(
      '{title,description,terms}', ARRAY[v.title_key, v.description_key, v.terms_key], '', v.source_language,
      p_chain, p_match_length
    ) AS own
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[c.name_key], 'category.', c.source_language, p_chain, p_match_length
    ) AS kind
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[b.name_key], 'business.', b.source_language, p_chain, p_match_length
    ) AS merchant
    WHERE v.id = p_id
  );
END
$$;
