-- drop: DROP FUNCTION marketplace.expire_vouchers(timestamptz, integer);
-- after: business/start_of_day
-- marketplace.expire_vouchers: what was published or suspended and whose last day is over at all of its living locations,
-- by their own clocks, is expired; at most p_limit, and how many. One without locations waits for the last place on earth.
-- What another transaction holds is left for the next time.
CREATE OR REPLACE FUNCTION marketplace.expire_vouchers(p_now timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_count integer;
BEGIN
  WITH over AS MATERIALIZED (
    SELECT v.id
    FROM marketplace.vouchers v
    WHERE v.state IN ('published', 'suspended') AND v.deleted_at IS NULL
      -- Nowhere is it a later day than at UTC+14.
      AND v.valid_until < (p_now AT TIME ZONE 'Etc/GMT-14')::date
      AND CASE
        WHEN EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id
        ) THEN NOT EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id AND business.start_of_day(v.valid_until + 1, l.time_zone) > p_now
        )
        ELSE business.start_of_day(v.valid_until + 1, 'Etc/GMT+12') <= p_now
      END
    ORDER BY v.id
    LIMIT p_limit
    FOR NO KEY UPDATE OF v SKIP LOCKED
  )
  UPDATE marketplace.vouchers v SET state = 'expired' FROM over WHERE v.id = over.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION marketplace.expire_vouchers(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.expire_vouchers(timestamptz, integer) TO pika_app;
