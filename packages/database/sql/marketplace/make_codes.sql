-- drop: DROP FUNCTION marketplace.make_codes(integer);
-- marketplace.make_codes: up to p_limit more codes of the oldest batch that is not done, and how many. They and the count of
-- what is made commit together, so a batch goes on after a crash as if nothing had been. What another transaction works at
-- is left to it.
-- A code is its prefix, so many characters from a cryptographic source without those that look alike, and one that checks
-- them as the short code of a claim is checked. Twelve characters are the digits of one number below 17 * 30^12: of 63
-- random bits those beyond are thrown away, so that every character is equally likely. Of a code that is there already, by
-- whomever, another is drawn the next time.
CREATE OR REPLACE FUNCTION marketplace.make_codes(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  c_alphabet constant text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  c_numbers constant bigint := 9034497000000000000;
  v_digits text[];
  v_batch marketplace.code_batches;
  v_wanted integer;
  v_made integer;
BEGIN
  SELECT * INTO v_batch FROM marketplace.code_batches batch
  WHERE batch.state IN ('waiting', 'running')
  ORDER BY batch.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  IF NOT EXISTS (
    SELECT FROM marketplace.vouchers v
    WHERE v.id = v_batch.voucher_id AND v.deleted_at IS NULL AND v.state NOT IN ('expired', 'archived')
  ) THEN
    UPDATE marketplace.code_batches SET state = 'failed', finished_at = now() WHERE id = v_batch.id;
    RETURN p_limit;
  END IF;

  v_wanted := least(p_limit, v_batch.requested_count - v_batch.made_count);
  -- Spelt out for this length: an aggregate for each code takes four times as long. Nothing of it was typed by anybody.
  v_digits := ARRAY(
    SELECT format('(number%s / %s %% 30)::integer', place / 12, (30::numeric ^ (place % 12))::bigint)
    FROM generate_series(0, v_batch.length - 1) AS place
  );
  EXECUTE format(
    $query$
      INSERT INTO marketplace.voucher_codes (id, voucher_id, batch_id, kind, code)
      SELECT
        -- A UUID of version 7.
        encode(set_bit(set_bit(overlay(
          uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
        ), 52, 1), 53, 1), 'hex')::uuid,
        $1, $2, $3, $4 || drawn.body || substr($5, 1 + drawn.checked, 1)
      FROM (
        SELECT %s AS body, (31 - (%s) %% 31) %% 31 AS checked
        FROM (
          SELECT
            ('x' || encode(substring(bytes FROM 1 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number0,
            ('x' || encode(substring(bytes FROM 9 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number1,
            ('x' || encode(substring(bytes FROM 17 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number2
          FROM (SELECT public.gen_random_bytes(24) AS bytes FROM generate_series(1, $6) OFFSET 0) AS source
          OFFSET 0
        ) AS numbers
        WHERE greatest(number0, number1, number2) < $7
        OFFSET 0
      ) AS drawn
      WHERE drawn.checked < 30
      LIMIT $8
      ON CONFLICT (code) DO NOTHING
    $query$,
    (SELECT string_agg(format('substr($5, 1 + %s, 1)', digit), ' || ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place)),
    (SELECT string_agg(format('%s * %s', digit, v_batch.length + 2 - place), ' + ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place))
  ) USING v_batch.voucher_id, v_batch.id, v_batch.kind, v_batch.prefix, c_alphabet, v_wanted + v_wanted / 8 + 64, c_numbers,
    v_wanted;
  GET DIAGNOSTICS v_made = ROW_COUNT;

  UPDATE marketplace.code_batches batch
  SET made_count = batch.made_count + v_made,
    state = CASE WHEN batch.made_count + v_made = batch.requested_count THEN 'done' ELSE 'running' END::marketplace.code_batch_state,
    finished_at = CASE WHEN batch.made_count + v_made = batch.requested_count THEN now() END
  WHERE batch.id = v_batch.id;
  RETURN p_limit;
END
$$;
REVOKE ALL ON FUNCTION marketplace.make_codes(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.make_codes(integer) TO pika_app;
