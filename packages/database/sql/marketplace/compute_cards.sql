-- drop: DROP FUNCTION marketplace.compute_cards(uuid[]);
-- after: business/start_of_day
-- after: i18n/search_tokens
-- after: marketplace/grid_cells
-- after: marketplace/instant_text
-- after: marketplace/voucher_text
-- marketplace.compute_cards: the cards that some vouchers should have now. Tests compare the table with this.
-- Only published, living vouchers have cards, one per living location. The local dates of validity become the
-- instants of the location's own zone. Whether the business may be shown is not baked in: it is read.
-- Words are kept in each text's own language; a name in any language, other names of the business included, and a
-- voucher's original texts, also as written.
CREATE OR REPLACE FUNCTION marketplace.compute_cards(p_voucher_ids uuid[]) RETURNS SETOF marketplace.cards
LANGUAGE plpgsql STABLE ROWS 3 AS $$
BEGIN
  RETURN QUERY
  SELECT
    location.id,
    voucher.id,
    voucher.category_id,
    instant.valid_from::timestamptz(3),
    instant.expires_at::timestamptz(3),
    count(*) OVER (PARTITION BY voucher.id) = 1,
    ',"validFrom":"' || marketplace.instant_text(instant.valid_from)
      || '","expiresAt":' || coalesce('"' || marketplace.instant_text(instant.expires_at) || '"', 'null'),
    voucher.texts,
    array_to_tsvector(voucher.tokens || marketplace.grid_cells(location.latitude, location.longitude))
  FROM (
    SELECT v.id, v.business_id, v.category_id, v.valid_from, v.valid_until, ready.texts, words.tokens
    FROM marketplace.vouchers v
    JOIN business.businesses b ON b.id = v.business_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_object_agg(l.code, marketplace.voucher_text(v.id, l.chain, l.match_length)), '{}') AS texts
      FROM i18n.languages l WHERE l.is_active
      OFFSET 0
    ) AS ready
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT token), '{}') AS tokens
      FROM i18n.translations t
      CROSS JOIN LATERAL unnest(
        i18n.search_tokens(t.language_code, t.value)
        || CASE
          WHEN t.key IN (b.name_key, b.other_names_key) OR t.language_code = v.source_language
          THEN i18n.search_tokens('~', t.value)
        END
      ) AS token
      WHERE t.key IN (v.title_key, v.description_key, v.terms_key, b.name_key, b.other_names_key)
      OFFSET 0
    ) AS words
    WHERE v.id = ANY (p_voucher_ids) AND v.state = 'published' AND v.deleted_at IS NULL
  ) AS voucher
  JOIN marketplace.voucher_locations link ON link.voucher_id = voucher.id
  JOIN business.locations location
    ON location.id = link.location_id AND location.business_id = voucher.business_id AND location.deleted_at IS NULL
  CROSS JOIN LATERAL (
    SELECT business.start_of_day(voucher.valid_from, location.time_zone) AS valid_from,
      business.start_of_day(voucher.valid_until + 1, location.time_zone) AS expires_at
  ) AS instant;
END
$$;
