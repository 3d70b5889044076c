-- drop: DROP FUNCTION marketplace.render_cards(uuid[], uuid[], double precision[], text[], integer, timestamptz, boolean, uuid);
-- after: business/opening_state
-- after: i18n/ready_depth
-- after: marketplace/instant_text
-- after: marketplace/reasons_not_now
-- after: marketplace/voucher_text
-- marketplace.render_cards: cards, in the order given, as the JSON text of the public answer (the inside of an array),
-- as plain objects or as GeoJSON features, and the languages that were used; whether each can be redeemed is for the person given. The texts lie ready where the reader's
-- chain begins like that of its first language; only what falls back differently is resolved here, by the same
-- function that made the ready ones. A text of depth 1 is all in the chain's first language.
CREATE OR REPLACE FUNCTION marketplace.render_cards(
  p_location_ids uuid[], p_voucher_ids uuid[], p_distances double precision[],
  p_chain text[], p_match_length integer, p_at timestamptz, p_geojson boolean, p_user_id uuid,
  OUT data text, OUT languages text[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_language constant text := p_chain[1];
  v_ready_depth constant integer := i18n.ready_depth(p_chain, p_match_length);
  v_others text[];
  v_is_first_used boolean;
BEGIN
  WITH place AS MATERIALIZED (
    SELECT location.id, location.time_zone, state.is_open,
      to_json(location.latitude)::text AS latitude,
      to_json(location.longitude)::text AS longitude,
      ',"timeZone":"' || location.time_zone
        || '","isOpen":' || coalesce(state.is_open::text, 'null')
        || ',"opensAt":' || coalesce('"' || marketplace.instant_text(state.opens_at) || '"', 'null') AS opening
    FROM (SELECT DISTINCT id FROM unnest(p_location_ids) AS id) AS wanted
    JOIN business.locations location ON location.id = wanted.id
    CROSS JOIN LATERAL business.opening_state(location.id, location.time_zone, location.weekly_hours, p_at) AS state
  ), item AS (
    SELECT row.ordinal, row.voucher_id, place.longitude, place.latitude, text.resolved AS text,
      '{' || (text.resolved ->> 0) || card.facts
        || ',"location":{"id":"' || place.id || '","latitude":' || place.latitude || ',"longitude":' || place.longitude
        || ',"distanceMeters":' || round(row.distance::numeric, 1) || place.opening
        || '},"redeemable":{"now":' || (refusal.reasons = '')::text || ',"reasons":[' || refusal.reasons || ']}}' AS json
    FROM unnest(p_location_ids, p_voucher_ids, p_distances) WITH ORDINALITY AS row (location_id, voucher_id, distance, ordinal)
    JOIN place ON place.id = row.location_id
    JOIN marketplace.cards card ON card.location_id = row.location_id AND card.voucher_id = row.voucher_id
    CROSS JOIN LATERAL marketplace.reasons_not_now(
      row.voucher_id, place.id, place.time_zone, place.is_open, card.valid_from, p_user_id, p_at
    ) AS refusal
    CROSS JOIN LATERAL (SELECT card.texts -> v_language AS text OFFSET 0) AS ready
    CROSS JOIN LATERAL (
      SELECT CASE WHEN (ready.text ->> 1)::integer <= v_ready_depth THEN ready.text
        ELSE marketplace.voucher_text(card.voucher_id, p_chain, p_match_length) END AS resolved
      OFFSET 0
    ) AS text
  )
  SELECT
    string_agg(
      CASE WHEN p_geojson THEN
        '{"type":"Feature","id":"' || item.voucher_id || '","geometry":{"type":"Point","coordinates":['
          || item.longitude || ',' || item.latitude || ']},"properties":' || item.json || '}'
      ELSE item.json END,
      ',' ORDER BY item.ordinal
    ),
    array_agg(item.text ->> 2) FILTER (WHERE item.text ->> 1 <> '1'),
    bool_or(item.text ->> 1 = '1')
  INTO data, v_others, v_is_first_used
  FROM item;

  data := coalesce(data, '');
  IF v_others IS NULL THEN
    languages := CASE WHEN v_is_first_used THEN ARRAY[v_language] ELSE '{}' END;
  ELSE
    languages := ARRAY(
      SELECT used.code
      FROM (
        SELECT v_language AS code WHERE v_is_first_used
        UNION
        SELECT jsonb_array_elements_text(other.codes::jsonb) FROM (SELECT DISTINCT unnest(v_others) AS codes) AS other
      ) AS used
      ORDER BY coalesce(array_position(p_chain, used.code), 1000), used.code COLLATE "C"
    );
  END IF;
END
$$;
