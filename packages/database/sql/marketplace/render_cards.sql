-- drop: DROP FUNCTION marketplace.render_cards(uuid[], uuid[], double precision[], text[], integer, timestamptz, boolean);
-- after: business/opening_state
-- after: i18n/ready_depth
-- after: marketplace/business_text
-- after: marketplace/category_text
-- after: marketplace/instant_text
-- after: marketplace/voucher_text
-- marketplace.render_cards: cards, in the order given, as the JSON text of the public answer (the inside of an array),
-- as plain objects or as GeoJSON features, and the languages that were used. The texts lie ready where the reader's
-- chain begins like that of its first language; only what falls back differently is resolved here, by the same
-- function that made the ready ones.
CREATE OR REPLACE FUNCTION marketplace.render_cards(
  p_location_ids uuid[], p_voucher_ids uuid[], p_distances double precision[],
  p_chain text[], p_match_length integer, p_at timestamptz, p_geojson boolean,
  OUT data text, OUT languages text[]
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
  v_language constant text := p_chain[1];
  v_ready_depth constant integer := i18n.ready_depth(p_chain, p_match_length);
  v_sets text[];
BEGIN
  WITH place AS MATERIALIZED (
    SELECT location.id, location.business_id, state.is_open,
      to_json(location.latitude)::text AS latitude,
      to_json(location.longitude)::text AS longitude,
      ',"timeZone":' || to_json(location.time_zone)::text
        || ',"isOpen":' || coalesce(state.is_open::text, 'null')
        || ',"opensAt":' || coalesce('"' || marketplace.instant_text(state.opens_at) || '"', 'null') AS facts,
      CASE WHEN (business.texts -> v_language ->> 2)::integer <= v_ready_depth THEN business.texts -> v_language
        ELSE marketplace.business_text(location.business_id, p_chain, p_match_length) END AS text,
      coalesce(business.logo_url, 'null') AS logo_url,
      coalesce(business.attribution, 'null') AS attribution
    FROM (SELECT DISTINCT id FROM unnest(p_location_ids) AS id) AS wanted
    JOIN business.locations location ON location.id = wanted.id
    JOIN marketplace.business_cards business ON business.business_id = location.business_id
    CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  ), item AS (
    SELECT row.ordinal, row.voucher_id, place.latitude, place.longitude,
      voucher.text ->> 3 AS voucher_languages, place.text ->> 3 AS business_languages, category.text ->> 3 AS category_languages,
      '{"id":"' || row.voucher_id || '",' || (voucher.text ->> 0)
        || ',"language":' || coalesce(to_json(v_language)::text, 'null')
        || ',"served":{' || concat_ws(',', voucher.text ->> 1, category.text ->> 1, place.text ->> 1) || '},'
        || card.facts
        || ',"category":{"id":"' || card.category_id || '","slug":' || to_json(category.slug)::text || ',' || (category.text ->> 0)
        || '},"business":{"id":"' || place.business_id || '",' || (place.text ->> 0) || ',"logoUrl":' || place.logo_url
        || '},"location":{"id":"' || place.id || '","latitude":' || place.latitude || ',"longitude":' || place.longitude
        || ',"distanceMeters":' || round(row.distance::numeric, 1) || place.facts
        || '},"redeemable":' || CASE
          WHEN card.valid_from > p_at AND NOT place.is_open
            THEN '{"now":false,"reasons":["voucher.notYetValid","location.closed"]}'
          WHEN card.valid_from > p_at THEN '{"now":false,"reasons":["voucher.notYetValid"]}'
          WHEN NOT place.is_open THEN '{"now":false,"reasons":["location.closed"]}'
          ELSE '{"now":true,"reasons":[]}' END
        || ',"attribution":' || place.attribution || '}' AS json
    FROM unnest(p_location_ids, p_voucher_ids, p_distances) WITH ORDINALITY AS row (location_id, voucher_id, distance, ordinal)
    JOIN place ON place.id = row.location_id
    JOIN marketplace.cards card ON card.location_id = row.location_id AND card.voucher_id = row.voucher_id
    CROSS JOIN LATERAL (
      SELECT CASE WHEN (card.texts -> v_language ->> 2)::integer <= v_ready_depth THEN card.texts -> v_language
        ELSE marketplace.voucher_text(card.voucher_id, p_chain, p_match_length) END AS text
      OFFSET 0
    ) AS voucher
    CROSS JOIN LATERAL (
      SELECT c.slug, CASE WHEN (c.texts -> v_language ->> 2)::integer <= v_ready_depth THEN c.texts -> v_language
        ELSE marketplace.category_text(c.category_id, p_chain, p_match_length) END AS text
      FROM marketplace.category_cards c WHERE c.category_id = card.category_id
      OFFSET 0
    ) AS category
  )
  SELECT
    string_agg(
      CASE WHEN p_geojson THEN
        '{"type":"Feature","id":"' || item.voucher_id || '","geometry":{"type":"Point","coordinates":['
          || item.longitude || ',' || item.latitude || ']},"properties":' || item.json || '}'
      ELSE item.json END,
      ',' ORDER BY item.ordinal
    ),
    array_agg(DISTINCT item.voucher_languages) || array_agg(DISTINCT item.business_languages) || array_agg(DISTINCT item.category_languages)
  INTO data, v_sets
  FROM item;

  data := coalesce(data, '');
  languages := ARRAY(
    SELECT used.code
    FROM (SELECT DISTINCT code FROM unnest(v_sets) AS set_text, jsonb_array_elements_text(set_text::jsonb) AS code) AS used
    ORDER BY coalesce(array_position(p_chain, used.code), 1000), used.code COLLATE "C"
  );
END
$$;
