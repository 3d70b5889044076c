-- drop: DROP FUNCTION marketplace.compute_category_cards(uuid[]);
-- marketplace.compute_category_cards: the names of categories as shown beside vouchers.
CREATE OR REPLACE FUNCTION marketplace.compute_category_cards(p_category_ids uuid[]) RETURNS SETOF marketplace.category_cards
LANGUAGE sql STABLE AS $$
  SELECT c.id, c.slug, i18n.ready_texts('{name}', ARRAY[c.name_key], 'category.', c.source_language)
  FROM catalog.categories c
  WHERE c.id = ANY (p_category_ids)
$$;
