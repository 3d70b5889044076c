-- drop: DROP FUNCTION marketplace.compute_business_cards(uuid[]);
-- marketplace.compute_business_cards: what stands about a business beside each of its vouchers.
CREATE OR REPLACE FUNCTION marketplace.compute_business_cards(p_business_ids uuid[]) RETURNS SETOF marketplace.business_cards
LANGUAGE sql STABLE AS $$
  SELECT b.id, to_json(b.attribution)::text, to_json(b.logo_url)::text,
    i18n.ready_texts('{name}', ARRAY[b.name_key], 'business.', b.source_language)
  FROM business.businesses b
  WHERE b.id = ANY (p_business_ids)
$$;
